"""A five-field cron expression to rules, and back to one canonical text.

The semantics are those of Debian/Vixie cron: when both day fields are
restricted, either one matches; a day field that *starts with* `*` counts as
unrestricted, and then both must match (crontab(5); cron's entry.c tests only
the first character). A weekday that starts with `&` (an extension) must match
together with the day, too. A recurrence follows elapsed time when its minute or hour
field starts with `*`, else the wall clock. Several expressions may be joined by
`|` (an extension): they come whenever one of them does.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import TYPE_CHECKING

from ncp.cron import fields, unions
from ncp.cron.fields import DAY, FIELDS, HOUR, MINUTE, MONTH, WEEKDAY, Field, Values
from ncp.errors import ExpressionError
from ncp.model import LAST_DAY, Recurrence, Rule

if TYPE_CHECKING:
    from ncp.model import Follows

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_NAMES = "|".join((*fields.MONTHS, *fields.WEEKDAYS, "l"))
_FIELD = re.compile(rf"(?:\d|[,/#&-]|\b(?:{_NAMES})\b|(?<=\d)l)+")
LONGEST_TEXT, SHOWN = 1000, 80
"""Characters of an expression that are read, and that an error shows."""
LEAP_YEAR = 2024
LONGEST = {month: monthrange(LEAP_YEAR, month)[1] for month in range(1, 13)}


def looks_like_cron(text: str) -> bool:
    """Tell whether somebody meant a cron expression rather than words.

    A macro, anything with a star, several pieces that all look like fields, or
    five of which most do: its mistakes deserve to be named by field.
    """
    if unions.SIGN in text:
        return all(map(looks_like_cron, text.split(unions.SIGN)))
    pieces = text.split()
    likely = sum(_FIELD.fullmatch(piece.lower()) is not None for piece in pieces)
    return (
        text.lstrip().startswith("@")
        or "*" in text
        or (4 <= likely == len(pieces) and any(c.isdigit() for c in text))
        or (len(pieces) == len(FIELDS) and likely >= 3)
    )


@lru_cache(maxsize=4096)
def parse(text: str) -> Recurrence:
    """Read an expression, a macro or a union; ExpressionError says what to write instead."""
    try:
        parts = text.split(unions.SIGN)
        if len(parts) > 1:
            return unions.joined([parse(part) for part in parts], canonical, parse)
        return _recurrence(*(fields.parse(f, t) for f, t in _split(text)))
    except ExpressionError as error:
        where = f'"{_visible(text)}"' + (f", {error.where}" if error.where else "")
        raise ExpressionError(error.what, where=where, next_step=error.next_step) from None


def alternatives(recurrence: Recurrence) -> tuple[Recurrence, ...]:
    """Take a union apart, in the order of its text and without its interval."""
    return tuple(parse(part) for part in recurrence.cron.split(f" {unions.SIGN} ") if part)


def _visible(text: str) -> str:
    more = "…" if len(text) > SHOWN else ""
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:SHOWN])
    return "".join(shown) + more


def _split(text: str) -> list[tuple[Field, str]]:
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(
            f"This has {len(text)} characters; {LONGEST_TEXT} are the most.",
            next_step='Write for example "0 9 * * 1-5".',
        )
    for character in text:
        if not (" " <= character <= "~" or character == "\t"):
            raise ExpressionError(
                f"The character {character!a} does not belong in a cron expression.",
                next_step="Use printable ASCII, with the five fields separated by blanks.",
            )
    pieces = _expand(text.strip(" \t")).split()
    if len(pieces) != len(FIELDS):
        raise ExpressionError(
            f"This has {len(pieces)} fields; a cron expression has five: "
            "minute hour day-of-month month day-of-week.",
            next_step='Write for example "0 9 * * 1-5".',
        )
    return list(zip(FIELDS, pieces, strict=True))


def _expand(text: str) -> str:
    if not text.startswith("@"):
        return text
    if text.lower() == "@reboot":
        raise ExpressionError(
            "@reboot is an event, not a time, so no scheduler slot belongs to it.",
            next_step="Use a systemd service or a launchd agent that starts at boot, "
            "or a schedule such as @daily.",
        )
    if text.lower() not in MACROS:
        raise ExpressionError(
            f"{text} is not a macro.", next_step=f"The macros are {', '.join(MACROS)}."
        )
    return MACROS[text.lower()]


def _recurrence(
    minute: Values, hour: Values, day: Values, month: Values, weekday: Values
) -> Recurrence:
    follows: Follows = "elapsed" if minute.starred or hour.starred else "wall"
    both = day.starred or weekday.starred
    days, weekdays = _restricted(DAY, day.values), _restricted(WEEKDAY, weekday.values)
    if not both and (days is None or weekdays is None):
        days = weekdays = None
    if both or days is None or weekdays is None:
        choices = [(days, weekdays)]
    else:
        choices = [(days, None), (None, weekdays)]
    months = _restricted(MONTH, month.values)
    choices = [(d, w) for d, w in choices if _comes(d, months, w)]
    if not choices:
        raise ExpressionError(
            "This date never comes.",
            where="day-of-month and month fields",
            next_step='Write for example "0 0 28 2 *", or "0 0 L 2 *" for the last day.',
        )
    rules = tuple(
        Rule(
            minutes=_restricted(MINUTE, minute.values),
            hours=_restricted(HOUR, hour.values),
            days=d,
            months=months,
            weekdays=w,
            follows=follows,
        )
        for d, w in choices
    )
    return Recurrence(rules=rules, cron=canonical(rules))


def _restricted(field: Field, values: frozenset[int]) -> tuple[int, ...] | None:
    return None if values >= field.everything else tuple(sorted(values))


def _comes(
    days: tuple[int, ...] | None, months: tuple[int, ...] | None, weekdays: tuple[int, ...] | None
) -> bool:
    """Tell whether any date of the 400-year calendar matches."""
    return any(
        day_matches(days, weekdays, day=day, weekday=weekday, length=length)
        for month in (months or range(1, 13))
        for length in ({28, 29} if month == 2 else {LONGEST[month]})
        for day in range(1, length + 1)
        for weekday in range(7)
    )


def day_matches(
    days: tuple[int, ...] | None,
    weekdays: tuple[int, ...] | None,
    *,
    day: int,
    weekday: int,
    length: int,
) -> bool:
    """Tell whether a day of a month of `length` days satisfies both day fields of one rule.

    `weekday` is 0 (Sunday) to 6.
    """
    if days is not None and day not in days and not (LAST_DAY in days and day == length):
        return False
    return (
        weekdays is None
        or weekday in weekdays
        or weekday + 7 * ((day + 6) // 7) in weekdays
        or (day + 7 > length and weekday + 7 * fields.LAST_WEEK in weekdays)
    )


def canonical(rules: tuple[Rule, ...]) -> str:
    """Write the one text of the rules of one expression, as `parse` makes them."""
    first = rules[0]
    minute, hour = _time_text(first)
    if len(rules) > 1:
        day, weekday = _plain(DAY, first.days), _plain(WEEKDAY, rules[1].weekdays)
    else:
        day, weekday = _day_text(first)
    return f"{minute} {hour} {day} {_plain(MONTH, first.months)} {weekday}"


def _set(field: Field, values: tuple[int, ...] | None) -> frozenset[int]:
    return field.everything if values is None else frozenset(values)


def _plain(field: Field, values: tuple[int, ...] | None) -> str:
    return "*" if values is None else fields.plain(field, frozenset(values))


def _time_text(rule: Rule) -> tuple[str, str]:
    minutes, hours = _set(MINUTE, rule.minutes), _set(HOUR, rule.hours)
    texts = fields.plain(MINUTE, minutes), fields.plain(HOUR, hours)
    if rule.follows == "wall":
        return texts
    minute, hour = (
        fields.starred(f, v, exactly=True) for f, v in ((MINUTE, minutes), (HOUR, hours))
    )
    if minute is None and hour is None:
        minute = fields.starred(MINUTE, minutes, exactly=False)
        hour = None if minute else fields.starred(HOUR, hours, exactly=False)
    return minute or texts[0], hour or texts[1]


def _day_text(rule: Rule) -> tuple[str, str]:
    """Write the day fields of one rule; where both are restricted, one starts with `*` or `&`."""
    if rule.days is None or rule.weekdays is None:
        even = (
            None if rule.days is None else fields.starred(DAY, frozenset(rule.days), exactly=True)
        )
        few = rule.days is not None and len(rule.days) < 3
        return (even if even and not few else _plain(DAY, rule.days)), _plain(
            WEEKDAY, rule.weekdays
        )
    days, weekdays = frozenset(rule.days), frozenset(rule.weekdays)
    for exactly in (True, False):
        day = fields.starred(DAY, days, exactly=exactly)
        if day:
            return day, fields.plain(WEEKDAY, weekdays)
        weekday = fields.starred(WEEKDAY, weekdays, exactly=exactly)
        if weekday:
            return fields.plain(DAY, days), weekday
    return fields.plain(DAY, days), f"{fields.AND}{fields.plain(WEEKDAY, weekdays)}"
