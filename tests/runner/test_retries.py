"""Attempts after the first, with real processes."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import FIRE, day_log, once, rows, save, shell, statuses, wait_for
from ncp.ledger import history, record
from ncp.runner import run_now, run_timing

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

THRICE = (2, 100, 10_000, 300, 3)
"""Two retries: after 0.1 s and 0.3 s."""
LATER = (2, 60_000, 60_000, 100, 3)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


def seen(book: Connection) -> list[tuple[object, object]]:
    return [(row["attempt"], row["status"]) for row in rows(book, "x")]


def test_each_retry_is_an_execution_of_the_same_slot(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 3", retries=THRICE))
    begun = time.monotonic()
    assert run_timing(str(home), "t") == 1
    assert 0.4 < time.monotonic() - begun < 3
    assert seen(book) == [(1, "failure"), (2, "failure"), (3, "failure")]
    assert len({row["slot"] for row in rows(book, "x")}) == 1
    assert rows(book, "x")[2]["reason"] == "attempt 3 of 3, 0.3 s after a failure"
    again = r"ended as failure after \d\.\ds \(exit code: 3\); to be tried again in 0\.1 s"
    assert re.search(again, day_log(home))


def test_a_success_ends_the_attempts_and_the_firing_is_fine(home: Path) -> None:
    script = "test -e tried && exit 0; : > tried; exit 1"
    book = save(home, once(), shell("x", script, retries=THRICE, cwd=str(home)))
    assert run_timing(str(home), "t") == 0
    assert seen(book) == [(1, "failure"), (2, "success")]


def test_a_timeout_is_tried_again_where_that_is_asked_for(home: Path) -> None:
    slow = shell("x", "sleep 9", timeout=0.2, retries=(1, 0, 0, 100, 2))
    failing = shell("y", "exit 1", retries=(1, 0, 0, 100, 2))
    book = save(home, once(), slow, failing)
    assert run_timing(str(home), "t") == 1
    assert seen(book) == [(1, "timeout"), (2, "timeout")]
    assert len(rows(book, "y")) == 1


def test_what_cannot_start_is_tried_again_while_others_run(home: Path) -> None:
    broken = shell("x", "true", cwd=str(home / "later"), retries=(9, 100, 100, 100, 3))
    slow = shell("slow", "sleep 0.05; mkdir later; sleep 0.6", cwd=str(home))
    book = save(home, once(), broken, slow)
    assert run_timing(str(home), "t") == 0
    statuses = [status for _, status in seen(book)]
    assert statuses == ["failure"] * (len(statuses) - 1) + ["success"]
    assert len(statuses) > 1
    assert str(rows(book, "x")[-1]["startedAt"]) < str(rows(book, "slow")[0]["endedAt"])


def test_only_the_first_attempt_uses_up_a_limit(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 1", retries=THRICE, max_executions=2))
    run_timing(str(home), "t")
    assert history.fired(book) == {"x": 1}
    assert history.task_states(book)["x"]["executionCount"] == 3


def test_a_task_is_not_put_away_while_it_waits_for_its_retry(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 1", retries=LATER))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: seen(book) == [(1, "failure"), (2, "planned")])
    assert not record.reached_end(book, "t", int(time.time()))
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 130
    assert seen(book) == [(1, "failure"), (2, "interrupted")]


def test_a_retry_that_a_dead_runner_planned_is_made_by_the_next_firing(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 1", retries=(1, 60_000, 60_000, 100, 3)))
    process = subprocess.Popen([*FIRE, str(home), "t"])
    wait_for(lambda: seen(book) == [(1, "failure"), (2, "planned")])
    process.kill()
    process.wait()
    assert run_timing(str(home), "t") == 1
    assert seen(book) == [(1, "failure"), (2, "failure")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE tasks SET status = 'paused'", "its task is paused"),
        ("DELETE FROM tasks", "its task is deleted"),
    ],
)
def test_a_task_that_was_paused_or_deleted_meanwhile_is_not_tried_again(
    home: Path, change: str, reason: str
) -> None:
    book = save(home, once(), shell("x", "exit 1", retries=(1, 500, 500, 100, 3)))
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(run_timing(str(home), "t")))
    thread.start()
    wait_for(lambda: len(rows(book, "x")) == 2)
    book.execute(change)
    thread.join(10)
    assert codes == [1]
    assert (rows(book, "x")[1]["status"], rows(book, "x")[1]["reason"]) == ("skipped", reason)


def test_a_run_by_hand_is_tried_once(home: Path) -> None:
    book = save(home, once(), shell("x", "exit 1", retries=THRICE))
    assert run_now(str(home), ["x"], None) == 1
    assert statuses(book) == {"x": "failure"}
    assert len(rows(book, "x")) == 1
