"""English for the values of a schedule: numbers, days, months and times of day.

Names are spelled out here, because `strftime` would answer in the machine's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.shapes import nth, runs_of, weekly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ncp.cron.shapes import Hourly
    from ncp.model import Every

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NTH = ("", "first", "second", "third", "fourth", "fifth", "last")
"""The words for the weeks of a weekday code (`model.Rule`)."""
HALVES = {tuple(range(1, 32, 2)): "odd", tuple(range(2, 32, 2)): "even"}
"""The days of the month that have a word of their own."""

RHYTHMS = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}
"""What every single one of a unit is called."""

SHOWN = 12
"""Up to this many evenly spaced values read best one by one, then as first, last and step."""

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_NAMED_TIMES = {(0, 0): "midnight", (12, 0): "noon"}


def ordinal(number: int) -> str:
    """Write 1st, 2nd, 3rd, 11th."""
    teens = 11 <= number % 100 <= 13
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


def twelve_hour(hour: int) -> tuple[int, str]:
    """Split an hour of 0 to 24 into what a twelve-hour clock shows, and AM or PM."""
    return (hour + 11) % 12 + 1, "PM" if 12 <= hour < 24 else "AM"


def clock(hour: int, minute: int = 0) -> str:
    """Write a time of day: `9:30 AM`, `noon`, `midnight` (which 24:00 is too)."""
    return _NAMED_TIMES.get((hour % 24, minute)) or digits(hour, minute)


def digits(hour: int, minute: int) -> str:
    """Write a time of day in figures, also at noon and midnight."""
    shown, half = twelve_hour(hour)
    return f"{shown}:{minute:02} {half}"


def month(number: int) -> str:
    """Name a month, 1 to 12."""
    return MONTHS[number - 1]


def listed(items: Iterable[str], word: str = "and") -> str:
    """Join with commas and, before the last, a word."""
    *head, last = items
    return f"{', '.join(head)} {word} {last}" if head else last


def every(step: int, unit: str) -> str:
    """Write `every minute` or `every 5 minutes`."""
    return f"every {unit}" if step == 1 else f"every {step} {unit}s"


def often(interval: Every) -> tuple[int, str]:
    """Give the count and the unit of an interval; twelve months are a year."""
    years, months_over = divmod(interval.count, 12)
    if interval.unit == "month" and not months_over:
        return years, "year"
    return interval.count, interval.unit


def numbered(noun: str, values: Sequence[int], *, to: str) -> str:
    """Write `minute 15`, `minutes 0, 7 and 14`, `minutes 0 to 29`, or an even step of many."""
    texts = ranges(values, str, to=to, noun=noun)
    if texts[0].startswith("every"):
        return texts[0]
    return f"{noun if len(values) == 1 else noun + 's'} {listed(texts)}"


def ranges(
    values: Sequence[int],
    write: Callable[[int], str],
    *,
    to: str,
    noun: str,
    shown: int = SHOWN,
) -> list[str]:
    """Write values as single ones and ranges; an even step is listed, up to `shown` values."""
    texts: list[str] = []
    for run in runs_of(values):
        every_one = range(run.first, run.last + 1, run.step)
        if run.single or (run.step > 1 and len(every_one) <= shown):
            texts += map(write, every_one)
        else:
            step = f"every {ordinal(run.step)} {noun} from " if run.step > 1 else ""
            texts.append(f"{step}{write(run.first)} {to} {write(run.last)}")
    return texts


def months(numbers: tuple[int, ...] | None, *, to: str) -> str:
    """Write `in January and July`, nothing for every month."""
    return f"in {listed(ranges(numbers, month, to=to, noun='month'))}" if numbers else ""


def weekdays(codes: tuple[int, ...] | None, *, to: str) -> list[str]:
    """Name the days of weekday codes (`model.Rule`): Monday, the first Friday."""
    ordinary = ranges(weekly(codes or ()), WEEKDAYS.__getitem__, to=to, noun="weekday")
    return ordinary + [f"the {NTH[week]} {WEEKDAYS[day]}" for week, day in nth(codes or ())]


def hours(time: Hourly, *, head: str, to: str) -> str:
    """Write runs of hours, each from its first time to its last; `head` is for each hour."""
    spans = (
        f"at {clock(run.first, time.minute)}"
        if run.single
        else f"from {clock(run.first, time.minute)} {to} {clock(run.last, time.minute)}"
        for run in time.runs
    )
    step = time.runs[0].step
    return f"{head if step == 1 else every(step, 'hour')} {listed(spans)}"


def moment(local: datetime) -> str:
    """Write a date and a time by the clock of its zone, telling a repeated hour's two apart."""
    weekday = WEEKDAYS[local.isoweekday() % 7]
    again = ", the second time that hour comes" if local.fold else ""
    time = digits(local.hour, local.minute)
    return f"{weekday} {local.day} {month(local.month)} {local.year} at {time}{again}"
