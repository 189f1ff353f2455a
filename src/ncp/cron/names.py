"""The short name of a recurrence: the days first, then the times.

A window ends as people say it: every 15 minutes "from 9:00 AM to 5:00 PM" is
last due at 4:45 PM. The sentence (`sentences`) names that last time instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import english, shapes
from ncp.cron.english import clock, listed
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.shapes import Dates, Reading, Run, Time
    from ncp.model import Every, Recurrence

DAY_SETS = {(1, 2, 3, 4, 5): "weekdays", (0, 6): "weekends"}
EVERY_MINUTE = "every minute"
FOLLOWING = {"wall": "following the wall clock", "elapsed": "following elapsed time"}


def name(recurrence: Recurrence) -> str:
    """Write `Daily at 9:00 AM`, `Weekly on Monday at noon`, `Every 5 minutes in January`."""
    text = ", and ".join(map(_reading, shapes.readings(recurrence)))
    if recurrence.every is not None:
        text = _spaced(text, recurrence.every)
    return text[0].upper() + text[1:]


def _spaced(text: str, every: Every) -> str:
    """Put an interval in the place of the rhythm that it slows down."""
    count, unit = english.often(every)
    often, rhythm = english.every(count, unit), english.RHYTHMS.get(unit, EVERY_MINUTE)
    if text.startswith(rhythm) or (rhythm == EVERY_MINUTE and rhythm in text):
        return text.replace(rhythm, often, 1)
    return f"{often}, {text}"


def _reading(reading: Reading) -> str:
    time, dates = reading.time, reading.dates
    daily = isinstance(time, shapes.Times) and not dates.restricted
    months = "" if _anniversary(dates) else english.months(dates.months, to="to")
    said = ("daily" if daily else _dates(dates), times(time), months)
    return " ".join(filter(None, (*said, following(reading))))


def following(reading: Reading) -> str:
    """Say what the times follow when clocks change, where it is not what one would expect."""
    expected = reading.follows == shapes.typical(reading.time)
    return "" if expected else FOLLOWING[reading.follows]


def times(time: Time) -> str:
    """Write the times of day: `at 9:00 AM and 5:00 PM`, `every 5 minutes`."""
    match time:
        case shapes.Times(times):
            return f"at {listed(clock(hour, minute) for hour, minute in times)}"
        case shapes.EveryMinutes(step, windows):
            return english.every(step, "minute") + _within(windows)
        case shapes.MinutesPast(minutes, windows):
            return f"hourly{_at(minutes)}{_within(windows)}"
        case shapes.EveryHours(step, minutes):
            return english.every(step, "hour") + _at(minutes)
        case _:
            return english.hours(time, head="hourly", to="to")


def _at(minutes: tuple[int, ...]) -> str:
    return "" if minutes == (0,) else f" at {english.numbered('minute', minutes, to='to')}"


def _within(windows: tuple[Run, ...]) -> str:
    spans = (f"{clock(window.first)} to {clock(window.last + 1)}" for window in windows)
    return f" from {listed(spans)}" if windows else ""


def _anniversary(dates: Dates) -> bool:
    """Tell whether the days read as dates: January 1st, but not the last day in January."""
    runs = shapes.runs_of(dates.days or ())
    return dates.yearly and all(run.single and run.last != LAST_DAY for run in runs)


def _dates(dates: Dates) -> str:
    weekdays = english.weekdays(dates.weekdays, to="to")
    if _anniversary(dates):
        days = listed(map(english.ordinal, dates.days or ()))
        return f"yearly {english.months(dates.months, to='to').replace('in', 'on', 1)} {days}"
    if dates.days:
        return f"monthly on {_days(dates.days)}{_other(dates, weekdays)}"
    if dates.weekdays in DAY_SETS:
        return DAY_SETS[dates.weekdays]
    rhythm = "weekly" if shapes.weekly(dates.weekdays or ()) else "monthly"
    return f"{rhythm} on {listed(weekdays)}" if weekdays else ""


def _other(dates: Dates, weekdays: list[str]) -> str:
    if not weekdays:
        return ""
    if dates.join == "or":
        return f" or on {listed(weekdays)}"
    return f" falling on {listed(weekdays, 'or')}"


def _days(days: tuple[int, ...]) -> str:
    if days in english.HALVES:
        return f"{english.HALVES[days]} days"
    return listed(english.ranges(days, _day, to="to", noun="day", shown=shapes.FEW))


def _day(day: int) -> str:
    return "the last day" if day == LAST_DAY else f"the {english.ordinal(day)}"
