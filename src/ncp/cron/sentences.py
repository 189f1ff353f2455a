"""The clauses of the sentence that a person can check a recurrence by.

Complete rather than short: windows name their first and last time, a pattern
that restarts each hour lists its minutes, and the way that the two day fields
combine is said in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import english, names, shapes
from ncp.cron.english import clock, listed
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.shapes import Dates, Run, Time
    from ncp.model import Recurrence


def clauses(recurrence: Recurrence) -> tuple[str, str, str]:
    """Say the times, the days and the months, each possibly empty but the first."""
    time, dates = shapes.time_of(recurrence.rules[0]), shapes.dates_of(recurrence)
    months = english.months(dates.months, to="through")
    return _times(time), _dates(dates) or _every_day(time), months


def _times(time: Time) -> str:
    match time:
        case shapes.Times():
            return names.times(time)
        case shapes.EveryMinutes(step, windows):
            return english.every(step, "minute") + _until_last(windows, step)
        case shapes.MinutesPast(minutes, windows):
            return f"{_past(minutes)} {_hours(windows)}"
        case shapes.EveryHours(step, minutes):
            return _from_midnight(step, minutes)
        case _:
            return english.hours(time, head="every hour", to="through")


def _until_last(windows: tuple[Run, ...], step: int) -> str:
    last = shapes.MINUTES_PER_HOUR - step
    spans = (f"{clock(window.first)} through {clock(window.last, last)}" for window in windows)
    return f" from {listed(spans)}" if windows else ""


def _past(minutes: tuple[int, ...]) -> str:
    if minutes == (0,):
        return "at the start of"
    return f"at {english.numbered('minute', minutes, to='through')} past"


def _hours(windows: tuple[Run, ...]) -> str:
    spans = (
        clock(window.first)
        if window.single
        else f"every hour from {clock(window.first)} through {clock(window.last)}"
        for window in windows
    )
    return listed(spans) if windows else "every hour"


def _from_midnight(step: int, minutes: tuple[int, ...]) -> str:
    last = clock(shapes.HOURS_PER_DAY - step)
    if minutes == (0,):
        return f"{english.every(step, 'hour')} from midnight through {last}"
    return f"{_past(minutes)} every {english.ordinal(step)} hour from midnight through {last}"


def _every_day(time: Time) -> str:
    """Say "every day" with times of day; "every 5 minutes" says it already."""
    match time:
        case shapes.EveryMinutes(windows=()) | shapes.MinutesPast(windows=()):
            return ""
        case _:
            return "every day"


def _dates(dates: Dates) -> str:
    days = f"on {_days(dates.days)} of the month" if dates.days else ""
    weekdays = english.weekdays(dates.weekdays, to="through")
    of_the_month = " of the month" if shapes.nth(dates.weekdays or ()) else ""
    if not weekdays:
        return days
    if not days:
        return f"on {listed(weekdays)}{of_the_month}"
    if dates.join == "or":
        return f"{days} or on {listed(weekdays)}{of_the_month} (either is enough)"
    return f"{days} and only if that day is {listed(weekdays, 'or')}{of_the_month}"


def _days(days: tuple[int, ...]) -> str:
    if days in english.HALVES:
        return f"{english.HALVES[days]} days"
    numbers = [day for day in days if day != LAST_DAY]
    named = ["the last day"] if LAST_DAY in days else []
    return listed([*([english.numbered("day", numbers, to="through")] if numbers else []), *named])
