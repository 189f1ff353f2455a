from __future__ import annotations

import re
import signal
import sqlite3
import time
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import pytest

from cli.crontab import Crontab
from cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.conftest import Ncp


def test_a_newcomer_sees_the_one_command_to_start_with(ncp: Ncp) -> None:
    (ncp.home / "config.toml").unlink()
    ncp.home.rmdir()
    said = ncp()
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Nothing is scheduled yet. To start:\n\n  ncp schedule create ")
    assert "\nTarget: " in said.out
    assert "not launchd: launchd is part of macOS" in said.out
    assert not ncp.home.exists()


def test_the_command_to_start_with_works(ncp: Ncp) -> None:
    words = next(line for line in ncp().out.splitlines() if line.startswith("  ncp "))
    assert words.split('"')[1] == "every 5 minutes"
    assert ncp("schedule", "create", "every 5 minutes", "--", "date").code == 0
    assert "Nothing is scheduled" not in ncp().out


def test_timings_show_their_next_and_last_wakes(ncp: Ncp) -> None:
    ncp.create("every minute", "true", name="a")
    ncp.create("every minute", "true", name="b")
    before = ncp().out.splitlines()
    assert before[0] == "Target: embedded (recorded in config.toml)"
    assert before[2].split() == ["TIMING", "WHEN", "TASKS", "NEXT", "LAST", "WAKE"]
    assert before[3].split()[:4] == ["every-minute", "Every", "minute", "2"]
    assert before[3].split()[-1] == "-"
    ncp.fire("every-minute")
    after = ncp().out.splitlines()[3]
    assert after.count("CE") == 2, "the next slot and the last wake, with their zone"
    assert after.rstrip().endswith(")")


def failing(ncp: Ncp, *names: str) -> None:
    for name in names:
        ncp.create("hourly", "sh", "-c", "exit 3", name=name)
        assert ncp("schedule", "run", name).code == 1


def failures(ncp: Ncp) -> list[list[str]]:
    """The rows of what failed last: task and reason."""
    lines = ncp().out.splitlines()
    if "Last failures" not in lines:
        return []
    rows = [re.split(" {2,}", line) for line in lines[lines.index("Last failures") + 1 :]]
    assert rows[0] == ["STARTED", "TASK", "REASON", "ID"]
    return [row[1:3] for row in rows[1:] if len(row) == 4]


def test_the_last_failures_are_shown_newest_first(ncp: Ncp) -> None:
    failing(ncp, "one", "two", "three", "four")
    ncp.create("hourly", "true", name="fine")
    ncp("schedule", "run", "fine")
    assert failures(ncp) == [["four", "exit 3"], ["three", "exit 3"], ["two", "exit 3"]]
    words = ncp().out.splitlines()[-1]
    assert words.startswith("See: ncp schedule show ")
    assert words.endswith("(one more task failed last)")
    shown = ncp("schedule", "show", words.split()[4], "--json").json
    assert (shown["taskName"], shown["exitCode"]) == ("four", 3)


def test_a_task_fails_once_until_it_is_well_again_or_gone(ncp: Ncp) -> None:
    failing(ncp, "a", "b", "c")
    ncp("schedule", "run", "a")
    assert failures(ncp) == [["a", "exit 3"], ["c", "exit 3"], ["b", "exit 3"]]
    ncp("schedule", "update", "a", "--", "true")
    ncp("schedule", "run", "a")
    ncp("schedule", "delete", "b", "-y")
    ncp("schedule", "update", "c", "--name", "renamed")
    assert failures(ncp) == [["renamed", "exit 3"]]
    ncp("schedule", "delete", "renamed", "-y")
    assert failures(ncp) == []


REASONS = [
    (("/no/such/program",), "exit 127: The program /no/such/program does not exist"),
    (("sh", "-c", "no-such-program"), "exit 127: a program it calls does not exist"),
    (("sh", "-c", "/etc/passwd"), "exit 126: a program it calls cannot be executed"),
    (("sh", "-c", "kill -9 $$"), "failure: ended by signal 9"),
    (
        ("sh", "-c", "sh -c 'kill -9 $$'; exit $?"),
        "exit 137: a program it calls was ended by signal 9",
    ),
    (("sh", "-c", "exit 200"), "exit 200"),
]


@pytest.mark.parametrize(("argv", "why"), REASONS, ids=str)
def test_a_failure_says_its_reason_in_words(ncp: Ncp, argv: tuple[str, ...], why: str) -> None:
    ncp.create("hourly", *argv, name="x")
    ncp("schedule", "run", "x")
    assert failures(ncp) == [["x", why]]


def test_a_deadline_is_a_reason_too(ncp: Ncp) -> None:
    ncp.create("hourly", "sleep", "9", name="x", timeout="1")
    ncp("schedule", "run", "x")
    assert failures(ncp) == [["x", "timeout: ran longer than 1 s"]]


def test_timings_come_in_the_order_of_their_next_runs(ncp: Ncp) -> None:
    ncp.create("0 0 1 1 *")
    ncp.create("hourly")
    ncp.create("every minute")
    ncp.create("in 25 hours")
    ncp.create("0 0 1 2 *", name="gone")
    ncp("schedule", "pause", "gone")
    found = ncp("--json").json["timings"]
    nexts = [one["nextExecutionAt"] for one in found]
    assert nexts[:-1] == sorted(nexts[:-1])
    assert nexts[-1] is None
    assert found[0]["id"] == "every-minute"
    shown = [line.split()[0] for line in ncp().out.splitlines()[3:8]]
    assert shown == [one["id"] for one in found]


@contextmanager
def served(ncp: Ncp) -> Iterator[None]:
    """Let the embedded daemon run."""
    with ncp.running("daemon", "run") as program:
        until = time.monotonic() + 20
        while ncp("--json").json["warnings"] and time.monotonic() < until:
            time.sleep(0.1)
        yield
        program.kill()


def test_a_next_run_is_said_only_where_something_fires_it(ncp: Ncp) -> None:
    ncp.create("30 3 * * *")
    ncp.create("every minute")
    assert ncp().out.count("(nothing fires)") == 2
    assert {one["fires"] for one in ncp("--json").json["timings"]} == {False}
    with served(ncp):
        said = ncp().out
        assert "nothing fires" not in said
        assert re.search(r"every-minute .*\(in \d+ (s|min)\)", said)
        assert {one["fires"] for one in ncp("--json").json["timings"]} == {True}


@pytest.mark.parametrize("lost", [("hourly",), ("hourly", "daily-9am")])
def test_a_timing_whose_entry_is_gone_promises_nothing(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, lost: tuple[str, ...]
) -> None:
    table = Crontab(ncp, monkeypatch)
    monkeypatch.setattr(import_module("ncp.host.look"), "processes", lambda: frozenset({"cron"}))
    (ncp.home / "config.toml").write_text('target = "cron"\n')
    ncp.create("hourly", name="a")
    ncp.create("daily", name="b")
    assert (ncp().err, "no entry" in ncp().out) == ("", False)
    lines = table.text.splitlines(keepends=True)
    left = [line for line in lines if not any(f"_timing-run {one}" in line for one in lost)]
    table.table.write_text("".join(left))
    said = ncp()
    assert said.out.count("no entry") == len(lost)
    found = ncp("--json").json
    assert {one["id"] for one in found["timings"] if not one["fires"]} == set(lost)
    assert [one["mend"] for one in found["warnings"]] == ["ncp schedule sync"]
    assert ("Nothing fires: none of 2" in said.err) == (len(lost) == 2)
    assert "To mend it: ncp schedule sync" in said.err
    assert ncp("schedule", "sync").code == 0
    assert ncp().err == ""


def test_what_runs_now_is_shown(ncp: Ncp) -> None:
    ncp.create("hourly", "sleep", "60", name="long")
    with ncp.running("schedule", "run", "long") as program:
        until = time.monotonic() + 20
        while "Running now" not in ncp().out and time.monotonic() < until:
            time.sleep(0.1)
        lines = ncp().out.splitlines()
        (one,) = ncp("--json").json["running"]
        row = lines[lines.index("Running now") + 2].split()
        program.send_signal(signal.SIGINT)
        program.wait()
    assert (row[0], row[-1]) == ("long", one["executionId"][16:24])
    assert "Running now" not in ncp().out


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_overview_fits_the_terminal(ncp: Ncp, width: int) -> None:
    failing(ncp, "a long name of a task " * 5, "每日備份" * 20)
    ncp.create("weekdays at 9am and 5:30pm", name="x")
    ncp.fire("hourly")
    with Terminal(ncp.program(), {**ncp.environment, "COLUMNS": str(width)}) as terminal:
        lines = re.sub(r"\x1b\[[\d;]*m", "", terminal.rest()).replace("\r", "").splitlines()
    tables = [line for line in lines if re.match("(TIMING|STARTED|hourly|weekdays|[0-9])", line)]
    assert len(tables) == 6
    wide = [sum(1 + (east_asian_width(one) in "WF") for one in line) for line in tables]
    assert max(wide) <= width
    assert sum("exit 3" in line for line in tables) == 2
    assert "weekdays-9am" in "".join(tables)


def test_what_did_not_wake_is_warned_about(ncp: Ncp) -> None:
    ncp.create("every minute")
    assert "did not wake" not in ncp().err
    ncp.overdue(30)
    said = ncp()
    assert said.code == 0
    assert "Note: every-minute was due at " in said.err
    assert "Nothing fires until ncp daemon run runs." in said.err


def test_a_file_of_the_predecessor_is_found_and_left_alone(ncp: Ncp) -> None:
    (ncp.home / "jobs.json").write_text('{"jobs": []}')
    said = ncp()
    assert "jobs.json is of an earlier version" in said.err
    assert (ncp.home / "jobs.json").read_text() == '{"jobs": []}'


def test_the_json_has_the_same_and_more(ncp: Ncp) -> None:
    ncp.create("every minute", "sh", "-c", "exit 3", name="a")
    ncp.fire("every-minute")
    ncp.overdue(0)
    found = ncp("--json").json
    assert (found["home"], found["target"]) == (str(ncp.home), "embedded")
    (timing,) = found["timings"]
    assert set(timing["lastWake"]) == {"at", "outcome"}
    assert [one["exitCode"] for one in found["failures"]] == [3]
    assert [one["mend"] for one in found["warnings"]] == ["ncp daemon run"]
    assert (found["overdue"], found["predecessor"]) == ([], None)


def test_json_belongs_after_a_command(ncp: Ncp) -> None:
    said = ncp("--json", "doctor")
    assert (said.code, said.out) == (2, "")
    assert '"--json" comes after the command.' in said.err


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_broken_document_stops_everything_and_stays(ncp: Ncp, cut: int) -> None:
    ncp.create("hourly")
    path = ncp.home / "schedule.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    said = ncp()
    assert (said.code, said.out) == (2, "")
    assert str(path) in said.err
    assert path.read_bytes() == whole[:cut]


def test_a_change_that_was_interrupted_is_finished(ncp: Ncp) -> None:
    ncp.create("hourly")
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("INSERT OR REPLACE INTO meta VALUES ('pending', '1')")
    book.close()
    assert "had been interrupted" in ncp().err
    assert "had been interrupted" not in ncp().err


def test_a_crontab_that_cannot_be_read_is_told_and_stops_nothing(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Crontab(ncp, monkeypatch)
    ncp.create("hourly", name="a")
    table.refuse()
    said = ncp()
    assert said.code == 0
    assert "hourly" in said.out
    assert "you are not allowed to use this program" in said.err


def test_an_entry_that_was_edited_is_told(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Crontab(ncp, monkeypatch)
    monkeypatch.setattr(import_module("ncp.host.look"), "processes", lambda: frozenset({"cron"}))
    ncp.create("hourly", name="a")
    table.table.write_text(table.text.replace("0 * * * * /bin/sh", "5 5 * * * /bin/sh"))
    assert "Not as ncp wrote it: hourly. To mend it: ncp schedule sync" in ncp().err
