"""What targets compile of an interval wakes at each of its slots, and proves it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hosts import HOSTS, LINUX, NOW
from ncp import compiler, targets
from ncp.cron import calendar, expression, intervals, zones
from ncp.errors import ExpressionError, SchedulerError
from ncp.model import Host, Recurrence, Rule, Timing
from ncp.proof import intervals as proof_intervals
from ncp.targets import covering

CHANGE = "2026-10-24 12:00:00 UTC"
JUST = "2026-11-20T08:00Z"


def spaced(cron: str, count: int, unit: str, anchor: str) -> Recurrence:
    return intervals.spaced(expression.parse(cron), count, unit, anchor)


INTERVALS = [
    spaced(*given)
    for given in (
        ("* * * * *", 90, "minute", JUST),
        ("* * * * *", 7, "minute", JUST),
        ("* * * * *", 5, "hour", JUST),
        ("* 9-16 * * 1-5", 25, "minute", JUST),
        ("* * * 1,7 *", 5, "hour", JUST),
        ("0 12 * * *", 3, "day", "2026-11-20"),
        ("0 12 * * *", 14, "day", "2026-11-20"),
        ("30 2 * * 1,5", 14, "day", "2026-11-20"),
        ("0 9 * * 1", 2, "week", "2026-11-23"),
        ("0 9 * * 1,4 | 30 17 * * 1", 2, "week", "2026-11-23"),
        ("0 9 L * *", 5, "month", "2026-12-31"),
        ("0 9 L 1-6 *", 9, "month", "2026-12-31"),
        ("0 9 1 1 *", 24, "month", "2027-01-01"),
        ("*/20 0-3 1-7 * 0", 3, "day", "2026-11-01"),
    )
]


def timing(recurrence: Recurrence, zone: str | None = None) -> Timing:
    return Timing("x", "X", recurrence, zone)


def due(rules: tuple[Rule, ...], at: datetime) -> bool:
    """Tell whether a label is one of the rules'."""
    plain = Recurrence(rules=tuple(replace(rule, follows="wall") for rule in rules))
    return next(calendar.slots(plain, "UTC", at - timedelta(seconds=1))) == at


@pytest.mark.parametrize(("zone", "machine"), [(None, "Europe/Berlin"), ("Asia/Kolkata", "UTC")])
@pytest.mark.parametrize("recurrence", INTERVALS, ids=lambda one: one.text)
def test_the_calendar_around_an_interval_holds_its_next_slots(
    recurrence: Recurrence, zone: str | None, machine: str
) -> None:
    asked = timing(recurrence, zone)
    found = covering.plain(asked, machine, NOW)
    clock = found.zone or machine
    for slot in calendar.following(asked.recurrence, zone or machine, NOW, 25):
        label = calendar.local(slot, clock).replace(tzinfo=UTC)
        if calendar.local(slot, clock).utcoffset() == calendar.local(NOW, clock).utcoffset():
            assert due(found.recurrence.rules, label), slot


@pytest.mark.parametrize(
    ("given", "rules", "zone"),
    [
        (("0 12 * * *", 14, "day", "2026-11-20"), "0 12 * * 5", None),
        (("0 12 * * 1,5", 7, "day", "2026-11-20"), "0 12 * * 5", None),
        (("0 12 * * *", 3, "day", "2026-11-20"), "0 12 * * *", None),
        (("0 9 * * 1", 2, "week", "2026-11-23"), "0 9 * * 1", None),
        (("0 9 1 * *", 9, "month", "2026-12-01"), "0 9 1 3,6,9,12 *", None),
        (("0 9 1 1-6 *", 9, "month", "2026-12-01"), "0 9 1 3,6 *", None),
        (("0 9 1 * *", 5, "month", "2026-12-01"), "0 9 1 * *", None),
        (("* * * * *", 5, "hour", "2026-11-20T08:10Z"), "10 * * * *", "UTC"),
        (("* * * * *", 7, "minute", JUST), "* * * * *", "UTC"),
        (("* * * * *", 90, "minute", JUST), "30 */3 * * * | 0 2-23/3 * * *", "UTC"),
    ],
)
def test_the_calendar_is_tight(
    given: tuple[str, int, str, str], rules: str, zone: str | None
) -> None:
    found = covering.plain(timing(spaced(*given)), "Europe/Berlin", NOW)
    assert found.zone == zone
    wanted = {replace(rule, follows="wall") for rule in expression.parse(rules).rules}
    assert {replace(rule, follows="wall") for rule in found.recurrence.rules} == wanted


def test_a_limited_grid_is_tight_in_each_offset_of_its_zone() -> None:
    asked = timing(spaced("* 9-11 * * *", 90, "minute", JUST))
    assert [
        (rule.hours, rule.minutes)
        for rule in covering.plain(asked, "Europe/Berlin", NOW).recurrence.rules
    ] == [((9,), (0,)), ((10,), (30,)), ((10,), (0,)), ((11,), (30,))]
    assert [
        (rule.hours, rule.minutes)
        for rule in covering.plain(asked, "Asia/Kolkata", NOW).recurrence.rules
    ] == [((9,), (0,)), ((10,), (30,))]


def test_an_interval_that_passes_its_hours_by_is_refused() -> None:
    asked = timing(spaced("* 9 * * *", 24, "hour", "2026-11-20T20:00Z"))
    with pytest.raises(ExpressionError, match="This never comes") as caught:
        compiler.compile_timing(asked, "cron", LINUX)
    assert caught.value.where == "* 9 * * *, every 24 hours from 2026-11-20T20:00Z"
    assert caught.value.next_step


def test_a_timing_without_an_interval_stays_as_it_is() -> None:
    asked = timing(expression.parse("0 9 * * *"))
    assert covering.plain(asked, "UTC", NOW) is asked
    assert proof_intervals.idle(asked, asked, "UTC", NOW) == 0


@pytest.mark.parametrize("name", targets.NAMES)
@pytest.mark.parametrize("recurrence", INTERVALS, ids=lambda one: one.text)
@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_every_target_compiles_and_proves_every_interval(
    recurrence: Recurrence, zone: str | None, name: str
) -> None:
    asked = timing(recurrence, zone)
    found = compiler.compile_timing(asked, name, HOSTS[name])
    # The daemon counts by itself; 90 minutes are the same times every day in UTC.
    exact = name == "embedded" or (name == "systemd" and recurrence == INTERVALS[0])
    assert found.timing == asked
    assert found.exactness == ("exact" if exact else "guarded")
    assert found.extra_per_day >= 0


@pytest.mark.parametrize(
    ("cron", "count", "unit", "anchor", "idle"),
    [
        ("0 9 * * 1", 2, "week", "2026-11-23", 1 / 14),
        ("0 12 * * *", 3, "day", "2026-11-20", 2 / 3),
        ("0 12 * * *", 14, "day", "2026-11-20", 1 / 14),
        ("0 9 1 * *", 5, "month", "2026-12-01", 4800 * 4 / 5 / 146_097),
        ("* * * * *", 90, "minute", JUST, 0),
        ("* * * * *", 5, "hour", JUST, 24 - 4.8),
        ("* * * * *", 7, "minute", JUST, 1440 * 6 / 7),
        ("* 9,10 * * *", 8, "minute", JUST, 0),
        ("* 9,10 * * 1", 64, "minute", JUST, 2 / 7),
    ],
)
def test_idle_minutes_are_counted_in_the_mean(
    cron: str, count: int, unit: str, anchor: str, idle: float
) -> None:
    asked = timing(spaced(cron, count, unit, anchor))
    found = covering.plain(asked, "UTC", NOW)
    minutes = proof_intervals.idle(asked, found, "UTC", NOW)
    assert minutes / 146_097 == pytest.approx(idle, abs=1e-3)


@pytest.mark.parametrize(("count", "unit"), [(3, "day"), (9, "week"), (7, "month"), (21, "day")])
def test_slots_in_400_years_are_those_of_walking_the_calendar(count: int, unit: str) -> None:
    asked = timing(spaced("0 9 1,13,L * 5", count, unit, "2026-11-13"))
    first = day = date(2026, 11, 13)
    held = slots = 0
    while day < date(2026 + 400, 11, 13):
        on = day.day in {1, 13} or (day + timedelta(1)).day == 1 or day.isoweekday() == 5
        held += on
        slots += on and passed(first, day, unit) % count == 0
        day += timedelta(1)
    everything = timing(expression.parse("0 9 1,13,L * 5"))
    found = proof_intervals.idle(asked, everything, "UTC", NOW)
    assert found == pytest.approx(held - slots, abs=30)


def passed(first: date, day: date, unit: str) -> int:
    if unit == "month":
        return (day.year - first.year) * 12 + day.month - first.month
    days = (day - first).days
    return days if unit == "day" else (days + first.weekday()) // 7


@pytest.mark.parametrize(
    ("cron", "count", "unit", "anchor", "wrong"),
    [
        ("0 12 * * *", 14, "day", "2026-11-20", "0 12 * * 4"),
        ("0 12 * * *", 3, "day", "2026-11-20", "0 12 * * 1-5"),
        ("0 9 * * 1", 2, "week", "2026-11-23", "1 9 * * 1"),
        ("0 9 1 * *", 9, "month", "2026-12-01", "0 9 1 3,6,9 *"),
        ("0 9 L * *", 5, "month", "2026-12-31", "0 9 30,31 * *"),
        ("* * * * *", 90, "minute", JUST, "30 */3 * * *"),
        ("* 9-16 * * 1-5", 25, "minute", JUST, "*/5 9-15 * * 1-5"),
    ],
)
def test_a_calendar_that_misses_one_slot_is_refused(
    cron: str, count: int, unit: str, anchor: str, wrong: str
) -> None:
    asked = timing(spaced(cron, count, unit, anchor))
    zone = covering.plain(asked, "UTC", NOW).zone
    with pytest.raises(SchedulerError, match="would miss slots of it"):
        proof_intervals.idle(asked, timing(expression.parse(wrong), zone), "UTC", NOW)


def test_several_expressions_are_several_lines_of_a_crontab_and_one_entry() -> None:
    asked = timing(expression.parse("0 9 * * * | 30 17 * * *"))
    found = compiler.compile_timing(asked, "cron", LINUX)
    lines = [line for line in found.files[0].text.splitlines() if "_timing-run" in line]
    assert [line.partition(" /")[0] for line in lines] == ["0 9 * * *", "30 17 * * *"]
    assert found.exactness == "exact"
    _, entry = targets.target("cron").wanted([found], LINUX)
    assert entry.text.count("\n") == 3


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="install systemd")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_systemd_itself_wakes_every_90_minutes_across_a_change(zone: str) -> None:
    host: Host = replace(LINUX, zone=zone)
    asked = timing(spaced("* * * * *", 90, "minute", JUST))
    text = compiler.compile_timing(asked, "systemd", host).files[-1].text
    specs = [
        line.removeprefix("OnCalendar=") for line in text.splitlines() if "OnCalendar=" in line
    ]
    found = sorted({at for spec in specs for at in elapses(spec)})
    after = datetime.fromisoformat(CHANGE.replace(" UTC", "Z"))
    expected = calendar.following(asked.recurrence, zone, after, 40)
    assert found[:40] == expected


def elapses(spec: str) -> list[datetime]:
    """The next 24 times at which systemd would wake."""
    said = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=24", f"--base-time={CHANGE}", spec],
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    stamps = re.findall(r"(?:Next elapse|Iter\. #\d+): (.* UTC)", said)
    return [datetime.strptime(s, "%a %Y-%m-%d %H:%M:%S %Z").replace(tzinfo=UTC) for s in stamps]


def test_offsets_of_the_coming_years_are_all_there() -> None:
    assert covering.possible_offsets("Europe/Berlin", NOW) == [60, 120]
    assert covering.possible_offsets("UTC", NOW) == [zones.offset_minutes("UTC", NOW)]
