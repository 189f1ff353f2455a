"""A task that was made or resumed while the clock was ahead fires once it is right again."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import EVERY_MINUTE, calls, fake_ncp, recurring, save, this_minute
from ncp import daemon
from test_daemon import Scripted

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

AHEAD = "2099-01-01T00:00:30Z"
SECONDS = int(datetime(2099, 1, 1, 0, 0, 30, tzinfo=UTC).timestamp())


def document(ncp: Ncp) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ncp.home / "schedule.json").read_text())
    return found


def be_ahead(ncp: Ncp, task_id: str) -> None:
    """Make a task look as if it had been made, with its timing, while the clock was ahead."""
    tree = document(ncp)
    tree["tasks"][task_id]["activeSince"] = AHEAD
    (ncp.home / "schedule.json").write_text(json.dumps(tree))
    assert ncp("schedule", "update", task_id, "--timeout", "77").code == 0  # compiles it as it is
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE timings SET since = ?", (SECONDS // 60,))
    book.close()


@pytest.fixture
def task(ncp: Ncp) -> str:
    found = str(ncp.create("every minute", "touch", str(ncp.home / "ran"), name="x")["id"])
    be_ahead(ncp, found)
    return found


def test_the_first_firing_sets_it_to_now_says_so_and_runs_it(ncp: Ncp, task: str) -> None:
    assert ncp("_timing-run", "every-minute").code == 0
    assert (ncp.home / "ran").exists()
    since = datetime.fromisoformat(document(ncp)["tasks"][task]["activeSince"])
    assert abs(since.timestamp() - time.time()) < 120
    (log,) = (ncp.home / "logs").glob("*.log")
    assert "The clock was ahead when they were made or resumed, so they begin now: x" in (
        log.read_text()
    )


@pytest.mark.usefixtures("task")
def test_nothing_promises_a_run_before_it_begins(ncp: Ncp) -> None:
    first = "2099-01-01T00:01:00Z"
    (found,) = ncp("schedule", "list", "--json").json["tasks"]
    assert found["nextExecutionAt"] == first
    assert ncp("schedule", "get", "x", "--json").json["nextExecutionAt"] == first
    assert ncp("--json").json["timings"][0]["nextExecutionAt"] == first
    for words in (("schedule", "list"), ()):
        assert "2099" in ncp(*words).out


@pytest.mark.usefixtures("task")
def test_the_doctor_reports_it_and_a_sync_mends_it(ncp: Ncp) -> None:
    said = ncp("doctor").out
    assert f"It counts no slot before {AHEAD} (activeSince), which is in the future" in said
    assert "To mend it: ncp schedule sync" in said
    ncp("schedule", "sync")
    assert "in the future" not in ncp("doctor").out


@pytest.mark.usefixtures("task")
def test_fix_mends_it(ncp: Ncp) -> None:
    assert "It counts no slot before" in ncp("doctor", "--fix").out
    assert AHEAD not in (ncp.home / "schedule.json").read_text()


def test_another_task_of_the_timing_keeps_its_own_next_run(ncp: Ncp, task: str) -> None:
    ncp.create("every minute", name="y")
    be_ahead(ncp, task)
    found = {
        one["name"]: one["nextExecutionAt"]
        for one in ncp("schedule", "list", "--json").json["tasks"]
    }
    assert found["x"].startswith("2099")
    assert not found["y"].startswith("2099")
    assert not ncp("--json").json["timings"][0]["nextExecutionAt"].startswith("2099")


def test_a_paused_task_is_left_as_it_is(ncp: Ncp, task: str) -> None:
    ncp("schedule", "pause", "x")
    be_ahead(ncp, task)
    assert "in the future" not in ncp("doctor").out
    ncp("schedule", "sync")
    assert document(ncp)["tasks"][task]["activeSince"] == AHEAD


def test_a_daemon_fires_a_timing_whose_slots_should_not_count_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(daemon, "LONGEST_NAP", 0.05)
    minute = this_minute()
    fake_ncp(tmp_path, "exit 1")
    save(tmp_path, recurring(EVERY_MINUTE, since=minute), since=SECONDS // 60)
    with sqlite3.connect(tmp_path / "state.db") as book:
        book.execute("UPDATE timings SET since = ?", (SECONDS // 60,))
    book.close()
    assert daemon.serve(str(tmp_path), now=Scripted(*[minute * 60.0] * 12)) == 0
    assert calls(tmp_path) == ["_timing-run t"]


def test_a_clock_that_is_some_seconds_off_changes_nothing(ncp: Ncp) -> None:
    task_id = ncp.create("every minute", name="x")["id"]
    tree = document(ncp)
    soon = datetime.fromtimestamp(time.time() + 40, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    tree["tasks"][task_id]["activeSince"] = soon
    (ncp.home / "schedule.json").write_text(json.dumps(tree))
    ncp("_timing-run", "every-minute")
    assert document(ncp)["tasks"][task_id]["activeSince"] == soon
