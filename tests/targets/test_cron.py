"""The crontab lines that ncp writes, and what Vixie cron makes of them."""

from __future__ import annotations

import random
import shlex
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from hosts import DEFAULT_HOME, LINUX, NOW, timing
from ncp import proof
from ncp.cron import expression
from ncp.errors import HomeError, InputError, SchedulerError
from ncp.model import Artifact, File, Recurrence, Rule, Timing
from ncp.targets.cron import TARGET
from ncp.targets.cron.cover import cover
from ncp.targets.cron.emit import LONGEST_COMMAND, command, quoted
from ncp.targets.cron.read import parse
from targets.expressions import on_day, random_crons, wake_ups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONCE = Timing(
    id="once-2026-12-24-0730",
    name="Once",
    recurrence=Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC)),
)
BASE = datetime(2026, 2, 27, tzinfo=UTC)


def fields(of: Timing) -> str:
    """The five fields of the one line of a timing."""
    (line,) = [line for line in TARGET.emit(of, LINUX).files[0].text.splitlines() if line[0] != "#"]
    return " ".join(line.split()[:5])


@pytest.mark.parametrize(
    ("name", "cron", "zone"),
    [
        ("weekdays-9am", "0 9 * * mon-fri", None),
        ("last-day", "0 9 L * *", None),
        ("daily-9am-of-new-york", "0 9 * * *", "America/New_York"),
    ],
)
def test_blocks_are_as_reviewed(
    name: str, cron: str, zone: str | None, golden: Callable[[str, str], None]
) -> None:
    artifact = TARGET.emit(
        timing(cron, id=name, name=name.replace("-", " ").capitalize(), zone=zone), LINUX
    )
    golden(f"cron/{name}.crontab", artifact.files[0].text)


def test_the_block_of_the_default_home_has_no_tag(golden: Callable[[str, str], None]) -> None:
    text = TARGET.emit(ONCE, DEFAULT_HOME).files[0].text
    assert text.startswith("# >>> ncp >>>\n")
    golden("cron/once-of-the-default-home.crontab", text)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * mon-fri", "0 9 * * 1-5"),
        ("5/15 * * * 7", "5-50/15 * * * 0"),
        ("@daily", "0 0 * * *"),
        ("0 9 1,15 * 5", "0 9 1,15 * 5"),
        ("0 0 */2 * 1", "0 0 */2 * 1"),
        ("0 0 1-7 * */7", "0 0 1-7 * */7"),
        ("*/30 2 * * *", "*/30 2 * * *"),
        ("0,30 2 * * *", "0,30 2 * * *"),
    ],
)
def test_what_cron_can_say_is_said_canonically(cron: str, expected: str) -> None:
    assert fields(timing(cron)) == expected
    assert fields(timing(cron, zone=LINUX.zone)) == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 L * *", "0 9 28-31 * *"),
        ("0 9 L 2 *", "0 9 28,29 2 *"),
        ("0 9 15,L 4,6 *", "0 9 15,30 4,6 *"),
        ("0 9 * * 1#2", "0 9 8-14 * */7,1"),
        ("0 9 * * 0#1", "0 9 1-7 * */7"),
        ("0 9 * * 5L", "0 9 22-31 * */5"),
        ("0 9 * * 1,5L", "0 9 * * 1,5"),
        ("0 9 13 * 1#2", "0 9 13 * 1"),
        ("0 9 1 * 1#1,2#1,3#1,4#1,5#1", "0 9 1-7 * *"),
        ("0 9 L * 1#5", "0 9 28-31 * *"),
        ("0 9 */2 * 1#1", "0 9 1-7/2 * */7,1"),
        ("0 9 */2,L * 1", "0 9 */2,28,30 * 1"),
        ("*/20 9 L * *", "*/20 9 28-31 * *"),
        ("* * L * *", "* * 28-31 * *"),
        ("0 */2 L * *", "0 */2 28-31 * *"),
    ],
)
def test_what_cron_cannot_say_is_widened_to_one_line(cron: str, expected: str) -> None:
    assert fields(timing(cron)) == expected


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("0 9 * * *", "America/New_York", "0 14,15 * * *"),
        ("30 9 * * 1-5", "Asia/Kathmandu", "45 4,5 * * 1-5"),
        ("0 9 1 1 *", "Pacific/Kiritimati", "0 20,21 31 12 *"),
        ("*/15 * * * *", "UTC", "*/15 * * * *"),
        ("30 20 * * 1", "America/New_York", "30 */23,1,2 * * 2"),
        ("1-20 1 * * *", "UTC", "*/59,1-20 2,3 * * *"),
        ("5 1,2,3,4,5,6,7 * * *", "UTC", "5 */23,2-9 * * *"),
        ("* 1 * * *", "UTC", "* 2,3 * * *"),
    ],
)
def test_another_zone_is_one_line_that_wakes_at_each_of_its_slots(
    cron: str, zone: str, expected: str
) -> None:
    assert fields(timing(cron, zone=zone)) == expected


def test_days_and_weekdays_without_a_star_of_their_own_are_joined_by_or() -> None:
    rules = expression.parse("0 9 13 * 5").rules
    widened = (*rules, replace(rules[0], days=tuple(range(1, 32))))
    assert cover(widened) == "0 9 * * *"


def test_rules_without_days_win_over_rules_with_them() -> None:
    rules = (*expression.parse("0 9 * * *").rules, *expression.parse("0 9 13 * 5").rules)
    assert cover(rules) == "0 9 * * *"


def test_a_one_off_is_its_label_in_the_machines_zone() -> None:
    assert fields(ONCE) == "30 8 24 12 *"


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="not an IANA time zone"):
        TARGET.emit(timing("0 9 * * *", zone="Mars/Olympus"), LINUX)


def test_random_lines_wake_at_every_due_minute() -> None:
    for cron in random_crons(random.Random(11), 300):
        artifact = TARGET.emit(timing(cron), LINUX)
        (wakes,) = TARGET.read(artifact, LINUX)
        found = proof.compare(artifact.timing.recurrence.rules, wakes.rules)
        assert found.missed == 0, cron


def test_lines_that_cron_can_say_are_exact() -> None:
    for cron in random_crons(random.Random(12), 200, special=False):
        artifact = TARGET.emit(timing(cron), LINUX)
        (wakes,) = TARGET.read(artifact, LINUX)
        found = proof.compare(artifact.timing.recurrence.rules, wakes.rules)
        assert found.exactness == "exact", cron


def test_random_lines_of_other_zones_wake_at_every_slot() -> None:
    """Witness: cronsim in the other zone, and Vixie's rule for repeated hours."""
    machine = ZoneInfo(LINUX.zone)
    for zone in ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"):
        for cron in random_crons(random.Random(13), 40):
            text = fields(timing(cron, zone=zone))
            star = any(field.startswith("*") for field in text.split()[:2])
            slots = CronSim(cron, NOW.astimezone(ZoneInfo(zone)))
            labels = [next(slots).astimezone(UTC).astimezone(machine) for _ in range(100)]
            rules = parse(f"{text} x")
            for label in labels:
                assert any(wakes_at(rule, label) for rule in rules), (cron, zone, label)
                assert star or label.fold == 0


def wakes_at(rule: Rule, label: datetime) -> bool:
    times = (
        rule.minutes is None or label.minute in rule.minutes,
        rule.hours is None or label.hour in rule.hours,
    )
    return all(times) and on_day(rule, label)


def test_the_reader_agrees_with_cronsim() -> None:
    for cron in random_crons(random.Random(14), 200, special=False):
        line = expression.parse(cron).cron
        slots = CronSim(line, BASE)
        expected = [f"{next(slots):%Y-%m-%d %H:%M}" for _ in range(20)]
        found = wake_ups(parse(f"{line} x"), BASE, 20)
        assert found == expected[: len(found)] != [], line


@pytest.mark.parametrize(
    "line",
    [
        "5/15 * * * * x",
        "6-1 * * * * x",
        "*/0 * * * * x",
        "60 * * * * x",
        "0 0 L * * x",
        "0 0 * * 1#2 x",
        "0 0 * * mon x",
        "0 0 * * 1",
        "0 9 * * * x % y",
        "0 9 * * * x \\\\% y",
        "0 9 * * * " + "x" * 999,
    ],
)
def test_the_reader_refuses_what_cron_refuses_or_cuts_short(line: str) -> None:
    with pytest.raises(SchedulerError) as caught:
        parse(line)
    assert line in caught.value.what


def test_the_reader_reads_sunday_as_zero() -> None:
    assert parse("0 9 * * 7 x") == (
        Rule((0,), (9,), tuple(range(1, 32)), tuple(range(1, 13)), (0,), "wall"),
    )


def test_a_table_without_a_final_newline_is_refused() -> None:
    artifact = Artifact("cron", ONCE, (File("crontab", "# x\n0 9 * * * x"),))
    with pytest.raises(SchedulerError, match="no newline"):
        TARGET.read(artifact, LINUX)


def vixie(command_text: str) -> str:
    """What reaches the shell: do_command.c of Vixie cron, line by line."""
    kept: list[str] = []
    escaped = False
    for character in command_text:
        if escaped and character == "%":
            kept[-1] = "%"
        elif character == "%":
            return "".join(kept)
        else:
            kept.append(character)
        escaped = character == "\\" and not escaped
    return "".join(kept)


@pytest.mark.parametrize(
    "home",
    [
        "/plain",
        "/opt/n & c/100%/ncp",
        "/%%/a%",
        "/back\\%slash\\\\%\\",
        "/q'u\"o`t$HOME$(x)",
        "/#;|<>*?[é中",
        "/\udcff",
        " ",
    ],
)
def test_a_path_reaches_the_launcher_through_cron_and_the_shell(home: str, tmp_path: Path) -> None:
    launcher = tmp_path / "bin" / f"x{home.replace('/', '_')}"
    launcher.parent.mkdir()
    launcher.write_text('printf "%s\\n" "$0" "$@"\n')
    line = vixie(f"/bin/sh {quoted(str(launcher))} _timing-run daily")
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=True)
    said = done.stdout.decode(errors="surrogateescape")
    assert said == f"{launcher}\n_timing-run\ndaily\n"


def test_a_command_as_long_as_cron_allows_is_accepted_and_one_byte_more_is_not() -> None:
    daily = timing("0 9 * * *", id="daily")
    size = len(command("daily", replace(LINUX, home="/é")).encode())
    longest = replace(LINUX, home="/é" + "x" * (LONGEST_COMMAND - size))
    assert len(command("daily", longest).encode()) == LONGEST_COMMAND
    assert TARGET.read(TARGET.emit(daily, longest), longest)
    with pytest.raises(HomeError, match="999 bytes") as caught:
        TARGET.emit(daily, replace(longest, home=longest.home + "x"))
    assert "NCP_HOME" in caught.value.next_step


def test_a_home_with_a_line_break_is_refused() -> None:
    with pytest.raises(HomeError, match="line break"):
        TARGET.emit(ONCE, replace(LINUX, home="/a\nb"))


def test_a_name_cannot_break_out_of_its_comment() -> None:
    hostile = replace(ONCE, name="x\n* * * * * evil\r\n# <<< ncp 1a2b3c4d <<<")
    lines = TARGET.emit(hostile, LINUX).files[0].text.splitlines()
    assert len(lines) == 4


@pytest.fixture
def fake_crontab(tmp_path: Path) -> Path:
    """A program named crontab on PATH, with a file for a spool."""
    program = tmp_path / "crontab"
    spool = shlex.quote(str(tmp_path / "spool"))
    program.write_text(f'#!/bin/sh\n[ "$1" = -l ] && exec cat {spool}\nexec cat > {spool}.new\n')
    program.chmod(0o755)
    return tmp_path


def test_the_commands_of_one_artifact_keep_the_rest_of_the_table(fake_crontab: Path) -> None:
    artifact = TARGET.emit(ONCE, LINUX)
    spool, new = fake_crontab / "spool", fake_crontab / "spool.new"
    for commands, before, after in (
        (artifact.load, "0 1 * * * mine\n", artifact.files[0].text + "0 1 * * * mine\n"),
        (artifact.unload, artifact.files[0].text + "0 1 * * * mine\n", "0 1 * * * mine\n"),
    ):
        spool.write_text(before)
        (run,) = commands
        subprocess.run(
            run.argv,
            input=run.stdin or "",
            text=True,
            check=True,
            env={"PATH": f"{fake_crontab}:/usr/bin:/bin"},
        )
        assert new.read_text() == after
