"""The task definitions that Windows is given, and that its schema accepts them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosts import LINUX, WINDOWS, timing
from ncp import proof
from ncp.compiler import compile_timing
from ncp.cron import calendar
from ncp.cron.expression import day_matches
from ncp.errors import ExpressionError, HomeError
from ncp.model import Recurrence, Rule, Timing
from ncp.targets.schtasks import TARGET
from ncp.targets.schtasks.triggers import MOST, triggers

if TYPE_CHECKING:
    from collections.abc import Callable

ORACLES = Path(os.environ.get("NCP_ORACLES") or Path(__file__).parents[3] / "shared" / "oracles")
SCHEMA = ORACLES / "task-scheduler.xsd"
NS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
ONCE = Timing(
    id="once-2026-12-24-0730",
    name="Once",
    recurrence=Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC)),
)


def _text(of: Timing) -> str:
    return TARGET.emit(of, WINDOWS).files[0].text


def _task(cron: str) -> ET.Element:
    return ET.fromstring(_text(timing(cron)).encode("utf-16"))


def _lines(cron: str) -> list[str]:
    """Each trigger in one line: what it is made of, in order, without its brackets."""
    return [" ".join(_words(trigger)) for trigger in _task(cron).find(f"{NS}Triggers") or ()]


def _words(trigger: ET.Element) -> list[str]:
    silent = {"Enabled", "StopAtDurationEnd", "WeeksInterval", "DaysInterval"}
    names = [(e.tag.removeprefix(NS), (e.text or "").strip()) for e in trigger.iter()]
    return [text or name for name, text in names if name not in silent]


@pytest.mark.parametrize(
    ("name", "cron"),
    [
        ("weekdays-9am", "0 9 * * 1-5"),
        ("friday-the-13th", "0 9 13 * 5"),
        ("odd-mondays", "0 0 */2 * 1"),
        ("every-15min-office", "*/15 9-16 * * 1-5"),
        ("first-and-last", "0 6 * 3,9 1#1,5L"),
        ("every-minute", "* * * * *"),
    ],
)
def test_definitions_are_as_reviewed(
    name: str, cron: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"schtasks/{name}.xml", _text(timing(cron, id=name, name=name.title())))


def test_a_one_off_is_an_instant(golden: Callable[[str, str], None]) -> None:
    golden("schtasks/once.xml", _text(ONCE))
    assert "<StartBoundary>2026-12-24T07:30:00Z</StartBoundary>" in _text(ONCE)
    assert compile_timing(ONCE, "schtasks", WINDOWS).exactness == "exact"


ALL_MONTHS = "January February March April May June July August September October November December"


@pytest.mark.parametrize(
    ("cron", "lines"),
    [
        ("0 9 * * *", ["CalendarTrigger 2020-01-01T09:00:00 ScheduleByDay"]),
        (
            "30 9 * * 0,1",
            ["CalendarTrigger 2020-01-01T09:30:00 ScheduleByWeek DaysOfWeek Sunday Monday"],
        ),
        (
            "0 0 1,L 2 *",
            [
                (
                    "CalendarTrigger 2020-01-01T00:00:00 ScheduleByMonth "
                    "DaysOfMonth 1 Last Months February"
                )
            ],
        ),
        # `Last` is not the fifth week: every week of June is all five
        (
            "0 9 * 6 1",
            [
                (
                    "CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonthDayOfWeek "
                    "Weeks 1 2 3 4 Last DaysOfWeek Monday Months June"
                )
            ],
        ),
        (
            "0 9 * 6 1#2,3#2",
            [
                (
                    "CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonthDayOfWeek "
                    "Weeks 2 DaysOfWeek Monday Wednesday Months June"
                )
            ],
        ),
        # the fifth weekday cannot be said; the last one comes at least as often
        (
            "0 9 * 6 1#5",
            [
                (
                    "CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonthDayOfWeek "
                    "Weeks Last DaysOfWeek Monday Months June"
                )
            ],
        ),
        # day of month OR weekday: two triggers
        (
            "0 9 13 6 5",
            [
                "CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonth DaysOfMonth 13 Months June",
                (
                    "CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonthDayOfWeek "
                    "Weeks 1 2 3 4 Last DaysOfWeek Friday Months June"
                ),
            ],
        ),
        # both (leading star) cannot be said: the tighter field alone
        (
            "0 9 */2 * 1",
            ["CalendarTrigger 2020-01-01T09:00:00 ScheduleByWeek DaysOfWeek Monday"],
        ),
        (
            "0 9 */30 * 1",
            [
                (
                    f"CalendarTrigger 2020-01-01T09:00:00 ScheduleByMonth "
                    f"DaysOfMonth 1 31 Months {ALL_MONTHS}"
                )
            ],
        ),
        # round the clock: endless, and from the past, so that it starts at once
        # and as an instant, because clocks change in Berlin
        ("* * * * *", ["TimeTrigger 2020-01-01T00:00:00Z Repetition PT1M"]),
        ("*/20 * * * *", ["TimeTrigger 2020-01-01T00:00:00Z Repetition PT20M"]),
        # across hours, with a duration that is never a multiple of the interval
        (
            "*/5 9-17 * * 1-5",
            [
                (
                    "CalendarTrigger 2020-01-01T09:00:00 Repetition PT5M PT8H56M "
                    "ScheduleByWeek DaysOfWeek Monday Tuesday Wednesday Thursday Friday"
                )
            ],
        ),
        (
            "* 9 * * *",
            ["CalendarTrigger 2020-01-01T09:00:00 Repetition PT1M PT59M ScheduleByDay"],
        ),
        # minute by minute, each every hour: cron's */7 starts again at the hour
        (
            "*/7 * * * *",
            [f"TimeTrigger 2020-01-01T00:{m:02}:00Z Repetition PT1H" for m in range(0, 60, 7)],
        ),
    ],
)
def test_expressions_become_these_triggers(cron: str, lines: list[str]) -> None:
    assert _lines(cron) == lines


@pytest.mark.parametrize(
    ("cron", "count"),
    [
        ("*/30 * * * *", 1),
        ("5,45 8-23 * * *", 32),  # one trigger per time while they fit
        ("0,30 */3 13 * 5", 32),
        ("*/40 * * * *", 2),
        ("3,17,29,41,58 1,5,6,13,22 * * *", 25),
        ("*/15 * * * *", 1),
        ("0,7,23 * * * *", 3),
        ("*/10 8-18 1-7 * 1", 2),
        ("*/15 * * 6 *", 1),
        ("0,30 * 15 * 5", 2),
        ("*/5 8-11,14-17 * * *", 2),
    ],
)
def test_the_known_hard_expressions_stay_within_48_and_exact(cron: str, count: int) -> None:
    assert len(_lines(cron)) == count <= MOST
    assert compile_timing(timing(cron), "schtasks", WINDOWS).exactness == "exact"


def test_more_than_48_wake_more_often_instead() -> None:
    cron = "1,2,4,8,13,21,31,32,43,45,50,57 0,1,3,7,12,13,19,21,22 13 6 5"
    artifact = compile_timing(timing(cron), "schtasks", WINDOWS)
    assert artifact.exactness == "guarded"
    assert [line.split(" Schedule")[0] for line in _lines(cron)] == [
        "CalendarTrigger 2020-01-01T00:01:00 Repetition PT1M PT22H56M"
    ] * 2


@pytest.mark.parametrize("minutes", ["18-59", "4/8", "0,10,50", "20-59", "0-29", "7/10", "5,35,59"])
def test_minutes_that_do_not_go_round_the_hour_do_not_run_on(minutes: str) -> None:
    cron = f"{minutes} 0-20 1 * *"
    assert compile_timing(timing(cron), "schtasks", WINDOWS).exactness == "exact"


def test_rules_beyond_all_measure_become_one_progression() -> None:
    rules = [Rule((n,), (n % 24,), (n % 28 + 1,), (n % 12 + 1,), None, "wall") for n in range(60)]
    (one,) = triggers(rules)
    assert (one.times.start, one.times.interval, one.times.count) == (0, 1, 1440)


def test_every_setting_whose_default_would_break_a_job_is_written() -> None:
    found = _task("0 9 * * *").find(f"{NS}Settings")
    assert found is not None
    assert {child.tag.removeprefix(NS): child.text for child in found} == {
        "AllowStartOnDemand": "true",
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "AllowHardTerminate": "true",
        "StartWhenAvailable": "true",
        "RunOnlyIfNetworkAvailable": "false",
        "WakeToRun": "false",
        "Enabled": "true",
        "Hidden": "false",
        "ExecutionTimeLimit": "PT0S",
        "Priority": "5",
        "RunOnlyIfIdle": "false",
    }


@pytest.mark.parametrize("cron", ["0 9 * * *", "*/5 9-17 13 * 5", "0,30 0 * * *", "0 9 L * 1#1"])
def test_start_boundaries_have_no_offset_and_do_not_move(cron: str) -> None:
    later = replace(WINDOWS, now=datetime(2031, 1, 1, tzinfo=UTC))
    starts = [e.text or "" for e in _task(cron).iter(f"{NS}StartBoundary")]
    assert all(len(start) == len("2020-01-01T00:00:00") for start in starts)
    assert _text(timing(cron)) == TARGET.emit(timing(cron), later).files[0].text


@pytest.mark.parametrize(
    "cron", ["*/5 9-17 * * *", "* 1-2 * * 1", "0-10 5-9 * * *", "*/2 3,7 * * *"]
)
def test_a_repetition_does_not_come_once_too_often(cron: str) -> None:
    assert "PT" in _text(timing(cron))
    assert compile_timing(timing(cron), "schtasks", WINDOWS).exactness == "exact"


def test_cmd_runs_the_launcher_whatever_the_path() -> None:
    action = _task("0 9 * * *").find(f"{NS}Actions/{NS}Exec")
    assert action is not None
    assert [child.text for child in action] == [
        r"%SystemRoot%\System32\cmd.exe",
        r'/d /v:off /s /c ""C:\Users\n & c\100%\ncp\bin\ncp.cmd" _timing-run weekdays-9am"',
    ]


@pytest.mark.parametrize(
    "home", ["C:\\%TEMP%\\ncp", "C:\\100%\\50%", "C:\\$(Arg0)", 'C:\\a"b', "C:\\a\x01"]
)
def test_a_home_that_cmd_would_read_otherwise_is_refused(home: str) -> None:
    with pytest.raises(HomeError, match="cmd") as refused:
        TARGET.emit(timing("0 9 * * *"), replace(WINDOWS, home=home))
    assert "NCP_HOME" in refused.value.next_step


def test_an_artifact_says_how_to_load_and_unload_it_alone() -> None:
    artifact = TARGET.emit(timing("0 9 * * *"), WINDOWS)
    name, file = r"\ncp-1a2b3c4d\weekdays-9am", r"C:\Users\n & c\100%\ncp\tasks\weekdays-9am.xml"
    assert (artifact.files[0].path, artifact.files[0].encoding) == (file, "utf-16")
    assert artifact.load[0].argv == ("schtasks", "/Create", "/TN", name, "/XML", file, "/F")
    assert artifact.unload[0].argv == ("schtasks", "/Delete", "/TN", name, "/F")


def test_it_compiles_on_any_machine() -> None:
    artifact = TARGET.emit(timing("0 9 * * *"), LINUX)
    assert artifact.files[0].path == "/opt/n & c/100%/ncp/tasks/weekdays-9am.xml"


@pytest.mark.parametrize(
    "name", ["a -- b", "--", "---->", "]]> & <x>", "two\nlines", "\x00\ud800 é"]
)
def test_any_name_can_stand_in_comment_and_description(name: str) -> None:
    task = ET.fromstring(_text(timing("0 9 * * *", name=name)).encode("utf-16"))
    description = task.findtext(f"{NS}RegistrationInfo/{NS}Description") or ""
    assert description.startswith('Written by ncp for "')


def test_another_zone_wakes_at_both_differences() -> None:
    artifact = TARGET.emit(timing("0 9 * * *", zone="America/New_York"), WINDOWS)
    hours = {
        hour for w in TARGET.read(artifact, WINDOWS) for r in w.rules for hour in r.hours or ()
    }
    assert hours == {14, 15}  # New York is six hours behind Berlin, five for some weeks


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
@pytest.mark.parametrize("cron", ["30 2 * * 0", "15 23 L * *", "0 0 13 6 5", "*/20 1 1 * *"])
def test_another_zones_slots_all_have_a_wake_up_here(cron: str, zone: str) -> None:
    wanted = timing(cron, zone=zone)
    slots = calendar.following(wanted.recurrence, zone, WINDOWS.now, 120)
    labels = {calendar.local(slot, WINDOWS.zone) for slot in slots}
    for wakes in TARGET.read(TARGET.emit(wanted, WINDOWS), WINDOWS):
        assert not [label for label in labels if not _wakes_at(wakes.rules, label)]


def _wakes_at(rules: tuple[Rule, ...], at: datetime) -> bool:
    """Ask cron's own matcher about one minute of the wall clock."""
    length, weekday = monthrange(at.year, at.month)[1], at.isoweekday() % 7
    return any(
        (rule.minutes is None or at.minute in rule.minutes)
        and (rule.hours is None or at.hour in rule.hours)
        and (rule.months is None or at.month in rule.months)
        and day_matches(rule.days, rule.weekdays, day=at.day, weekday=weekday, length=length)
        for rule in rules
    )


FIELDS = (
    st.sampled_from(
        [
            "*",
            "0",
            "*/7",
            "5/15",
            "1,2,58",
            "30-35",
            "*/30,7",
            "4/8",
            "0,20,30",
            "1,2,4,8,13,21,31",
            "18-59",
        ]
    ),
    st.sampled_from(["*", "0", "23", "9-17", "*/5", "1,2,22", "0,1,3,7,12,13,19"]),
    st.sampled_from(["*", "1", "29", "30", "31", "L", "*/2", "1-7", "13,L", "28-31", "*/3,L"]),
    st.sampled_from(["*", "2", "6", "1,12", "4-9", "*/5"]),
    st.sampled_from(["*", "0", "1-5", "7", "1#1", "5L", "2#5", "*/2", "1,3#2", "*/7", "0-6"]),
)


@given(st.tuples(*FIELDS))
@settings(max_examples=200)
def test_every_due_minute_has_a_wake_up_and_most_have_no_other(fields: tuple[str, ...]) -> None:
    try:
        wanted = timing(" ".join(fields))
    except ExpressionError:
        return
    artifact = TARGET.emit(wanted, WINDOWS)
    compared = proof.prove(artifact, TARGET.read(artifact, WINDOWS), WINDOWS)
    assert compared.missed == 0
    assert len(_lines(wanted.recurrence.cron)) <= MOST
    irregular = "2,4,8" in fields[0] and "3,7,12" in fields[1]
    # 24 repetitions a day for each of three kinds of dates are more than 48.
    irregular = irregular or (fields[0] == "18-59" and fields[4] == "1,3#2")
    if _sayable(wanted.recurrence.rules) and not irregular:
        lines = _lines(wanted.recurrence.cron)
        changing = any(re.match("TimeTrigger 20(?!20)", line) for line in lines)
        assert compared.wakes == compared.due or changing  # they leave fewer than 48 for the rest


def _sayable(rules: tuple[Rule, ...]) -> bool:
    """Neither a date AND a weekday, nor a fifth weekday."""
    return not any(
        (rule.days and rule.weekdays) or any(code // 7 == 5 for code in rule.weekdays or ())
        for rule in rules
    )


@pytest.mark.skipif(
    not SCHEMA.exists() and not (os.environ.get("CI") and ORACLES.parent.exists()),
    reason=f"needs Microsoft's schema at {SCHEMA}; set NCP_ORACLES to its folder",
)
@pytest.mark.skipif(
    shutil.which("xmllint") is None and not os.environ.get("CI"),
    reason="install xmllint (Debian: libxml2-utils)",
)
def test_definitions_validate_against_microsofts_schema(tmp_path: Path) -> None:
    crons = [
        "0 9 * * *",
        "*/30 * * * *",
        "*/5 9-17 13 * 5",
        "* * * * *",
        "0 9 * 6 1#2,5L",
        "0 0 L * *",
        "0 0 1-31 2 *",
        "*/7 * * * 1-5",
        "0 0 */2 * 1",
        "* 9 * * 1",
    ]
    texts = [_text(timing(cron, name="n -- & <x> é")) for cron in crons] + [_text(ONCE)]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.xml").write_bytes(text.encode("utf-16"))
    broken = tmp_path / "broken.xml"
    broken.write_bytes(texts[0].replace("PT0S", "never").encode("utf-16"))
    assert _validate(*(tmp_path / f"{number}.xml" for number in range(len(texts)))) == 0
    assert _validate(broken) != 0


def _validate(*files: Path) -> int:
    argv: list[str | Path] = ["xmllint", "--noout", "--nonet", "--schema", SCHEMA, *files]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    print(done.stderr)  # noqa: T201  what xmllint says, where the test fails
    return done.returncode
