"""A ledger that cannot be written while tasks run: they go on, and it is made up for."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from ledgers import FIRE, day_log, once, rows, save, shell, statuses, wait_for
from ncp.ledger import orphans
from ncp.runner import run_timing, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # a runner changes its folder; this puts it back
    return tmp_path


class Lock:
    """Another connection that keeps the ledger from being written, from when a file is there."""

    def __init__(self, home: Path, cue: str, seconds: float, how: str = "IMMEDIATE") -> None:
        self._home, self._cue, self._seconds, self._how = home, cue, seconds, how
        self._thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        wait_for((self._home / self._cue).exists)
        book = sqlite3.connect(self._home / "state.db", timeout=5, isolation_level=None)
        book.execute(f"BEGIN {self._how}")
        (self._home / "locked").touch()
        time.sleep(self._seconds)
        book.execute("ROLLBACK")
        book.close()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()


UNTIL_LOCKED = "touch ready; while ! test -e locked; do sleep 0.02; done"


def run(
    home: Path, *tasks: CompiledTask, lock: AbstractContextManager[object]
) -> tuple[sqlite3.Connection, int]:
    book = save(home, once(), *tasks, concurrency="4")
    with lock:
        code = run_timing(str(home), "t")
    return book, code


def test_a_deadline_is_kept_while_the_ledger_is_locked(home: Path) -> None:
    script = f"{UNTIL_LOCKED}; sleep 60"
    begun = time.monotonic()
    book, code = run(
        home,
        shell("slow", script, timeout=1, grace=0.2, cwd=str(home)),
        shell("after", f"{UNTIL_LOCKED}; date +%s.%N > ended", cwd=str(home)),
        lock=Lock(home, "ready", 4, "EXCLUSIVE"),
    )
    assert (code, statuses(book)) == (1, {"slow": "timeout", "after": "success"})
    assert time.monotonic() - begun < 6
    log = day_log(home).splitlines()
    timeout = next(i for i, line in enumerate(log) if "ended as timeout after 1." in line)
    again = next(i for i, line in enumerate(log) if "could be written again after" in line)
    assert timeout < again
    assert any("The ledger cannot be written (database is locked)" in line for line in log)


def test_an_end_is_recorded_as_of_when_it_came(home: Path) -> None:
    task = shell("x", UNTIL_LOCKED, cwd=str(home))
    book, code = run(home, task, lock=Lock(home, "ready", 3))
    (row,) = rows(book, "x")
    assert (code, row["status"]) == (0, "success")
    assert isinstance(row["durationMs"], int)
    assert row["durationMs"] < 2000


def test_a_short_lock_is_not_worth_a_word(home: Path) -> None:
    task = shell("quick", UNTIL_LOCKED, cwd=str(home))
    book, code = run(home, task, lock=Lock(home, "ready", 0.6))
    assert (code, statuses(book)) == (0, {"quick": "success"})
    assert "ledger" not in day_log(home)


def test_what_cannot_begin_on_record_does_not_begin(home: Path) -> None:
    names = ("a", "b", "c")
    tasks = [
        shell(name, f"test -e locked && touch late-{name}; {UNTIL_LOCKED}", cwd=str(home))
        for name in names
    ]
    book = save(home, once(), *tasks, concurrency="1")
    with Lock(home, "ready", 1.5):
        assert run_timing(str(home), "t") == 0
    assert statuses(book) == dict.fromkeys(names, "success")
    assert [len(rows(book, name)) for name in names] == [1, 1, 1]


@pytest.fixture
def refusing(home: Path) -> Iterator[str]:
    """A script that makes the ledger refuse every change of an execution."""
    script = home / "refuse.py"
    script.write_text(
        "import sqlite3\n"
        f"book = sqlite3.connect({str(home / 'state.db')!r}, timeout=5)\n"
        'book.execute("CREATE TRIGGER no BEFORE UPDATE ON executions'
        " BEGIN SELECT RAISE(ABORT, 'no room'); END\")\n"
    )
    yield f"python3 {script}"
    script.unlink()


def test_what_can_never_be_recorded_is_left_to_whoever_looks_next(
    home: Path, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble, "PATIENCE_SECONDS", 1)
    env = {"PATH": os.environ["PATH"]}
    script = f"{refusing}; sleep 0.5; touch done"
    book = save(home, once(), shell("x", script, cwd=str(home), env=env))
    assert run_timing(str(home), "t") == 1
    assert (home / "done").exists()
    assert statuses(book) == {"x": "running"}
    log = day_log(home)
    assert log.count("The ledger cannot be written (no room): tasks go on") == 1
    assert "What became of 1 executions could not be recorded (no room)" in log
    book.execute("DROP TRIGGER no")
    assert orphans.close_dead(book, lambda _: False) == 1
    (row,) = rows(book, "x")
    assert (row["status"], "could not record its end" in str(row["reason"])) == (
        "interrupted",
        True,
    )


def test_output_that_cannot_be_kept_is_said_in_the_record(home: Path) -> None:
    (home / "executions").write_text("a file where the folder should be")
    book = save(home, once(), shell("x", "echo hello"), shell("bad", "echo no; exit 3"))
    assert run_timing(str(home), "t") == 1
    reasons = {name: rows(book, name)[0]["reason"] for name in ("x", "bad")}
    why = "some of its output could not be kept (File exists)"
    assert reasons == {"x": why, "bad": why}
    assert statuses(book) == {"x": "success", "bad": "failure"}
    assert "[x] STDOUT: hello" in day_log(home)


def test_a_firing_that_can_record_nothing_says_so_on_stderr(home: Path) -> None:
    save(home, once(), shell("x", f"touch {home}/ran")).close()
    (home / "logs").write_text("a file where the folder should be")
    (home / "state.db").unlink()
    (home / "state.db").mkdir()
    done = subprocess.run([*FIRE, str(home), "t"], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"ERROR: Nothing could be run or recorded: " in done.stderr
    assert not (home / "ran").exists()
