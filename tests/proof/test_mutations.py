"""Damage done to the text of an artifact, each of which the proof must notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hosts import LINUX, MAC, WINDOWS, timing
from ncp import proof, targets
from ncp.errors import SchedulerError
from ncp.model import Artifact, File, Host

HOSTS = {"systemd": LINUX, "launchd": MAC, "schtasks": WINDOWS, "cron": LINUX}
THRICE, OFFICE, EITHER, ABROAD = "0,20,40 9 * * *", "0 9 * * 1-5", "0 9 13 * 5", "0 9 * * *"
DICT = "    <dict>\n{}    </dict>\n"
KEY = "      <key>{}</key>\n      <integer>{}</integer>\n"
AT_MINUTE_20 = DICT.format(KEY.format("Hour", 9) + KEY.format("Minute", 20))
AT_9 = KEY.format("Hour", 9) + KEY.format("Minute", 0)
FRIDAY = DICT.format(KEY.format("Weekday", 5) + AT_9)
THE_13TH = DICT.format(KEY.format("Day", 13) + AT_9)
BOTH = DICT.format(KEY.format("Day", 13) + KEY.format("Weekday", 5) + AT_9)
TRIGGER = """    <CalendarTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>2020-01-01T09:20:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
"""


def emitted(target: str, cron: str, zone: str | None = None) -> Artifact:
    return targets.target(target).emit(timing(cron, zone=zone), HOSTS[target])


def proven(artifact: Artifact, host: Host) -> object:
    return proof.prove(artifact, targets.target(artifact.target).read(artifact, host), host)


def mutated(artifact: Artifact, old: str, new: str) -> Artifact:
    """Replace what stands once in one of the texts."""
    files = tuple(File(f.path, f.text.replace(old, new), f.encoding) for f in artifact.files)
    assert sum(file.text.count(old) for file in artifact.files) == 1, artifact.files[-1].text
    return replace(artifact, files=files)


@pytest.mark.parametrize(
    ("target", "cron", "old", "new"),
    [
        # one minute is dropped
        ("systemd", THRICE, "09:00,20,40:00", "09:00,40:00"),
        ("launchd", THRICE, AT_MINUTE_20, ""),
        ("schtasks", THRICE, TRIGGER, ""),
        ("cron", THRICE, "\n0,20,40 9", "\n0,40 9"),
        # a minute is moved
        ("systemd", THRICE, "09:00,20,40:00", "09:00,21,40:00"),
        ("launchd", THRICE, AT_MINUTE_20, AT_MINUTE_20.replace("20", "21")),
        ("schtasks", THRICE, "T09:20:00", "T09:21:00"),
        ("cron", THRICE, "\n0,20,40 9", "\n0,21,40 9"),
        # a weekday is shifted
        ("systemd", OFFICE, "=Mon,Tue,", "=Sun,Tue,"),
        ("launchd", OFFICE, FRIDAY, FRIDAY.replace("<integer>5", "<integer>6")),
        ("schtasks", OFFICE, "<Friday />", "<Saturday />"),
        ("cron", OFFICE, "\n0 9 * * 1-5", "\n0 9 * * 2-6"),
        # day of month AND weekday instead of OR
        (
            "systemd",
            EITHER,
            "OnCalendar=*-*-13 09:00:00\nOnCalendar=Fri *-*-* 09:00:00",
            "OnCalendar=Fri *-*-13 09:00:00",
        ),
        ("launchd", EITHER, FRIDAY + THE_13TH, BOTH),
        ("cron", EITHER, "\n0 9 13 * 5", "\n0 9 */13 * 5"),
    ],
)
def test_damage_to_the_times_is_noticed(target: str, cron: str, old: str, new: str) -> None:
    host = HOSTS[target]
    artifact = emitted(target, cron)
    assert proven(artifact, host)
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proven(mutated(artifact, old, new), host)


def test_either_of_two_triggers_is_needed_where_a_task_cannot_say_and() -> None:
    artifact = emitted("schtasks", EITHER)
    text = artifact.files[0].text
    for tag in ("ScheduleByMonth", "ScheduleByWeek"):
        start = text.rindex("    <CalendarTrigger>", 0, text.index(f"<{tag}>"))
        end = text.index("</CalendarTrigger>\n", start) + len("</CalendarTrigger>\n")
        with pytest.raises(SchedulerError, match="would miss due minutes"):
            proven(mutated(artifact, text[start:end], ""), WINDOWS)


def test_a_49th_trigger_is_noticed() -> None:
    many = emitted("schtasks", "1,13,24,38 6-16,19 * * *")
    text = many.files[0].text
    assert text.count("<Enabled>") - 1 == 48
    assert proven(many, WINDOWS)
    with pytest.raises(SchedulerError, match="49 triggers"):
        proven(mutated(many, "  </Triggers>\n", TRIGGER + "  </Triggers>\n"), WINDOWS)


@pytest.mark.parametrize("target", HOSTS)
def test_a_wrong_zone_is_noticed(target: str) -> None:
    """What was made for a machine elsewhere, or names another zone."""
    there = replace(HOSTS[target], zone="Asia/Tokyo")
    artifact = targets.target(target).emit(timing(ABROAD, zone="America/New_York"), there)
    assert proven(artifact, there)
    if target == "systemd":
        artifact = mutated(artifact, "00 America/New_York", "00 America/Chicago")
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proven(artifact, HOSTS[target])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("OnCalendar=2026,2037-03-29 01:00:00 UTC\n", ""),
        ("OnCalendar=2026,2037-03-29 01", "OnCalendar=2026-03-29 01"),
        ("OnCalendar=2026,2037-03-29 01:00:00", "OnCalendar=2026,2037-03-29 01:02:00"),
        ("-03,10-* 00,01:30:00 UTC", "-03,10-* 00:30:00 UTC"),
        ("-03,10-* 00,01:30:00 UTC", "-03,10-* 00,01:30:00"),
        ("-04,05,06,07,08,09-* 00:30", "-04,05,06,07,08-* 00:30"),
    ],
)
def test_damage_to_what_wakes_where_a_clock_changes_is_noticed(old: str, new: str) -> None:
    artifact = emitted("systemd", "30 2 * * *")
    assert proven(artifact, LINUX)
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proven(mutated(artifact, old, new), LINUX)


def test_local_lines_alone_are_not_enough_where_a_clock_changes() -> None:
    artifact = emitted("systemd", "30 9 * * *")
    nightly = replace(
        mutated(artifact, "*-*-* 09:30:00", "*-*-* 02:30:00"), timing=timing("30 2 * * *")
    )
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proven(nightly, LINUX)
