"""The cap of a home, which real firings share."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import FIRE, rows, save, shell, wait_for
from ncp import fingerprint
from ncp.daylog import Daylog
from ncp.ledger import places as asked
from ncp.ledger import record
from ncp.ledger.compiled import CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect
from ncp.process import me
from ncp.runner.job import Job
from ncp.runner.places import Places

if TYPE_CHECKING:
    from _sqlite3 import Connection

CAP = 4
PEAK = """mkdir -p alive; : > "alive/$$"; ls alive | wc -l >> peaks; sleep 0.15; rm "alive/$$"
echo "$NCP_TASK_ID" >> order"""
"""Notes how many run beside it, itself included."""


def group_of(name: str, count: int, script: str, **values: Any) -> list[Any]:
    return [shell(f"{name}{n}", script, timing_id=name, **values) for n in range(count)]


def fill(home: Path, groups: dict[str, list[Any]], cap: int = CAP) -> Connection:
    """Fill a home with timings whose one slot is this minute."""
    minute = int(time.time() // 60)
    timings = [CompiledTiming(id=name, identity=name, at=minute) for name in groups]
    tasks = [task for found in groups.values() for task in found]
    for position, task in enumerate(tasks):
        task.position, task.cwd = position, str(home)
    book = connect(str(home))
    meta = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    meta |= {"concurrency": "10", "home_concurrency": str(cap)}
    save_compiled(book, timings, tasks, meta, minute - 1)
    return book


def fire(home: Path, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*FIRE, str(home), name])


def running(book: Connection) -> int:
    query = "SELECT count(*) FROM executions WHERE status = 'running'"
    return int(book.execute(query).fetchone()[0])


def all_statuses(book: Connection) -> set[str]:
    return {row[0] for row in book.execute("SELECT status FROM executions")}


@pytest.mark.parametrize(("cap", "peak"), [(CAP, range(2, CAP + 1)), (0, range(CAP + 1, 31))])
def test_firings_side_by_side_keep_to_the_cap_of_the_home(
    tmp_path: Path, cap: int, peak: range
) -> None:
    book = fill(tmp_path, {name: group_of(name, 10, PEAK) for name in "abc"}, cap)
    runners = [fire(tmp_path, name) for name in "abc"]
    assert [runner.wait(30) for runner in runners] == [0, 0, 0]
    peaks = (tmp_path / "peaks").read_text().split()
    assert len(peaks) == 30
    assert max(map(int, peaks)) in peak
    assert all_statuses(book) == {"success"}


def test_who_waited_is_told_so_and_its_deadline_counts_from_its_start(tmp_path: Path) -> None:
    tasks = {name: group_of(name, 1, "sleep 1.5", timeout=2.5) for name in "ab"}
    book = fill(tmp_path, tasks, cap=1)
    runners = [fire(tmp_path, name) for name in "ab"]
    assert [runner.wait(10) for runner in runners] == [0, 0]
    reasons = [rows(book, name)[0]["reason"] for name in ("a0", "b0")]
    (said,) = [reason for reason in reasons if reason]
    assert re.fullmatch(r"waited \d+\.\d s for a free place", str(said))
    log = "".join(path.read_text() for path in (tmp_path / "logs").iterdir())
    assert log.count("waits for one of 1 places") == 1


def test_the_places_of_a_killed_runner_are_free_at_once(tmp_path: Path) -> None:
    tasks = {"a": group_of("a", 2, "echo $$ >> pids; sleep 60"), "b": group_of("b", 1, "true")}
    book = fill(tmp_path, tasks, cap=2)
    first = fire(tmp_path, "a")
    wait_for(lambda: running(book) == 2)
    second = fire(tmp_path, "b")
    wait_for(lambda: book.execute("SELECT count(turn) FROM executions").fetchone()[0] == 1)
    try:
        begun = time.monotonic()
        first.kill()
        first.wait()
        assert second.wait(10) == 0
        assert time.monotonic() - begun < 5  # its tasks go on for a minute
    finally:
        second.kill()
        second.wait()
        wait_for(lambda: len((tmp_path / "pids").read_text().split()) == 2)
        for pid in (tmp_path / "pids").read_text().split():
            os.killpg(int(pid), signal.SIGKILL)
    assert rows(book, "b0")[0]["status"] == "success"


def test_waiting_for_a_place_costs_next_to_nothing(tmp_path: Path) -> None:
    book = fill(tmp_path, {"a": group_of("a", 1, "sleep 2"), "b": group_of("b", 9, "true")}, cap=1)
    first = fire(tmp_path, "a")
    wait_for(lambda: running(book) == 1)
    second = fire(tmp_path, "b")
    _, status, used = os.wait4(second.pid, 0)
    second.returncode = os.waitstatus_to_exitcode(status)
    assert (first.wait(), second.returncode) == (0, 0)
    assert used.ru_utime + used.ru_stime < 0.5


def test_a_waiting_runner_that_is_told_to_stop_stops(tmp_path: Path) -> None:
    book = fill(tmp_path, {"a": group_of("a", 1, "sleep 9"), "b": group_of("b", 2, "true")}, cap=1)
    first = fire(tmp_path, "a")
    wait_for(lambda: running(book) == 1)
    second = fire(tmp_path, "b")
    wait_for(lambda: book.execute("SELECT count(turn) FROM executions").fetchone()[0] == 2)
    second.terminate()
    assert second.wait(5) == 130
    first.terminate()
    assert first.wait(5) == 130
    assert all_statuses(book) == {"interrupted"}


class Line:
    """A line of jobs that one runner asks for, and others that have asked before."""

    def __init__(self, home: Path, cap: int) -> None:
        self.book = save(home, CompiledTiming(id="t", identity="once", at=0))
        self.places = Places(self.book, Daylog(str(home)), cap)
        self.now = time.monotonic_ns() // 1_000_000

    def job(self, name: str, priority: int = 2) -> Job:
        task = shell(name, "true", priority=priority)
        added = record.add(self.book, (name, name, "t"), None, me())
        return Job(added, task, None)

    def other(self, name: str, *, ago: int, silent: int = 0, alive: bool = True) -> None:
        """An execution of another runner, which asked `ago` ms ago and last `silent` ms ago."""
        boot, _, _ = me()
        ppid = os.getppid()
        start = Path(f"/proc/{ppid}/stat").read_text().rpartition(")")[2].split()[19]
        added = record.add(
            self.book, (name, name, "t"), None, (boot, ppid, start if alive else "1")
        )
        turn, last = self.now - ago + 120_000, self.now - silent
        asked.ask(self.book, added, turn * 1_000_000, last * 1_000_000)

    def granted(self, *jobs: Job) -> list[str]:
        return [job.task.id for job in self.places.grant(list(jobs))]


def test_who_asked_first_goes_first_whichever_runner_it_is(tmp_path: Path) -> None:
    line = Line(tmp_path, 2)
    line.other("theirs", ago=500)
    one, two = line.job("one"), line.job("two")
    assert line.granted(one, two) == ["one"]
    assert line.places.closed(time.monotonic())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"ago": 500}, []),
        ({"ago": 500, "silent": 2500}, ["one"]),
        ({"ago": 500, "alive": False}, ["one"]),
    ],
)
def test_who_does_not_ask_any_more_keeps_no_place(
    tmp_path: Path, other: dict[str, Any], expected: list[str]
) -> None:
    line = Line(tmp_path, 1)
    line.other("theirs", **other)
    assert line.granted(line.job("one")) == expected


@pytest.mark.parametrize(
    ("priority", "ago", "first"),
    [(1, 59_000, True), (1, 61_000, False), (0, 119_000, True), (0, 121_000, False), (3, 0, False)],
)
def test_the_urgent_pass_others_by_but_not_for_ever(
    tmp_path: Path, priority: int, ago: int, first: bool
) -> None:
    line = Line(tmp_path, 1)
    line.other("theirs", ago=ago)
    assert (line.granted(line.job("one", priority)) == ["one"]) is first
