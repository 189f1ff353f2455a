from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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


def test_the_last_failures_are_shown_newest_first(ncp: Ncp) -> None:
    for name in ("one", "two", "three", "four"):
        ncp.create("hourly", "sh", "-c", "exit 3", name=name)
        ncp("schedule", "run", name)
    ncp.create("hourly", "true", name="fine")
    ncp("schedule", "run", "fine")
    lines = ncp().out.splitlines()
    shown = lines[lines.index("Last failures") + 1 :]
    assert [line.split("  ")[1:] for line in shown[:3]] == [
        ["four", "exit 3"],
        ["three", "exit 3"],
        ["two", "exit 3"],
    ]
    assert shown[3:] == ["See: ncp schedule executions"]


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
