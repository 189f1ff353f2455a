"""Rules to the five fields of one crontab line that wakes at all of them.

One line is one conjunction of minutes, hours and months, and two day fields
that are joined by "or", or by "and" where one starts with `*` (crontab(5)).
What cron cannot say is widened: `L` to the days that can be the last, an nth
weekday to that weekday, or Sunday, within seven days.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.cron import fields
from ncp.cron.fields import DAY, HOUR, MINUTE, MONTH, WEEKDAY
from ncp.model import LAST_DAY
from ncp.targets.zones import possible_last_days, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ncp.cron.fields import Field
    from ncp.model import Rule

SUNDAY = 0
DAYS_PER_YEAR = {DAY: 12, WEEKDAY: 52}
"""How many days a year one more value of a day field costs."""


def says(rules: Iterable[Rule]) -> bool:
    """Tell whether cron's own grammar can say these rules."""
    return not any(
        LAST_DAY in (rule.days or ())
        or any(code not in WEEKDAY.everything for code in rule.weekdays or ())
        or _needs_and(rule)
        for rule in rules
    )


def _needs_and(rule: Rule) -> bool:
    """Tell whether both days must match and neither field can start with the `*` that says so."""
    if rule.days is None or rule.weekdays is None:
        return False
    days, weekdays = frozenset(rule.days), frozenset(rule.weekdays)
    pairs = ((DAY, days), (WEEKDAY, weekdays))
    return all(fields.starred(field, some, exactly=False) is None for field, some in pairs)


def cover(rules: Sequence[Rule]) -> str:
    """Write the five fields of a line that wakes whenever one of the rules is due.

    A line whose minute or hour starts with `*` wakes in both passes of a
    repeated hour (cron(8)); it is made so where a rule follows "elapsed".
    """
    ordinary = [part for rule in rules for part in spread(_without_last(rule))]
    minutes = _union(ordinary, MINUTE, lambda rule: rule.minutes)
    hours = _union(ordinary, HOUR, lambda rule: rule.hours)
    elapsed = any(rule.follows == "elapsed" for rule in rules)
    minute, hour = _starred_time(minutes, hours) if elapsed else _plain_time(minutes, hours)
    months = _union(ordinary, MONTH, lambda rule: rule.months)
    day, weekday = _day_fields(ordinary)
    return f"{minute} {hour} {day} {_text(MONTH, months)} {weekday}"


def _without_last(rule: Rule) -> Rule:
    if rule.days is None or LAST_DAY not in rule.days:
        return rule
    days = set(rule.days) - {LAST_DAY} | possible_last_days(rule.months)
    return replace(rule, days=tuple(sorted(days)))


def _union(
    rules: Iterable[Rule], field: Field, of: Callable[[Rule], tuple[int, ...] | None]
) -> frozenset[int]:
    return frozenset().union(*(field.everything if of(r) is None else of(r) or () for r in rules))


def _text(field: Field, values: frozenset[int]) -> str:
    return "*" if values >= field.everything else fields.plain(field, values)


def _plain_time(minutes: frozenset[int], hours: frozenset[int]) -> tuple[str, str]:
    return fields.plain(MINUTE, minutes), fields.plain(HOUR, hours)


def _starred_time(minutes: frozenset[int], hours: frozenset[int]) -> tuple[str, str]:
    """Write minute and hour so that one starts with `*`, at the least number of wake-ups."""
    minute, many = _starred(MINUTE, minutes)
    hour, long = _starred(HOUR, hours)
    if len(many) * len(hours) <= len(minutes) * len(long):
        return minute, _text(HOUR, hours)
    return _text(MINUTE, minutes), hour


def _starred(field: Field, values: frozenset[int]) -> tuple[str, frozenset[int]]:
    """Write a set with a leading star; the first and the last value make one possible."""
    text = fields.starred(field, values, exactly=False)
    if text is not None:
        return text, values
    wider = values | {field.low, field.high}
    return fields.starred(field, wider, exactly=False) or "*", wider


def _day_fields(rules: Sequence[Rule]) -> tuple[str, str]:
    """Write both day fields for rules without `L` and without nth weekdays."""
    if any(rule.days is None and rule.weekdays is None for rule in rules):
        return "*", "*"
    days = _values(rule.days for rule in rules if rule.weekdays is None)
    weekdays = _values(rule.weekdays for rule in rules if rule.days is None)
    both = [rule for rule in rules if rule.days is not None and rule.weekdays is not None]
    if both and not days and not weekdays:
        return _both(_values(r.days for r in both), _values(r.weekdays for r in both))
    return _either(days, weekdays, both)


def _values(sets: Iterable[tuple[int, ...] | None]) -> frozenset[int]:
    return frozenset(value for values in sets for value in values or ())


def _both(days: frozenset[int], weekdays: frozenset[int]) -> tuple[str, str]:
    """Write "day and weekday", which one of them starting with `*` means."""
    day = fields.starred(DAY, days, exactly=False)
    if day is not None:
        return day, fields.plain(WEEKDAY, weekdays)
    weekday = fields.starred(WEEKDAY, weekdays, exactly=False)
    return fields.plain(DAY, days), weekday or _with_sunday(weekdays)


def _with_sunday(weekdays: frozenset[int]) -> str:
    """`*/7` is Sunday alone, so adding it gives any set its star."""
    return fields.starred(WEEKDAY, weekdays | {SUNDAY}, exactly=False) or "*"


def _either(
    days: frozenset[int], weekdays: frozenset[int], both: Sequence[Rule]
) -> tuple[str, str]:
    """Write "day or weekday"; what needs both is widened to the cheaper one of them."""
    choices = (
        (days | _values(rule.days for rule in both), weekdays),
        (days, weekdays | _values(rule.weekdays for rule in both)),
    )
    days, weekdays = min(choices, key=_cost)
    if days >= DAY.everything or weekdays >= WEEKDAY.everything:
        return "*", "*"
    return fields.plain(DAY, days) or "*", fields.plain(WEEKDAY, weekdays) or "*"


def _cost(choice: tuple[frozenset[int], frozenset[int]]) -> int:
    days, weekdays = choice
    return len(days) * DAYS_PER_YEAR[DAY] + len(weekdays) * DAYS_PER_YEAR[WEEKDAY]
