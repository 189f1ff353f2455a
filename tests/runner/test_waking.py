"""One wake for all timings, with real processes."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

from ledgers import FIRE, install_launcher, rows, statuses, task, this_minute, wait_for
from ncp import fingerprint
from ncp.daylog import Daylog
from ncp.ledger import record
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect
from ncp.process import me
from ncp.runner import MISSED, waking

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

    import pytest


def home_of(home: Path, slots: dict[str, int], *tasks: CompiledTask) -> Connection:
    """A home with a one-off timing for each id and slot, and its launcher."""
    install_launcher(home)
    book = connect(str(home))
    timings = [CompiledTiming(id=name, identity=str(at), at=at) for name, at in slots.items()]
    prints = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    save_compiled(book, timings, tasks, prints, min(slots.values()) - 1)
    return book


def woken(home: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*FIRE, str(home), MISSED], timeout=60, check=False)


def test_what_was_missed_runs_and_nothing_else(tmp_path: Path) -> None:
    now = this_minute()
    slots = {"old": now - 600, "new": now - 60, "later": now + 60}
    book = home_of(tmp_path, slots, *(task(name, timing_id=name) for name in slots))
    assert woken(tmp_path).returncode == 0
    assert statuses(book) == {"old": "success", "new": "success"}
    assert woken(tmp_path).returncode == 0
    assert len(rows(book, "old")) == 1


def test_a_failure_is_the_answer(tmp_path: Path) -> None:
    now = this_minute()
    tasks = task("a", timing_id="a"), task("b", "false", timing_id="b")
    home_of(tmp_path, {"a": now - 60, "b": now - 60}, *tasks)
    assert woken(tmp_path).returncode == 1


def test_what_a_dead_runner_left_is_taken_up(tmp_path: Path) -> None:
    slot = this_minute() - 60
    book = home_of(tmp_path, {"a": slot}, task("a", timing_id="a"))
    dead = subprocess.Popen(["true"])
    dead.wait()
    boot, _, start = me()
    owner = (boot, dead.pid, start)
    assert record.take_slot(book, "a", slot, owner)
    record.add(book, ("a", "a", "a"), slot, owner)
    assert woken(tmp_path).returncode == 0
    assert statuses(book) == {"a": "success"}


def test_more_are_due_than_start_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "AT_ONCE", 2)
    names = [f"t{number}" for number in range(5)]
    slots = dict.fromkeys(names, this_minute() - 60)
    book = home_of(tmp_path, slots, *(task(name, timing_id=name) for name in names))
    assert waking.wake_all(book, str(tmp_path), Daylog(str(tmp_path))) == 0
    assert statuses(book) == dict.fromkeys(names, "success")


def test_a_stop_reaches_the_firings(tmp_path: Path) -> None:
    sleeper = task("a", "sleep", "60", timing_id="a")
    book = home_of(tmp_path, {"a": this_minute() - 60}, sleeper)
    runner = subprocess.Popen([*FIRE, str(tmp_path), MISSED])
    wait_for(lambda: statuses(book) == {"a": "running"})
    begun = time.monotonic()
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(20) == 130
    assert time.monotonic() - begun < 20
    assert [row["status"] for row in rows(book, "a")] == ["interrupted"]
