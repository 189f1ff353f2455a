"""Starts that are delayed by a random part of a task's jitter, with real processes."""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import (
    FIRE,
    keep_clear_of_the_turn,
    once,
    recurring,
    rows,
    save,
    shell,
    statuses,
    this_minute,
    wait_for,
)
from ncp.process import me
from ncp.runner import claiming, handover, run_now, run_timing
from ncp.runner.deciding import decide
from ncp.runner.job import drawn

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the whole of each jitter."""
    monkeypatch.setattr(claiming, "drawn", float)
    monkeypatch.setattr(handover, "drawn", float)


def delays(book: Connection) -> dict[str, float]:
    """How long after its plan each task's newest execution started, in seconds."""
    found = "SELECT task_id, started_at - planned_at FROM executions ORDER BY number"
    return {task: waited / 1000 for task, waited in book.execute(found)}


def test_draws_are_new_each_time_and_fill_the_jitter_evenly() -> None:
    draws = [drawn(60) for _ in range(4000)]
    assert len(set(draws)) == len(draws)
    assert all(0 <= one < 60 for one in draws)
    assert [round(cut / 15) for cut in statistics.quantiles(draws)] == [1, 2, 3]


@pytest.mark.usefixtures("always")
def test_a_start_is_delayed_and_others_have_its_place_meanwhile(home: Path) -> None:
    late = shell("late", "true", jitter=0.8, priority=0)
    book = save(home, once(), late, shell("slow", "sleep 0.4"), concurrency="1")
    assert run_timing(str(home), "t") == 0
    assert 0.75 < delays(book)["late"] < 3
    assert delays(book)["slow"] < 0.4
    assert rows(book, "late")[0]["reason"] == "delayed 0.8 s by its jitter"


@pytest.mark.usefixtures("always")
def test_a_deadline_counts_from_the_start(home: Path) -> None:
    book = save(home, once(), shell("x", "sleep 0.2", jitter=1, timeout=0.8))
    assert run_timing(str(home), "t") == 0
    assert rows(book, "x")[0]["status"] == "success"


def test_what_a_dead_runner_left_waiting_starts_at_once(home: Path) -> None:
    book = save(home, once(), shell("x", "true", jitter=80_000))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: bool(rows(book, "x")))
    process.kill()
    process.wait()
    begun = time.monotonic()
    assert run_timing(str(home), "t") == 0
    assert time.monotonic() - begun < 5
    assert rows(book, "x")[0]["status"] == "success"


def test_a_stopped_runner_closes_what_is_delayed(home: Path) -> None:
    book = save(home, once(), shell("x", "true", jitter=80_000), shell("y", "sleep 60"))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: statuses(book).get("y") == "running")
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    assert rows(book, "x")[0]["status"] == "interrupted"


def test_a_slot_that_is_caught_up_starts_at_once(home: Path) -> None:
    timing = recurring(since=this_minute() - 12)
    book = save(home, timing, shell("x", "true", jitter=50, catchup=True))
    (on_time,) = claiming.claim(book, timing, this_minute() * 60.0, me())
    assert on_time.ready > 0
    book.execute("DELETE FROM executions")
    book.execute("DELETE FROM slots")
    timing.since = this_minute() - 11
    timing.at = this_minute() - 10
    (late,) = claiming.claim(book, timing, this_minute() * 60.0, me())
    assert late.ready == 0
    assert "jitter" not in str(rows(book, "x")[0]["reason"])


def test_a_run_by_hand_is_not_delayed(home: Path) -> None:
    book = save(home, once(), shell("x", "true", jitter=80_000))
    assert run_now(str(home), ["x"], None) == 0
    assert rows(book, "x")[0]["reason"] is None


@pytest.mark.usefixtures("always")
def test_a_retry_keeps_its_own_delay(home: Path) -> None:
    script = "test -e tried && exit 0; : > tried; exit 1"
    task = shell("x", script, jitter=1.5, cwd=str(home), retries=(1, 100, 100, 100, 3))
    book = save(home, once(), task)
    assert run_timing(str(home), "t") == 0
    assert [row["attempt"] for row in rows(book, "x")] == [1, 2]
    assert delays(book)["x"] < 1.4


@pytest.mark.usefixtures("always")
def test_a_task_that_is_paused_while_it_is_delayed_does_not_start(home: Path) -> None:
    book = save(home, once(), shell("x", "true", jitter=1))
    thread = threading.Thread(target=lambda: run_timing(str(home), "t"))
    thread.start()
    wait_for(lambda: bool(rows(book, "x")))
    book.execute("UPDATE tasks SET status = 'paused'")
    thread.join(10)
    assert rows(book, "x")[0]["reason"] == "its task is paused"


@pytest.mark.parametrize("paused", [False, True])
def test_one_that_replaces_waits_for_its_moment_before_it_ends_the_other(
    home: Path, *, paused: bool
) -> None:
    keep_clear_of_the_turn()
    script = f"test -e first && exit 0; : > first; sleep {4 if paused else 60}"
    task = shell("x", script, jitter=1.5, overlap="replace", cwd=str(home), grace=1)
    book = save(home, recurring(), task, since=this_minute() - 1)
    look_often = (
        "import sys; from ncp.runner import firing, handover;"
        "firing.LONGEST_NAP = handover.LOOK_SECONDS = 0.1;"
        "handover.drawn = float;"
        "sys.exit(firing.run_timing(sys.argv[1], 't'))"
    )
    argv = [FIRE[0], "-c", look_often, str(home)]
    first = subprocess.Popen(argv)
    wait_for((home / "first").exists)
    for table in ("slots", "executions"):
        book.execute(f"UPDATE {table} SET slot = slot - 1")
    book.execute("UPDATE timings SET since = since - 1")
    assert subprocess.run(argv, check=False, timeout=20).returncode == 0
    if paused:
        book.execute("UPDATE tasks SET status = 'paused'")
    assert first.wait(20) == 0
    if paused:
        assert [row["status"] for row in rows(book, "x")[:2]] == ["success", "skipped"]
        return
    old, new = book.execute("SELECT status, planned_at, ended_at FROM executions ORDER BY number")
    assert (old[0], new[0]) == ("interrupted", "success")
    assert 1400 < old[2] - new[1] < 6000
    assert "delayed 1.5 s by its jitter" in str(rows(book, "x")[1]["reason"])


def test_what_a_firing_would_do_names_the_longest_delay(home: Path) -> None:
    timing = once()
    book = save(home, timing, shell("x", "true", jitter=90))
    reason = decide(book, timing, time.time()).reason
    assert re.fullmatch(r"starts x \(delayed up to 90 s by its jitter\)", reason)
