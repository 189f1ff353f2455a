from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from cli.terminal import Terminal

if TYPE_CHECKING:
    from cli.conftest import Ncp

LATER = "2031-01-01T00:00:00Z"


def test_it_says_what_was_made_when_it_runs_and_when_next(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "weekdays at 8:30", "--name", "x", "--", "true")
    made, sentence, following = said.out.splitlines()
    assert made.startswith('Created "x" (')
    assert made.endswith(") in timing weekdays-8-30am.")
    assert "Monday through Friday" in sentence
    assert following.startswith("Next: ")


def test_the_document_holds_what_was_asked_for(ncp: Ncp) -> None:
    made = ncp.create("0 9 * * MON-FRI", "echo", "a b", name="x")
    tree = json.loads((ncp.home / "schedule.json").read_text())
    task = tree["tasks"][made["id"]]
    assert (task["command"], task["timingId"]) == (["echo", "a b"], "weekdays-9am")
    assert task["workingDirectory"] == str(ncp.user_home)
    assert task["capturedEnvironment"]["HOME"] == str(ncp.user_home)
    assert tree["timings"]["weekdays-9am"]["cronExpression"] == "0 9 * * 1-5"


def test_the_home_is_private_and_its_files_too(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (ncp.home, *ncp.home.iterdir())}
    assert modes[ncp.home.name] == 0o700
    assert (modes["schedule.json"], modes["state.db"]) == (0o600, 0o600)


@pytest.mark.parametrize("order", ["before", "after"])
def test_options_may_stand_on_either_side_of_the_schedule(ncp: Ncp, order: str) -> None:
    options, schedule = ["--name", "x", "--timeout", "7"], ["daily"]
    words = [*options, *schedule] if order == "before" else [*schedule, *options]
    task = ncp("schedule", "create", *words, "--json", "--", "true").json["task"]
    assert (task["name"], task["timeoutSeconds"], task["command"]) == ("x", 7, ["true"])


OPTIONS = [
    (("--description", "why"), "description", "why"),
    (("--shell",), "shell", True),
    (("--timeout", "0"), "timeoutSeconds", 0),
    (("--grace", "1.5"), "killGraceSeconds", 1.5),
    (("-C", "/usr"), "workingDirectory", "/usr"),
    (("-e", "A=1", "--env", "B="), "environment", {"A": "1", "B": ""}),
    (("--overlap", "queue"), "overlap", "queue"),
    (("--retries", "3"), "retries", {"attempts": 3}),
    (
        (
            *("--retries", "2", "--retry-delay", "0.5", "--retry-backoff", "1"),
            *("--retry-max-delay", "9", "--retry-on", "timeout"),
        ),
        "retries",
        {
            "attempts": 2,
            "delaySeconds": 0.5,
            "backoff": 1,
            "maxDelaySeconds": 9,
            "on": "timeout",
        },
    ),
    (("--priority", "high"), "priority", "high"),
    (("--jitter", "86399.5"), "jitterSeconds", 86399.5),
    (("--active-hours", "22:00-6:00"), "activeHours", {"start": "22:00", "end": "06:00"}),
    (
        ("--active-hours", "Mon-Tue,fri 9:00-17:30"),
        "activeHours",
        {"start": "09:00", "end": "17:30", "days": ["mon", "tue", "fri"]},
    ),
    (
        ("--limit-memory", "64", "--limit-cpu", "9", "--limit-files", "32", "--nice", "-5"),
        "limits",
        {"memoryMb": 64, "cpuSeconds": 9, "openFiles": 32, "nice": -5},
    ),
    (("--umask", "077"), "umask", "077"),
    (("--fire-once",), "fireOnce", True),
    (("--max-executions", "2"), "maxExecutions", 2),
    (("--end-date", LATER), "endDate", LATER),
    (("--timezone", "Asia/Tokyo"), "timezone", "Asia/Tokyo"),
]


@pytest.mark.parametrize(("argv", "key", "value"), OPTIONS, ids=[key for _, key, _ in OPTIONS])
def test_each_option_sets_its_key(ncp: Ncp, argv: tuple[str, ...], key: str, value: object) -> None:
    task = ncp("schedule", "create", "daily", *argv, "--json", "--", "true").json["task"]
    assert task[key] == value


def test_missed_slots_are_caught_up_unless_not_wanted(ncp: Ncp) -> None:
    assert ncp.create("daily")["catchupMissed"] is True
    said = ncp("schedule", "create", "daily", "--no-catchup-missed", "--json", "--", "true")
    assert not said.json["task"].get("catchupMissed")


def test_tasks_of_one_recurrence_share_a_timing_however_it_is_written(ncp: Ncp) -> None:
    timings = {ncp.create(s)["timingId"] for s in ("0 9 * * *", "daily at 9am", "00 09 * * 0-6")}
    assert timings == {"daily-9am"}


def test_what_was_assumed_is_said_on_stderr(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--", "true")
    assert "9" in said.err
    assert said.err.startswith("Note: ")


def test_a_program_that_is_not_there_is_doubted_and_made_all_the_same(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "hourly", "--", "no-such-program")
    assert said.code == 0
    assert 'Note: "no-such-program" is not a program' in said.err
    assert "is not a program" not in ncp("schedule", "create", "hourly", "--", "sh").err


def test_the_target_is_recorded_with_the_first_change_and_told(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    said = ncp("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert "Target: embedded (asked for)." in said.err
    assert 'target = "embedded"' in (ncp.home / "config.toml").read_text()


REFUSED = [
    (("files:list", "every day at 9am"), 'create "every day at 9am" --tool files:list'),
    (
        ("files:list", "daily", "--params", '{"a": 1}'),
        """create "daily" --tool files:list --params '{"a": 1}'""",
    ),
    (("14:30",), "needs a command"),
    (("2031-01-01T08:00Z",), "needs a command"),
    (("daily", "ls", "-la"), "Write: ncp schedule create daily -- ls -la"),
    (("every day at 9am",), 'create "every day at 9am" -- /usr/bin/true'),
    (("daily", "--timeout", "-5", "--", "true"), "--timeout"),
    (("daily", "--max-executions", "0", "--", "true"), "--max-executions"),
    (("daily", "-C", "/no/such", "--", "true"), "/no/such"),
    (("daily", "-e", "A", "--", "true"), "--env LANG=C.UTF-8"),
    (("daily", "-e", "=1", "--", "true"), "NAME=VALUE"),
    (("daily", "--end-date", "2031-13-01", "--", "true"), "--end-date"),
    (("daily", "--end-date", "never", "--", "true"), "--end-date"),
    (("daily", "--end-date", "2001-01-01T00:00:00Z", "--", "true"), "has passed"),
    (("daily", "--timezone", "Mars/Base", "--", "true"), "Mars/Base"),
    (("2001-01-01T00:00:00Z", "--", "true"), "has passed"),
    (("0 0 30 2 *", "--", "true"), "never comes"),
    (("every blue moon", "--", "true"), "every blue moon"),
    (("daily", "--", ""), "-- COMMAND"),
    (("daily", "--shell", "--", "echo", "a b"), "--shell -- 'echo a b'"),
]


@pytest.mark.parametrize(("argv", "words"), REFUSED, ids=[" ".join(argv) for argv, _ in REFUSED])
def test_what_cannot_be_is_refused_and_makes_nothing(
    ncp: Ncp, argv: tuple[str, ...], words: str
) -> None:
    said = ncp("schedule", "create", *argv)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_a_terminal_is_asked_for_the_command(ncp: Ncp) -> None:
    argv = ncp.program("schedule", "create", "daily", "--name", "x")
    with Terminal(argv, ncp.environment) as terminal:
        terminal.until("Command to run")
        terminal.type("echo 'a b'")
        terminal.rest()
    assert terminal.code == 0
    assert ncp("schedule", "get", "x", "--json").json["command"] == ["echo", "a b"]


def test_creating_at_once_loses_nothing(ncp: Ncp) -> None:
    programs = [
        subprocess.Popen(
            ncp.program("schedule", "create", "daily at 9am", "--name", f"t{i}", "--", "true"),
            env=ncp.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for i in range(8)
    ]
    assert [program.wait(60) for program in programs] == [0] * 8
    found = ncp("schedule", "list", "--json").json
    assert {task["name"] for task in found["tasks"]} == {f"t{i}" for i in range(8)}
    assert [len(timing["taskIds"]) for timing in found["timings"]] == [8]


def test_an_interval_is_created_listed_and_fired_from_its_anchor(ncp: Ncp) -> None:
    task = ncp.create("every 90 minutes", name="x")
    assert task["timingId"] == "every-90min"
    timing = json.loads((ncp.home / "schedule.json").read_text())["timings"]["every-90min"]
    assert (timing["every"]["count"], timing["every"]["unit"]) == (90, "minute")
    shown = ncp("schedule", "get", "x", "--json").json
    assert shown["every"] == timing["every"]
    anchor, first = (
        datetime.fromisoformat(text) for text in (timing["every"]["anchor"], shown["nextSlots"][0])
    )
    assert first - anchor == timedelta(minutes=90)
    found = ncp("_timing-run", "every-90min", "--at", first.isoformat(), "--explain", "--json").json
    assert (found["due"], found["slot"]) == (True, shown["nextSlots"][0])


def test_a_zone_that_only_this_shell_has_is_pointed_out(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    said = ncp("schedule", "create", "daily at 9am", "--", "true")
    assert "a scheduler without TZ fires by" in said.err
    assert "--timezone Pacific/Auckland" in said.err
    named = ("--timezone", "Pacific/Auckland")
    assert "TZ" not in ncp("schedule", "create", "daily at 8am", *named, "--", "true").err


def test_a_target_that_this_machine_does_not_have_is_refused(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    said = ncp("schedule", "create", "@daily", "--target", "launchd", "--", "true")
    assert (said.code, said.out) == (4, "")
    assert "has no launchctl" in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_a_schedule_that_is_no_file_is_refused_at_once(ncp: Ncp) -> None:
    os.mkfifo(ncp.home / "schedule.json", 0o600)
    said = ncp("schedule", "list")
    assert said.code == 2
    assert "It is not a regular file." in said.err


def test_a_crontab_program_that_drops_the_table_is_noticed(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Crontab(ncp, monkeypatch).folder / "bin" / "crontab"
    program.write_text(program.read_text().replace("cat >table", "cat >/dev/null"))
    said = ncp("schedule", "create", "@daily", "--", "true")
    assert (said.code, said.out) == (4, "")
    assert "the entry is not there" in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_active_hours_without_any_slot_are_remarked_upon(ncp: Ncp) -> None:
    hours = ("--active-hours", "09:00-12:00")
    said = ncp("schedule", "create", "daily at 3am", *hours, "--", "true")
    assert "No slot of daily-3am lies in its active hours: it will not run." in said.err
    assert "Next:" not in said.out


def test_a_name_made_from_a_command_holds_no_secret_of_it(ncp: Ncp) -> None:
    made = ncp.create("daily", "curl", "--token", "hunter2", "https://x.example/")
    step = ("--step", "A_TOKEN=hunter2 run")
    steps = ncp("schedule", "create", "daily", *step, "--json").json["task"]
    assert made["name"] == "curl --token '********' https://x.example/"
    assert steps["name"] == "A_TOKEN=******** run"


AMOUNTS = [
    ("--timeout", "5m", "timeoutSeconds", 300),
    ("--grace", "1 min", "killGraceSeconds", 60),
    ("--jitter", "2h", "jitterSeconds", 7200),
    ("--end-date", "2031-01-01", "endDate", "2031-01-01T00:00:00+01:00"),
    ("--limit-memory", "2G", "limits", {"memoryMb": 2048}),
    ("--limit-cpu", "10m", "limits", {"cpuSeconds": 600}),
]


@pytest.mark.parametrize(("option", "text", "key", "value"), AMOUNTS)
def test_an_amount_is_given_as_people_write_it(
    ncp: Ncp, option: str, text: str, key: str, value: object
) -> None:
    assert ncp.create("daily", **{option.removeprefix("--"): text})[key] == value


WRONG = [
    ("--timeout", "5 mintes", "Write: --timeout 5minutes"),
    ("--limit-memory", "lots", "Write: --limit-memory 512MB"),
    ("--end-date", "someday", "Write for example: --end-date 20"),
    ("--end-date", "2020-02-03", "Write for example: --end-date 20"),
]


@pytest.mark.parametrize(("option", "text", "advice"), WRONG)
def test_the_advice_on_an_amount_is_an_option_that_is_taken(
    ncp: Ncp, option: str, text: str, advice: str
) -> None:
    said = ncp("schedule", "create", "daily", option, text, "--", "true")
    assert (said.code, said.out) == (2, "")
    assert advice in said.err
    words = said.err.partition(": --")[2].partition("\n")[2].rpartition(": ")[2].split(", ")[0]
    assert ncp("schedule", "create", "daily", *words.split(), "--", "true").code == 0
