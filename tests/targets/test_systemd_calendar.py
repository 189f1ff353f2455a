"""OnCalendar lines: what ncp writes, what its reader reads, and what systemd says to both."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hosts import LINUX, timing
from ncp import proof
from ncp.cron import expression
from ncp.errors import InputError, SchedulerError
from ncp.model import LAST_DAY, Artifact, File, Recurrence, Rule
from ncp.targets.systemd import TARGET
from ncp.targets.systemd.calendar import calendar
from ncp.targets.systemd.read import parse
from targets.expressions import RANGES, random_crons, wake_ups

BASE = datetime(2026, 2, 27, tzinfo=UTC)
ELAPSE = re.compile(r"(?:Next elapse|Iter\. #\d+): \w+ (\S+ \d\d:\d\d):00 UTC")


def analyze(*specs: str, iterations: int = 1) -> list[list[str]]:
    """Let systemd read expressions: the wake-ups of each, as `2026-03-01 09:00`."""
    if shutil.which("systemd-analyze") is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("systemd-analyze is missing: apt-get install systemd")
    options = (f"--iterations={iterations}", f"--base-time={BASE:%Y-%m-%d %H:%M:%S} UTC")
    done = subprocess.run(
        ["systemd-analyze", "calendar", *options, *specs],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    blocks = re.split(r"^ *Normalized form:", done.stdout, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(specs)
    return [ELAPSE.findall(block) for block in blocks]


def lines(cron: str, zone: str | None = None) -> tuple[str, ...]:
    return calendar(expression.parse(cron), zone)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * 1-5", ["Mon,Tue,Wed,Thu,Fri *-*-* 09:00:00"]),
        ("* * * * *", ["*-*-* *:*:00"]),
        ("*/20 */8 * * *", ["*-*-* 00,08,16:00,20,40:00"]),
        ("0 9 1,15 * 5", ["*-*-01,15 09:00:00", "Fri *-*-* 09:00:00"]),
        ("0 0 */10 * 1", ["Mon *-*-01,11,21,31 00:00:00"]),
        ("0 0 1-7 * */7", ["Sun *-*-01,02,03,04,05,06,07 00:00:00"]),
        ("30 4 L 2,4 *", ["*-02,04~01 04:30:00"]),
        ("30 4 15,L * *", ["*-*-15 04:30:00", "*-*~01 04:30:00"]),
        ("0 9 * * 1#2", ["Mon *-*-08,09,10,11,12,13,14 09:00:00"]),
        ("0 9 * 2 1#5", ["Mon *-02-29 09:00:00"]),
        ("0 9 * * 5L", ["Fri *-*~01,02,03,04,05,06,07 09:00:00"]),
        (
            "0 9 */15,L * 0,5L",
            [
                "Sun *-*-01,16,31 09:00:00",
                "Sun *-*~01 09:00:00",
                "Fri *-*-31 09:00:00",
                "Fri *-*~01 09:00:00",
            ],
        ),
        ("0 9 */30,L 4 1#1,2#5", ["Mon *-04-01 09:00:00", "Tue *-04~01 09:00:00"]),
    ],
)
def test_an_expression_becomes_lists_of_values(cron: str, expected: list[str]) -> None:
    assert list(lines(cron)) == expected
    analyze(*expected)


def test_a_named_zone_follows_each_line() -> None:
    zone = "America/New_York"
    assert lines("0 9 1 * 5", zone) == (
        "*-*-01 09:00:00 America/New_York",
        "Fri *-*-* 09:00:00 America/New_York",
    )


def test_a_one_off_is_its_instant_in_utc() -> None:
    at = Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC))
    assert calendar(at, "Europe/Berlin") == ("2026-12-24 07:30:00 UTC",)
    assert analyze(*calendar(at, None)) == [["2026-12-24 07:30"]]


def test_a_zone_that_systemd_would_skip_is_refused() -> None:
    with pytest.raises(InputError, match="not an IANA time zone"):
        TARGET.emit(timing("0 9 * * *", zone="Mars/Olympus"), LINUX)


def test_hours_never_hold_a_step_which_stops_timers_in_spring() -> None:
    assert not any(
        "/" in line for cron in random_crons(random.Random(3), 200) for line in lines(cron)
    )


def test_systemd_wakes_at_each_due_minute_of_random_expressions() -> None:
    crons = random_crons(random.Random(1), 150)
    specs = [lines(cron) for cron in crons]
    answers = iter(analyze(*(line for each in specs for line in each), iterations=20))
    for cron, each in zip(crons, specs, strict=True):
        woken = sorted({minute for _ in each for minute in next(answers)})
        due = wake_ups(expression.parse(cron).rules, BASE, 20)
        assert set(due) <= set(woken), cron


def random_spec(source: random.Random) -> str:
    """An expression of the manual page's grammar, in forms that ncp does not write too."""
    minute, hour, day, month = (_component(source, *RANGES[position]) for position in range(4))
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    start = source.randrange(6)
    weekdays = source.choice(
        [
            "",
            "",
            f"{names[start]} ",
            f"{names[start]}..{names[-1]} ",
            f"{names[-1]},{names[start]} ",
        ]
    )
    days = source.choice([f"-{day}", f"-{day}", "-*", "~01", "~1"])
    if weekdays:
        days = source.choice([days, "~01..07", "~1,2,3,4,5,6,7"])
    return f"{weekdays}*-{month}{days} {hour}:{minute}:00"


def _component(source: random.Random, low: int, high: int) -> str:
    first, last = sorted(source.sample(range(low, min(high, 28) + 1), 2))
    step = source.randint(1, 9)
    shapes = ["*", str(first), f"{first:02},{last}", f"{first}..{last}", f"{first}..{last}/{step}"]
    return source.choice([*shapes, f"{last},{first}..{last}/{step}"])


def test_the_reader_agrees_with_systemd_on_random_lines() -> None:
    source = random.Random(2)
    specs = [random_spec(source) for _ in range(300)]
    for spec, woken in zip(specs, analyze(*specs, iterations=12), strict=True):
        rule, zone = parse(spec)
        assert zone is None
        assert wake_ups([rule], BASE, 12) == woken, spec


@pytest.mark.parametrize(
    "spec",
    [
        "*-*-* 02/4:30:00",
        "*-*-01/4 09:00:00",
        "*-*-01/4",
        "*-*-32 09:00:00",
        "*-*-05..03 09:00:00",
        "*-*-* 24:00:00",
        "*-*-* 09:00:30",
        "Sat..Mon *-*-* 09:00:00",
        "Mon..Foo *-*-* 09:00:00",
        "7 *-*-* 09:00:00",
        "0 9 * * *",
        "*-*~02 09:00:00",
        "*-*~01,02,03,04,05,06,07 09:00:00",
        "*-*-* 09:00:00 +02:00",
        "Xyz *-*-* 09:00:00",
    ],
)
def test_the_reader_refuses_lines_that_systemd_skips_or_gets_wrong(spec: str) -> None:
    with pytest.raises(SchedulerError, match=re.escape(spec)):
        parse(spec)


def test_a_range_of_weekdays_may_end_on_sunday() -> None:
    assert parse("Sat..Sun *-*-* 09:00:00")[0].weekdays == (0, 6)


def test_days_from_the_end_are_the_last_day_and_the_last_weekdays() -> None:
    assert parse("*-*~01 09:00:00")[0].days == (LAST_DAY,)
    assert parse("Sun,Fri *-*~01..07 09:00:00")[0].weekdays == (42, 47)


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_random_artifacts_read_back_as_supersets(zone: str | None) -> None:
    for cron in random_crons(random.Random(4), 150):
        artifact = TARGET.emit(timing(cron, zone=zone), LINUX)
        readings = TARGET.read(artifact, LINUX)
        assert readings[0].zone == (zone if readings[0].rules else None)
        assert proof.prove(artifact, readings, LINUX).missed == 0, cron


def test_expressions_without_odd_weeks_are_exact() -> None:
    """In a zone whose clock does not change; where it does, its hours are in UTC too."""
    tokyo = replace(LINUX, zone="Asia/Tokyo")
    for cron in [
        *random_crons(random.Random(5), 150, special=False),
        "0 0 L * *",
        "0 0 L * 1#2,5L",
    ]:
        artifact = TARGET.emit(timing(cron), tokyo)
        assert proof.prove(artifact, TARGET.read(artifact, tokyo), tokyo).exactness == "exact", cron


NIGHTLY = [
    "*-01,02,11,12-* 01:30:00 UTC",
    "*-03,10-* 00,01:30:00 UTC",
    "*-04,05,06,07,08,09-* 00:30:00 UTC",
    "2029,2035-03-25 01:00:00 UTC",
]


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("0 9 * * *", None, ["*-*-* 09:00:00"]),
        ("*/15 * * * *", None, ["*-*-* *:00,15,30,45:00 UTC"]),
        ("10 * * * *", "Asia/Kathmandu", ["*-*-* *:10:00 Asia/Kathmandu"]),
        ("30 2 * * *", None, NIGHTLY),
        ("30 2,3 * * *", None, ["*-*-* 03:30:00", *NIGHTLY]),
        ("30 2 29 3 *", None, ["*-03-29 00,01:30:00 UTC", "2026,2037-03-29 01:00:00 UTC"]),
        ("30 2 * 6 *", None, ["*-06-* 00:30:00 UTC"]),
        ("30 2 * * *", "Asia/Tokyo", ["*-*-* 02:30:00 Asia/Tokyo"]),
    ],
)
def test_times_that_a_clock_skips_or_repeats_are_in_utc(
    cron: str, zone: str | None, expected: list[str]
) -> None:
    """With the month's own offsets, and dated lines for the minutes right after a jump."""
    text = TARGET.emit(timing(cron, zone=zone), LINUX).files[1].text
    key = "OnCalendar="
    found = [line.removeprefix(key) for line in text.splitlines() if line.startswith(key)]
    assert found[: len(expected)] == expected
    analyze(*found)


def test_a_one_off_reads_back_as_its_instant() -> None:
    recurrence = Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC))
    artifact = Artifact(
        "systemd",
        timing("0 0 * * *"),
        (File("x.timer", f"OnCalendar={calendar(recurrence, None)[0]}"),),
    )
    (wakes,) = TARGET.read(artifact, LINUX)
    assert wakes.instants == ("2026-12-24T07:30Z",)
    assert wakes.rules == ()


def test_lines_in_two_zones_are_refused() -> None:
    text = "OnCalendar=*-*-* 09:00:00 Asia/Tokyo\nOnCalendar=*-*-* 08:00:00 Asia/Aden\n"
    with pytest.raises(SchedulerError, match="more than one zone"):
        TARGET.read(Artifact("systemd", timing("0 0 * * *"), (File("x.timer", text),)), LINUX)


def test_the_reader_knows_nothing_but_the_text() -> None:
    artifact = Artifact(
        "systemd", timing("0 9 * * *"), (File("x.timer", "OnCalendar=Mon *-02-03 04:05:00"),)
    )
    (wakes,) = TARGET.read(artifact, LINUX)
    assert wakes.rules == (Rule((5,), (4,), (3,), (2,), (1,), "wall"),)
