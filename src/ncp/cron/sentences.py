"""The clauses of the sentence that a person can check a recurrence by.

Complete rather than short: windows name their first and last time, a pattern
that restarts each hour lists its minutes, and the way that the two day fields
combine is said in words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ncp.cron import english, intervals, names, shapes, zones
from ncp.cron.english import clock, listed
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.shapes import Dates, Reading, Run, Time
    from ncp.model import Every, Recurrence

EVERY_DAY = "every day"


def said(recurrence: Recurrence, zone: str) -> str:
    """Say the times, the days, the months and the interval; its anchor by the clock of a zone."""
    readings = shapes.readings(recurrence)
    text = "; and ".join(", ".join(filter(None, _clauses(reading))) for reading in readings)
    return text if recurrence.every is None else _spaced(text, recurrence.every, zone)


def _spaced(text: str, every: Every, zone: str) -> str:
    """Say an interval in the place of the rhythm that it slows down, and what it counts from."""
    often = english.every(*english.often(every))
    if every.unit in intervals.TIMED:
        at = datetime.fromisoformat(every.anchor).astimezone(zones.zone(zone))
        counted = f"counted from {english.moment(at)}"
        if names.EVERY_MINUTE in text:
            return f"{text.replace(names.EVERY_MINUTE, often)}, {counted}"
        return f"{text}, {often}, {counted}"
    often = f"{often} from {_anchor(every)}"
    if every.unit == "day" and text.endswith(EVERY_DAY):
        return text.removesuffix(EVERY_DAY) + often
    return f"{text}, {often}"


def _anchor(every: Every) -> str:
    day = date.fromisoformat(every.anchor)
    if every.unit == "month":
        return f"{english.month(day.month)} {day.year}"
    week = "the week of " if every.unit == "week" else ""
    return f"{week}{day.day} {english.month(day.month)} {day.year}"


def _clauses(reading: Reading) -> tuple[str, ...]:
    time, dates = reading.time, reading.dates
    months = english.months(dates.months, to="through")
    return _times(time), _dates(dates) or _every_day(time), months, names.following(reading)


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
            return EVERY_DAY


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
