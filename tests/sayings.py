"""Schedules in words with their meaning, made from the grammar in docs/schedules.md.

Each production makes a text and says by itself on which dates and at which minutes
of the day it is due, with plain calendar arithmetic: nothing here asks ncp.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

Days = Callable[[date], bool]
NOW = datetime(2026, 11, 20, 8, 0)  # noqa: DTZ001  a label on a wall clock; the zone is UTC
"""A Friday."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
RANKS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
PARTS = {"morning": 9, "afternoon": 14, "evening": 18}
HOURS_OF = {"morning": range(1, 12), "afternoon": range(12, 18), "evening": range(17, 24)}


@dataclass(frozen=True)
class Saying:
    """A text, and when it is due: on such dates at such minutes, every so often, or once."""

    text: str
    due: tuple[tuple[Days, frozenset[int]], ...] = ()
    every: tuple[str, int] | None = None
    at: datetime | None = None


def number(source: Random, value: int) -> str:
    """Write a number in digits or in words, up to ninety-nine."""
    if value > 99 or source.random() < 0.6:
        return str(value)
    if value < 20:
        return ONES[value - 1]
    tens, ones = divmod(value, 10)
    return TENS[tens - 2] + (source.choice("- ") + ONES[ones - 1] if ones else "")


def rank(source: Random, value: int) -> str:
    """Write a rank: 21st, twenty-first."""
    if source.random() < 0.5:
        teens = value in {11, 12, 13}
        return f"{value}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"
    if value <= 20:
        return RANKS[value - 1]
    if value == 30:
        return "thirtieth"
    return f"{TENS[value // 10 - 2]}-{RANKS[value % 10 - 1]}"


def listed(source: Random, items: list[str], *more: str) -> str:
    """Join with commas and "and"."""
    *head, last = items
    return source.choice([", ", *more]).join(head) + f" and {last}" if head else last


def named(source: Random, names: tuple[str, ...], index: int, *, plural: bool = False) -> str:
    """Write a name or its first three letters, in any case."""
    name = source.choice([names[index], names[index], names[index][:3]])
    if plural and name == names[index] and source.random() < 0.4:
        name += "s"
    return source.choice([name, name, name.capitalize(), name.upper()])


# ---- times of day ----


def clock12(source: Random) -> tuple[str, int]:  # noqa: PLR0911  a table of forms
    """Write a time with its half of the day."""
    hour, minute = source.randrange(24), source.choice([0, 0, 0, 5, 15, 30, 45, 59])
    half, shown = "pm" if hour >= 12 else "am", (hour + 11) % 12 + 1
    sort = source.randrange(8)
    if sort == 0 and hour in {0, 12}:
        return {0: "midnight", 12: source.choice(["noon", "midday", "12 noon"])}[hour], hour * 60
    if sort == 1:
        return f"half past {source.choice([str(shown), ONES[shown - 1]])} {half}", hour * 60 + 30
    if sort == 2:
        return f"quarter to {shown}{half}", (hour * 60 - 15) % 1440
    if sort == 3:
        past = source.choice([5, 10, 20, 25])
        return f"{number(source, past)} {source.choice(['', 'minutes '])}past {shown}{half}", (
            hour * 60 + past
        )
    if sort == 4:
        part = next((name for name, hours in HOURS_OF.items() if hour in hours), None)
        if part and shown != 12:
            tail = f":{minute:02}" if minute else ""
            return f"{shown}{tail} in the {part}", hour * 60 + minute
    if sort == 5:
        return f"{shown} o'clock {half}", hour * 60
    if not minute:
        return source.choice([f"{shown}{half}", f"{shown} {half}", f"{shown}:00{half}"]), hour * 60
    sign = source.choice(":.")
    half = source.choice([half, f" {half}", f" {half[0]}.m."])
    return f"{shown}{sign}{minute:02}{half}", hour * 60 + minute


def clock24(source: Random) -> tuple[str, int]:  # noqa: PLR0911  a table of forms
    """Write a time without a half of the day: an hour from 0 to 23."""
    hour, minute = source.randrange(24), source.choice([0, 0, 5, 15, 30, 45, 59])
    at = hour * 60 + minute
    sort = source.randrange(7)
    if sort == 0:
        return f"{hour:02}{minute:02}", at
    if sort == 1:
        return f"{hour}h{minute:02}", at
    if sort == 2:
        return f"{hour}h", hour * 60
    if sort == 3 and 1 <= hour <= 11:
        return f"half past {source.choice([str(hour), ONES[hour - 1]])}", hour * 60 + 30
    if sort == 4 and hour:
        return f"{source.choice([str(hour), number(source, hour)])} o'clock", hour * 60
    if sort == 5:
        return str(hour), hour * 60
    return f"{hour}:{minute:02}", at


def clocks(source: Random, many: int) -> tuple[list[str], list[int]]:
    """Write times of one family: those with halves of the day, or those without."""
    write = source.choice([clock12, clock24])
    found = [write(source) for _ in range(many)]
    return [text for text, _ in found], [minute for _, minute in found]


def at_times(source: Random, many: int | None = None) -> tuple[str, frozenset[int]]:
    """Write `at 9am and 5pm`."""
    texts, minutes = clocks(source, many or source.choice([1, 1, 1, 2, 3]))
    head = source.choice(["at", "at", "@"])
    return f"{head} {listed(source, texts)}", frozenset(minutes)


# ---- days ----


def on(*weekdays: int) -> Days:
    """Tell dates of these weekdays, 0 for Monday."""
    return lambda day: day.weekday() in weekdays


def always(day: date) -> bool:
    """Tell any date."""
    return day is not None


def both(one: Days, other: Days) -> Days:
    """Tell dates that both tell."""
    return lambda day: one(day) and other(day)


def last_of(day: date) -> bool:
    """Tell the last day of a month."""
    return day.day == monthrange(day.year, day.month)[1]


def weekly(source: Random) -> tuple[str, Days]:
    """Write days of the week: a list, a range, a group."""
    sort = source.randrange(5)
    if sort == 0:
        first, last = source.sample(range(7), 2)
        span = range(first, last + 1 + 7 * (last < first))
        names = [named(source, WEEKDAYS, i) for i in (first, last)]
        text = source.choice([" to ", "-", " - ", " through "]).join(names)
        return source.choice(["", "from ", "every "]) + text, on(*(i % 7 for i in span))
    if sort == 1:
        head = source.choice(["on ", ""])
        words = source.choice(["weekdays", "workdays", "business days", "working days"])
        return source.choice([head + words, "every weekday", "each business day"]), on(*range(5))
    if sort == 2:
        return source.choice(["weekends", "every weekend", "on weekends"]), on(5, 6)
    chosen = source.sample(range(7), source.choice([1, 1, 2, 2, 3]))
    head = source.choice(["", "on ", "every ", "each "])
    plural = source.random() < 0.4
    names = [named(source, WEEKDAYS, i, plural=plural and head in {"", "on "}) for i in chosen]
    return head + listed(source, names, "/", " "), on(*chosen)


def monthly(source: Random) -> tuple[str, Days]:
    """Write days of the month: by rank, by weekday, the last one."""
    sort = source.randrange(6)
    tail = source.choice(["", " of the month", " of every month", " of each month"])
    if sort == 0:
        text = source.choice(["last day of the month", "on the last day of the month"])
        return source.choice([text, "at the end of the month"]), last_of
    if sort == 1:
        week, day = source.randrange(1, 5), source.randrange(7)
        text = f"{rank(source, week)} {named(source, WEEKDAYS, day)}{tail or ' of the month'}"
        return source.choice(
            ["", "on the "]
        ) + text, lambda d: d.weekday() == day and (d.day + 6) // 7 == week
    if sort == 2:
        day = source.randrange(7)
        return (
            f"last {named(source, WEEKDAYS, day)}{tail or ' of the month'}",
            lambda d: d.weekday() == day and not last_week(d),
        )
    if sort == 3:
        day = source.randrange(7)
        return (
            f"last {named(source, WEEKDAYS, day)} of the quarter",
            lambda d: d.month % 3 == 0 and d.weekday() == day and not last_week(d),
        )
    if sort == 4:
        first = source.randrange(1, 20)
        last = first + source.randrange(1, 10)
        text = f"on the {rank(source, first)} to the {rank(source, last)}"
        return text + tail, lambda d: first <= d.day <= last
    days = source.sample(range(1, 32), source.choice([1, 1, 2, 3]))
    return (
        f"on the {listed(source, [rank(source, d) for d in days])}{tail}",
        lambda d: d.day in days,
    )


def last_week(day: date) -> bool:
    """Tell whether the same weekday comes again in the month."""
    return (day + timedelta(days=7)).month == day.month


def yearly(source: Random) -> tuple[str, Days]:
    """Write one date that comes each year."""
    month, day = source.randrange(12), source.randrange(1, 29)
    name, said = named(source, MONTHS, month), rank(source, day)
    text = source.choice(
        [f"{name} {said}", f"on {name} {day}", f"{day} {name}", f"on the {said} of {name}"]
    )
    return source.choice(
        [text, f"every {name} {said}"]
    ), lambda d: d.month == month + 1 and d.day == day


def in_months(source: Random) -> tuple[str, Days]:
    """Write months: a list or a range."""
    if source.random() < 0.4:
        first, last = source.sample(range(12), 2)
        span = {i % 12 for i in range(first, last + 1 + 12 * (last < first))}
        names = [named(source, MONTHS, i) for i in (first, last)]
        return source.choice([" to ", "-", " through "]).join(names), lambda d: d.month - 1 in span
    chosen = source.sample(range(12), source.choice([1, 1, 2, 3]))
    text = "in " + listed(source, [named(source, MONTHS, i) for i in chosen])
    return text, lambda d: d.month - 1 in chosen


def without(source: Random) -> tuple[str, Days]:
    """Write days with some left out."""
    word = source.choice(["except", "excluding", "but", "except for"])
    if source.random() < 0.3:
        text, months = in_months(source)
        return f"{word} {text}", lambda d: not months(d)
    left = source.sample(range(7), source.choice([1, 1, 2]))
    return (
        f"{word} {listed(source, [named(source, WEEKDAYS, i) for i in left])}",
        lambda d: d.weekday() not in left,
    )


def days(source: Random) -> tuple[str, Days]:
    """Write any days that a time of day can stand beside."""
    sort = source.randrange(8)
    if sort == 0:
        return source.choice(["daily", "every day", "each day"]), always
    if sort == 1:
        text, left = without(source)
        return f"{source.choice(['every day', 'daily'])} {text}", left
    if sort == 2:
        text, some = weekly(source)
        more, months = in_months(source)
        return f"{text} {more}", both(some, months)
    return source.choice([weekly, weekly, monthly, yearly])(source)
