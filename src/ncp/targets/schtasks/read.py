"""A task definition back to its wake-ups, by the Task Scheduler documentation.

From "Task Scheduler Schema", "Trigger types" and "Repeating a Task": a start
boundary carries the time of day; without an offset it is local time, with one
an instant. A repetition starts the task at the start and after each interval
up to and including its duration; without a duration it goes on for ever. Weeks
are 1 to 4 and Last, which is the fifth only where there is one.

What cannot be said as rules (every other day, triggers that end or are
delayed, repetitions across midnight) is read as no wake-up: that cannot hide a
miss. A definition that somebody edited may hold it; ncp never writes it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ncp.errors import SchedulerError
from ncp.model import LAST_DAY, Rule
from ncp.targets.contract import UNSURE, Wakes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Artifact, Host

SCHEMA = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKS = {"1": 1, "2": 2, "3": 3, "4": 4, "Last": 6}
DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
DAY = 1440
MOST = 48
"""Task Scheduler Schema, triggersType: maxOccurs."""

Values = tuple[int, ...] | None
Days = tuple[Values, Values, Values]
"""Days of the month, months, weekdays of a rule."""


def read(artifact: Artifact, host: Host) -> tuple[Wakes, ...]:  # noqa: ARG001  the contract's signature
    """Read the triggers of a definition; there is one reading.

    Raises SchedulerError where there are more of them than Windows accepts.
    """
    task = parse(artifact.files[0].text)
    many = len(task.findall(f"{SCHEMA}Triggers/*"))
    if many > MOST:
        raise SchedulerError(
            f"The definition has {many} triggers; Task Scheduler accepts {MOST}.",
            where=f"schtasks: {artifact.timing.id}",
            next_step="This is a defect of ncp: please report it.",
        )
    return (wakes(task),)


def parse(text: str) -> ET.Element:
    """Parse a definition whose text has been decoded already."""
    body = re.sub(r"^\ufeff?\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    return ET.fromstring(body)  # noqa: S314  the user's own scheduler wrote it, or ncp did


def wakes(task: ET.Element) -> Wakes:
    """Put together the wake-ups of all triggers."""
    minutes: dict[Days, set[int]] = {}
    utc: dict[Days, set[int]] = {}
    instants: list[str] = []
    for trigger in task.iterfind(f"{SCHEMA}Triggers/*"):
        if not _plain(trigger):
            continue
        instants += _instants(trigger)
        times = _times(trigger)
        clock = utc if _start(trigger).tzinfo else minutes
        for days in _days(trigger):
            clock.setdefault(days, set()).update(times)
    return Wakes(
        rules=tuple(_rules(minutes)),
        utc=tuple(_rules(utc)),
        instants=tuple(sorted(instants)),
        at_changes={"wall": UNSURE, "elapsed": UNSURE},
        late=True,
    )


def text_of(element: ET.Element, path: str, default: str = "") -> str:
    """The text at a path of the task schema, without blanks around it."""
    places = "/".join(f"{SCHEMA}{name}" for name in path.split("/"))
    return (element.findtext(places) or default).strip()


def _names(element: ET.Element, path: str) -> list[str]:
    places = "/".join(f"{SCHEMA}{name}" for name in path.split("/"))
    return [child.tag.removeprefix(SCHEMA) for child in element.iterfind(f"{places}/*")]


def _plain(trigger: ET.Element) -> bool:
    """Tell whether it is switched on, starts at a known time, and neither ends nor dawdles."""
    delay = text_of(trigger, "RandomDelay", "PT0M")
    return (
        text_of(trigger, "Enabled", "true") in {"true", "1"}
        and text_of(trigger, "StartBoundary") != ""
        and text_of(trigger, "EndBoundary") == ""
        and _minutes(delay) == 0
    )


def _start(trigger: ET.Element) -> datetime:
    return datetime.fromisoformat(text_of(trigger, "StartBoundary"))


def _instants(trigger: ET.Element) -> list[str]:
    """The instants of a time trigger with an offset, unless it is repeated without end."""
    start = _start(trigger)
    if trigger.tag != f"{SCHEMA}TimeTrigger" or start.tzinfo is None or _endless(trigger):
        return []
    interval = _minutes(text_of(trigger, "Repetition/Interval"))
    length = _minutes(text_of(trigger, "Repetition/Duration"))
    times = range(0, length + 1, interval) if interval else [0]
    return [f"{start.astimezone(UTC) + timedelta(minutes=n):%Y-%m-%dT%H:%MZ}" for n in times]


def _minutes(duration: str) -> int:
    """Whole minutes of an ISO 8601 duration, rounded down; 0 for what is none."""
    match = DURATION.fullmatch(duration)
    if match is None:
        return 0
    days, hours, minutes, seconds = (int(match[name] or 0) for name in match.groupdict())
    return days * DAY + hours * 60 + minutes + seconds // 60


def _endless(trigger: ET.Element) -> bool:
    """Tell whether it is repeated from its start on without end."""
    repeated = text_of(trigger, "Repetition/Interval") != ""
    timed = trigger.tag == f"{SCHEMA}TimeTrigger"
    return timed and repeated and not text_of(trigger, "Repetition/Duration")


def _times(trigger: ET.Element) -> set[int]:
    """The minutes of the day at which a trigger comes on one of its days."""
    start = _start(trigger)
    interval = _minutes(text_of(trigger, "Repetition/Interval"))
    if start.tzinfo is not None:
        if not _endless(trigger):
            return set()
        start = start.astimezone(UTC)
    first = start.hour * 60 + start.minute
    if interval == 0:
        return {first}
    duration = text_of(trigger, "Repetition/Duration")
    if duration:
        return set(range(first, min(first + _minutes(duration) + 1, DAY), interval))
    return set(range(first % interval, DAY, interval)) if DAY % interval == 0 else set()


def _days(trigger: ET.Element) -> Iterator[Days]:
    """The days on which a trigger comes, as the day fields of rules."""
    if trigger.tag == f"{SCHEMA}TimeTrigger":
        yield from [(None, None, None)] if _endless(trigger) else []
    elif trigger.find(f"{SCHEMA}ScheduleByDay") is not None:
        if text_of(trigger, "ScheduleByDay/DaysInterval", "1") == "1":
            yield None, None, None
    elif trigger.find(f"{SCHEMA}ScheduleByWeek") is not None:
        if text_of(trigger, "ScheduleByWeek/WeeksInterval", "1") == "1":
            yield None, None, _weekdays(trigger, "ScheduleByWeek")
    elif trigger.find(f"{SCHEMA}ScheduleByMonth") is not None:
        yield _dates(trigger), _months(trigger, "ScheduleByMonth"), None
    else:
        yield None, _months(trigger, "ScheduleByMonthDayOfWeek"), _weekdays_of_month(trigger)


def _weekdays(trigger: ET.Element, schedule: str) -> tuple[int, ...]:
    return tuple(sorted(map(WEEKDAYS.index, _names(trigger, f"{schedule}/DaysOfWeek"))))


def _months(trigger: ET.Element, schedule: str) -> Values:
    months = tuple(sorted(MONTHS.index(n) + 1 for n in _names(trigger, f"{schedule}/Months")))
    return None if len(months) == len(MONTHS) else months


def _dates(trigger: ET.Element) -> Values:
    path = f"{SCHEMA}ScheduleByMonth/{SCHEMA}DaysOfMonth/{SCHEMA}Day"
    days = [(day.text or "").strip() for day in trigger.iterfind(path)]
    values = {LAST_DAY if day == "Last" else int(day) for day in days}
    return None if values >= set(range(1, LAST_DAY)) else tuple(sorted(values))


def _weekdays_of_month(trigger: ET.Element) -> tuple[int, ...]:
    """Weekday codes; all five weeks together are every week."""
    path = f"{SCHEMA}ScheduleByMonthDayOfWeek/{SCHEMA}Weeks/{SCHEMA}Week"
    weeks = {WEEKS[(week.text or "").strip()] for week in trigger.iterfind(path)}
    weekdays = _weekdays(trigger, "ScheduleByMonthDayOfWeek")
    if len(weeks) == len(WEEKS):
        return weekdays
    return tuple(sorted(weekday + 7 * week for weekday in weekdays for week in weeks))


def _rules(minutes: dict[Days, set[int]]) -> Iterator[Rule]:
    for (days, months, weekdays), times in minutes.items():
        for minute, hour in _products(times):
            yield Rule(minute, hour, days, months, weekdays, "wall")


def _products(times: Iterable[int]) -> list[tuple[Values, Values]]:
    """Write times of day as (minutes, hours), hours with the same minutes together."""
    hours: dict[int, list[int]] = {}
    for time in sorted(times):
        hours.setdefault(time // 60, []).append(time % 60)
    alike: dict[tuple[int, ...], list[int]] = {}
    for hour, some in hours.items():
        alike.setdefault(tuple(some), []).append(hour)
    return [
        (None if len(some) == 60 else some, None if len(all_) == 24 else tuple(all_))
        for some, all_ in alike.items()
    ]
