"""The reader of task definitions against the documentation: tables worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hosts import WINDOWS, timing
from ncp.model import LAST_DAY, Artifact, File, Rule
from ncp.targets.schtasks import TARGET

if TYPE_CHECKING:
    from ncp.targets.contract import Wakes

START = "<StartBoundary>2005-10-11T08:30:00</StartBoundary>"
DAILY = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"


def _read(*triggers: str) -> Wakes:
    body = "".join(triggers)
    text = (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        f"<Triggers>{body}</Triggers></Task>"
    )
    artifact = Artifact("schtasks", timing("0 9 * * *"), (File("x.xml", text),))
    (wakes,) = TARGET.read(artifact, WINDOWS)
    return wakes


def _calendar(inside: str, start: str = START) -> str:
    return f"<CalendarTrigger>{start}{inside}</CalendarTrigger>"


def _rule(
    minutes: tuple[int, ...] | None = (30,),
    hours: tuple[int, ...] | None = (8,),
    days: tuple[int, ...] | None = None,
    months: tuple[int, ...] | None = None,
    weekdays: tuple[int, ...] | None = None,
) -> Rule:
    return Rule(minutes, hours, days, months, weekdays, "wall")


def _repeat(interval: str, duration: str = "") -> str:
    end = f"<Duration>{duration}</Duration>" if duration else ""
    return f"<Repetition><Interval>{interval}</Interval>{end}</Repetition>"


def _months(*names: str) -> str:
    return "<Months>" + "".join(f"<{name} />" for name in names) + "</Months>"


def _by_date(*days: str, months: str) -> str:
    listed = "".join(f"<Day>{day}</Day>" for day in days)
    return f"<ScheduleByMonth><DaysOfMonth>{listed}</DaysOfMonth>{months}</ScheduleByMonth>"


def _by_week(*weeks: str, months: str) -> str:
    listed = "".join(f"<Week>{week}</Week>" for week in weeks)
    return (
        f"<ScheduleByMonthDayOfWeek><Weeks>{listed}</Weeks>"
        f"<DaysOfWeek><Friday /><Monday /></DaysOfWeek>{months}</ScheduleByMonthDayOfWeek>"
    )


JUNE = _months("June")
WEEKLY = "<ScheduleByWeek>{}<DaysOfWeek><Friday /><Sunday /></DaysOfWeek></ScheduleByWeek>"


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        (DAILY, _rule()),
        ("<ScheduleByDay />", _rule()),
        (WEEKLY.format(""), _rule(weekdays=(0, 5))),
        (WEEKLY.format("<WeeksInterval>1</WeeksInterval>"), _rule(weekdays=(0, 5))),
        (_by_date("1", "Last", months=JUNE), _rule(days=(1, LAST_DAY), months=(6,))),
        (_by_date(*map(str, range(1, 32)), months=JUNE), _rule(months=(6,))),
        (_by_week("1", "2", "3", "4", "Last", months=JUNE), _rule(months=(6,), weekdays=(1, 5))),
        (_by_week("2", months=JUNE), _rule(months=(6,), weekdays=(15, 19))),
        # Last is code 6, never the fifth week
        (_by_week("Last", months=JUNE), _rule(months=(6,), weekdays=(43, 47))),
        (
            _by_week("1", "2", "3", "4", months=JUNE),
            _rule(months=(6,), weekdays=(8, 12, 15, 19, 22, 26, 29, 33)),
        ),
    ],
)
def test_schedules_become_days(inside: str, rule: Rule) -> None:
    assert _read(_calendar(inside)).rules == (rule,)


def test_all_twelve_months_are_every_month() -> None:
    names = "January February March April May June July August September October November December"
    inside = _by_date("15", months=_months(*names.split()))
    assert _read(_calendar(inside)).rules == (_rule(days=(15,)),)


@pytest.mark.parametrize(
    ("interval", "duration", "rules"),
    [
        # "PT1M for PT4M starts the task five times" (Repeating a Task)
        ("PT1M", "PT4M", {_rule(minutes=(30, 31, 32, 33, 34))}),
        ("PT10M", "PT21M", {_rule(minutes=(30, 40, 50))}),
        ("PT10M", "PT20M30S", {_rule(minutes=(30, 40, 50))}),
        # a duration of n intervals is n + 1 starts
        ("PT15M", "PT30M", {_rule(minutes=(30, 45)), _rule(minutes=(0,), hours=(9,))}),
        ("PT1H", "PT2H1M", {_rule(hours=(8, 9, 10))}),
        (
            "PT1H30M",
            "P1D",
            {
                _rule(hours=(8, 11, 14, 17, 20, 23)),
                _rule(minutes=(0,), hours=(10, 13, 16, 19, 22)),
            },
        ),
    ],
)
def test_repetitions_include_the_end_of_their_duration(
    interval: str, duration: str, rules: set[Rule]
) -> None:
    assert set(_read(_calendar(_repeat(interval, duration) + DAILY)).rules) == rules


@pytest.mark.parametrize(
    ("interval", "rules"),
    [
        ("PT15M", (_rule(minutes=(0, 15, 30, 45), hours=None),)),
        ("PT1M", (_rule(minutes=None, hours=None),)),
        ("PT12H", (_rule(hours=(8, 20)),)),
        ("PT7M", ()),  # drifts from day to day: no rule says it
    ],
)
def test_a_time_trigger_without_duration_goes_on_for_ever(
    interval: str, rules: tuple[Rule, ...]
) -> None:
    assert _read(f"<TimeTrigger>{START}{_repeat(interval)}</TimeTrigger>").rules == rules


@pytest.mark.parametrize(
    ("boundary", "instant"),
    [
        ("2026-12-24T07:30:00Z", "2026-12-24T07:30Z"),
        ("2026-12-24T07:30:00+01:00", "2026-12-24T06:30Z"),
    ],
)
def test_a_time_trigger_with_an_offset_is_one_instant(boundary: str, instant: str) -> None:
    trigger = f"<TimeTrigger><StartBoundary>{boundary}</StartBoundary></TimeTrigger>"
    assert _read(trigger).instants == (instant,)
    assert _read(trigger).rules == ()


@pytest.mark.parametrize(
    "trigger",
    [
        _calendar(DAILY, start=""),  # the schema lets it pass, Windows does not
        _calendar(DAILY, start=START + "<Enabled>false</Enabled>"),
        _calendar(DAILY, start=START + "<EndBoundary>2030-01-01T00:00:00</EndBoundary>"),
        _calendar("<RandomDelay>PT30M</RandomDelay>" + DAILY),
        _calendar(DAILY, start="<StartBoundary>2020-01-01T09:00:00Z</StartBoundary>"),
        _calendar("<ScheduleByDay><DaysInterval>2</DaysInterval></ScheduleByDay>"),
        _calendar(WEEKLY.format("<WeeksInterval>2</WeeksInterval>")),
        f"<TimeTrigger>{START}</TimeTrigger>",  # once, long ago
        f"<TimeTrigger>{START}{_repeat('PT5M', 'PT1H')}</TimeTrigger>",  # for one hour, long ago
        f"<BootTrigger>{START}</BootTrigger>",
    ],
)
def test_what_rules_cannot_say_is_read_as_no_wake_up(trigger: str) -> None:
    assert _matches_nothing(_read(trigger))


def _matches_nothing(wakes: Wakes) -> bool:
    return not wakes.instants and all(rule.weekdays == () for rule in wakes.rules)


def test_a_repetition_stops_at_midnight_in_this_reading() -> None:
    late = "<StartBoundary>2020-01-01T23:00:00</StartBoundary>"
    rules = _read(_calendar(_repeat("PT1H", "PT5H") + DAILY, start=late)).rules
    assert rules == (_rule(minutes=(0,), hours=(23,)),)


@pytest.mark.parametrize("interval", ["", "P", "never", "PT30S"])
def test_an_interval_that_is_none_leaves_the_start_alone(interval: str) -> None:
    assert _read(_calendar(_repeat(interval, "PT1H") + DAILY)).rules == (_rule(),)


def test_triggers_of_the_same_days_are_read_together() -> None:
    other = "<StartBoundary>2020-01-01T17:30:00</StartBoundary>"
    rules = _read(_calendar(DAILY), _calendar(DAILY, start=other)).rules
    assert rules == (_rule(hours=(8, 17)),)
