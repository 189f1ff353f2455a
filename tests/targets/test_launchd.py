"""The plists that launchd is given, and that two other parsers accept them."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosts import MAC, timing
from ncp import proof
from ncp.cron import calendar
from ncp.cron.expression import day_matches
from ncp.errors import ExpressionError, HomeError
from ncp.model import Recurrence, Rule, Timing
from ncp.targets.launchd import TARGET
from ncp.targets.launchd.intervals import MOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONCE = Timing(
    id="once-2026-12-24-0730",
    name="Once",
    recurrence=Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC)),
)


def _plist(cron: str) -> dict[str, Any]:
    loaded: dict[str, Any] = plistlib.loads(_text(timing(cron)).encode())
    return loaded


def _text(of: Timing) -> str:
    return TARGET.emit(of, MAC).files[0].text


def _intervals(cron: str) -> list[dict[str, int]]:
    intervals: list[dict[str, int]] = _plist(cron)["StartCalendarInterval"]
    return intervals


@pytest.mark.parametrize(
    ("name", "cron"),
    [
        ("weekdays-9am", "0 9 * * 1-5"),
        ("friday-the-13th", "0 9 13 * 5"),
        ("odd-mondays", "0 0 */2 * 1"),
        ("month-ends", "0 0 31 * *"),
        ("june-mondays", "0 9 * 6 1"),
        ("hourly", "0 * * * *"),
    ],
)
def test_plists_are_as_reviewed(name: str, cron: str, golden: Callable[[str, str], None]) -> None:
    golden(f"launchd/{name}.plist", _text(timing(cron, id=name, name=name.title())))


def test_a_one_off_is_its_local_date_and_time(golden: Callable[[str, str], None]) -> None:
    golden("launchd/once.plist", _text(ONCE))
    assert plistlib.loads(_text(ONCE).encode())["StartCalendarInterval"] == [
        {"Month": 12, "Day": 24, "Hour": 8, "Minute": 30}  # Berlin
    ]


@pytest.mark.parametrize(
    ("cron", "intervals"),
    [
        ("30 9 * * *", [{"Hour": 9, "Minute": 30}]),
        ("0 9 * * 0", [{"Weekday": 0, "Hour": 9, "Minute": 0}]),
        ("0 9 * * 7", [{"Weekday": 0, "Hour": 9, "Minute": 0}]),
        ("5 * * * *", [{"Minute": 5}]),
        ("0 0 1 1 *", [{"Month": 1, "Day": 1, "Hour": 0, "Minute": 0}]),
        ("0 0 * 6 *", [{"Month": 6, "Hour": 0, "Minute": 0}]),
        # day of month or weekday: two dictionaries, right whether launchd means OR or AND
        (
            "0 9 13 * 5",
            [{"Weekday": 5, "Hour": 9, "Minute": 0}, {"Day": 13, "Hour": 9, "Minute": 0}],
        ),
        # both (leading star): the tighter field alone
        ("0 0 */2 * 1", [{"Weekday": 1, "Hour": 0, "Minute": 0}]),
        ("0 0 1-7 * */7", [{"Weekday": 0, "Hour": 0, "Minute": 0}]),
        # a weekday within a month: never both in one dictionary
        ("0 9 * 6 1-5", [{"Month": 6, "Hour": 9, "Minute": 0}]),
        ("0 9 * 1-11 1", [{"Weekday": 1, "Hour": 9, "Minute": 0}]),
        # nth and last weekdays
        ("0 9 * * 2#1", [{"Weekday": 2, "Hour": 9, "Minute": 0}]),
        ("0 0 L 2 *", [{"Month": 2, "Day": d, "Hour": 0, "Minute": 0} for d in (28, 29)]),
    ],
)
def test_expressions_become_these_intervals(cron: str, intervals: list[dict[str, int]]) -> None:
    assert _intervals(cron) == intervals


def test_days_after_the_28th_come_with_their_month_so_that_none_rolls_over() -> None:
    assert [i["Month"] for i in _intervals("0 0 31 * *")] == [1, 3, 5, 7, 8, 10, 12]
    assert [i.get("Day") for i in _intervals("0 0 28 * *")] == [28]


def test_february_can_be_all_there_is() -> None:
    assert _intervals("0 0 1-29 2 *") == [{"Month": 2, "Hour": 0, "Minute": 0}]


@pytest.mark.parametrize("cron", ["* * * * *", "* 9 * * *", "*/5 * * * 1", "* * 31 * 1"])
def test_no_interval_is_without_a_minute_which_would_mean_every_minute(cron: str) -> None:
    assert all("Minute" in interval for interval in _intervals(cron))


def test_a_restricted_day_comes_with_its_hours_while_they_fit() -> None:
    assert all("Hour" in interval for interval in _intervals("0,30 * * * 1-5"))


@pytest.mark.parametrize(
    ("cron", "count"),
    [
        ("*/5 9-17 * * 1-5", 540),
        ("*/5 9-17 13 * 1-5", 648),
        ("* * * * 1-5", 300),  # the hours go
        ("* 9-17 1-15 1-6 *", 540),  # the days go: 48 600 whole, 5 400 without hours
        ("* 9-20 13 6 1-5", 720),
        ("*/4 8-19 13 * 1-5", 180),  # 1 080 in all; every day costs less than every hour
        ("* 1-20 1-15 1-6 *", 60),  # days and hours go
    ],
)
def test_too_many_intervals_wake_more_often_instead(cron: str, count: int) -> None:
    assert count <= MOST
    assert len(_intervals(cron)) == count


@pytest.mark.parametrize("cron", ["0,0 9 13 * 5", "*/10,5 * 1-7 * 1", "0 0 31 1,3 5"])
def test_no_interval_contains_another(cron: str) -> None:
    found = [set(interval.items()) for interval in _intervals(cron)]
    assert not [(a, b) for a in found for b in found if a is not b and a <= b]


def test_a_wake_up_that_another_interval_covers_is_not_written_twice() -> None:
    assert _intervals("0 9 13 6 5") == [{"Month": 6, "Hour": 9, "Minute": 0}]


def test_every_other_key_is_explicit() -> None:
    assert {**_plist("0 9 * * *"), "StartCalendarInterval": None} == {
        "Label": "io.ncp-scheduler.1a2b3c4d.weekdays-9am",
        "ProgramArguments": [
            "/bin/sh",
            "/opt/n & c/100%/ncp/bin/ncp",
            "_timing-run",
            "weekdays-9am",
        ],
        "StartCalendarInterval": None,
        "RunAtLoad": True,
        "ExitTimeOut": 90,
        "AbandonProcessGroup": False,
        "ProcessType": "Standard",
    }


@pytest.mark.parametrize(
    "name", ["a -- b", "--", "---->", "<![CDATA[ & ]]>", "two\nlines", "\x00\ud800 é"]
)
def test_any_name_can_stand_in_the_comment(name: str) -> None:
    text = _text(timing("0 9 * * *", name=name))
    assert plistlib.loads(text.encode())["Label"].endswith("weekdays-9am")
    assert text.splitlines()[2].startswith('<!-- Written by ncp for "')


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_printable_home_survives(home: str) -> None:
    host = replace(MAC, home=f"/{home}")
    text = TARGET.emit(timing("0 9 * * *"), host).files[0].text if _sayable(home) else None
    assert text is None or plistlib.loads(text.encode())["ProgramArguments"][1] == host.launcher


def _sayable(text: str) -> bool:
    return not {"\ufffe", "\uffff"} & set(text)


@pytest.mark.parametrize("home", ["/a\x01b", "/a\x1bb", "/a\ufffe"])
def test_a_home_that_xml_cannot_say_is_refused(home: str) -> None:
    with pytest.raises(HomeError, match="cannot carry") as refused:
        TARGET.emit(timing("0 9 * * *"), replace(MAC, home=home))
    assert "NCP_HOME" in refused.value.next_step


def test_the_default_home_has_short_labels() -> None:
    host = replace(MAC, home="/Users/ann/.ncp/scheduler", tag="")
    path = "/Users/ann/Library/LaunchAgents/io.ncp-scheduler.weekdays-9am.plist"
    assert TARGET.emit(timing("0 9 * * *"), host).files[0].path == path


def test_an_artifact_says_how_to_load_and_unload_it_alone() -> None:
    artifact = TARGET.emit(timing("0 9 * * *"), MAC)
    service = "gui/501/io.ncp-scheduler.1a2b3c4d.weekdays-9am"
    assert artifact.load[0].argv == ("launchctl", "bootstrap", "gui/501", artifact.files[0].path)
    assert artifact.unload[0].argv == ("launchctl", "bootout", service)


def test_another_zone_wakes_at_both_differences() -> None:
    text = _text(timing("0 9 * * *", zone="America/New_York"))
    hours = {i["Hour"] for i in plistlib.loads(text.encode())["StartCalendarInterval"]}
    assert hours == {14, 15}  # New York is six hours behind Berlin, five for some weeks


def test_the_machines_zone_by_name_is_the_machines_zone() -> None:
    named = TARGET.emit(timing("0 9 * * *", zone="Europe/Berlin"), MAC).files[0].text
    assert plistlib.loads(named.encode()) == _plist("0 9 * * *")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
@pytest.mark.parametrize("cron", ["30 2 * * 0", "15 23 L * *", "0 0 13 6 5", "*/20 1 1 * *"])
def test_another_zones_slots_all_have_a_wake_up_here(cron: str, zone: str) -> None:
    wanted = timing(cron, zone=zone)
    slots = calendar.following(wanted.recurrence, zone, MAC.now, 120)
    labels = {calendar.local(slot, MAC.zone) for slot in slots}
    for wakes in TARGET.read(TARGET.emit(wanted, MAC), MAC):
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
    st.sampled_from(["*", "0", "*/7", "5/15", "1,2,58", "30-35", "*/30,7"]),
    st.sampled_from(["*", "0", "23", "9-17", "*/5", "1,2,22"]),
    st.sampled_from(["*", "1", "29", "30", "31", "L", "*/2", "1-7", "13,L", "28-31", "*/3,L"]),
    st.sampled_from(["*", "2", "6", "1,12", "4-9", "*/5"]),
    st.sampled_from(["*", "0", "1-5", "7", "1#1", "5L", "2#5", "*/2", "1,3#2", "*/7", "0-6"]),
)


@given(st.tuples(*FIELDS))
@settings(max_examples=80)
def test_every_reading_wakes_at_every_due_minute(fields: tuple[str, ...]) -> None:
    try:
        wanted = timing(" ".join(fields))
    except ExpressionError:
        return
    artifact = TARGET.emit(wanted, MAC)
    for wakes in TARGET.read(artifact, MAC):
        assert proof.compare(wanted.recurrence.rules, wakes.rules).missed == 0, wakes.reading


@pytest.mark.parametrize(
    "cron",
    ["0 9 * * 1-5", "*/7 8-18 * * *", "0 0 1,15 3 *", "0 9 13 * 5", "0 0 30 * *", "* * * * 1"],
)
def test_simple_expressions_are_exact_in_every_reading(cron: str) -> None:
    artifact = TARGET.emit(timing(cron), MAC)
    found = proof.prove(artifact, TARGET.read(artifact, MAC), MAC)
    assert (found.exactness, found.extra_per_day) == ("exact", 0.0)


@pytest.mark.skipif(
    shutil.which("plistutil") is None and not os.environ.get("CI"),
    reason="install plistutil (Debian: libplist-utils)",
)
@pytest.mark.parametrize("cron", ["0 9 * * *", "*/5 9-17 13 * 1-5", "* * * * *", "0 0 L * 5L"])
def test_plistutil_reads_the_same(cron: str, tmp_path: Path) -> None:
    file, binary = tmp_path / "agent.plist", tmp_path / "agent.bin"
    file.write_text(_text(timing(cron, name="n -- & <x>")))
    subprocess.run(["plistutil", "-i", file, "-f", "bin", "-o", binary], check=True)
    assert binary.read_bytes().startswith(b"bplist")
    assert plistlib.loads(binary.read_bytes()) == _plist(cron)
