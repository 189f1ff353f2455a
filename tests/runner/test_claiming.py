from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

import pytest

from ledgers import (
    EVERY_MINUTE,
    HOURLY,
    NOON,
    once,
    recurring,
    rows,
    save,
    statuses,
    task,
    wait_for,
)
from ncp.ledger import history, orphans, record, retention
from ncp.ledger.record import NO_RUNNER
from ncp.ledger.schema import Transaction
from ncp.process import alive, me
from ncp.runner.claiming import claim

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask, CompiledTiming

DEAD = ("another boot", 1, "1")


def at(minute: float) -> float:
    return minute * 60.0


def claimed(book: Connection, timing: CompiledTiming, minute: float) -> list[str]:
    return [job.task.id for job in claim(book, timing, at(minute), me())]


def run_all(book: Connection, timing: CompiledTiming, minute: float) -> list[str]:
    """Claim, and pretend that every job succeeds at once."""
    jobs = claim(book, timing, at(minute), me())
    with Transaction(book):
        for job in jobs:
            record.begin(book, job.id, job.task.id, job.slot)
            record.end(book, job.id, record.SUCCESS, exit_code=0)
    return [job.task.id for job in jobs]


def left_by_the_dead(book: Connection, timing: CompiledTiming, minute: int, started: int) -> None:
    """Claim a slot as a runner that then dies, with so many of its tasks started."""
    for number, job in enumerate(claim(book, timing, at(minute), DEAD)):
        if number < started:
            with Transaction(book):
                record.begin(book, job.id, job.task.id, job.slot)


def test_a_due_slot_is_claimed_once(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a"), task("b"))
    assert claimed(book, timing, NOON) == ["a", "b"]
    assert claimed(book, timing, NOON + 0.9) == []
    assert history.wakes(book)["t"]["outcome"] == "nothing due"


def test_a_slot_that_somebody_else_has_is_left_alone(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a"))
    record.take_slot(book, "t", NOON, me())
    book.execute("UPDATE slots SET slot = slot + 1")  # in the future of the clock, but taken
    assert claimed(book, timing, NOON) == ["a"]
    book.execute("DELETE FROM executions")
    assert claimed(book, timing, NOON + 1) == []


def test_slots_up_to_since_never_count(tmp_path: Path) -> None:
    timing = recurring(since=NOON)
    book = save(tmp_path, timing, task("a"))
    assert claimed(book, timing, NOON) == []
    assert claimed(book, timing, NOON + 1) == ["a"]


def test_a_claim_in_the_future_is_ignored(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a"))
    record.take_slot(book, "t", NOON + 1_000_000, me())
    assert claimed(book, timing, NOON) == ["a"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"status": "paused"}, False),
        ({"active_since": NOON * 60}, True),
        ({"active_since": NOON * 60 + 1}, False),
        ({"end_at": NOON * 60}, True),
        ({"end_at": NOON * 60 - 1}, False),
        ({"max_executions": 1}, True),
        ({"max_executions": 0}, False),
        ({"fire_once": True}, True),
    ],
)
def test_only_eligible_tasks_are_planned(
    tmp_path: Path, values: dict[str, int | str | bool], expected: bool
) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a", **values))
    assert claimed(book, timing, NOON) == (["a"] if expected else [])
    assert bool(history.executions(book)) is expected


@pytest.mark.parametrize(
    ("limited", "times"),
    [
        (task("a", fire_once=True), 1),
        (task("a", max_executions=2), 2),
        (task("a", end_at=(NOON + 2) * 60), 3),
        (task("a"), 5),
    ],
    ids=["fire once", "max executions", "end date", "no limit"],
)
def test_limits_are_checked_before_a_run(tmp_path: Path, limited: CompiledTask, times: int) -> None:
    timing = recurring()
    book = save(tmp_path, timing, limited)
    ran = [run_all(book, timing, NOON + minute) for minute in range(5)]
    assert ran == [["a"]] * times + [[]] * (5 - times)
    ended = record.reached_end(book, "t", int(at(NOON + 5)))
    assert ended is (times < 5)


def test_running_by_hand_uses_up_nothing(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a", fire_once=True, max_executions=1))
    with Transaction(book):
        by_hand = record.add(book, ("a", "a", "t"), None, me()) or ""
        record.begin(book, by_hand, "a", None)
        record.end(book, by_hand, record.SUCCESS)
    assert not record.reached_end(book, "t", 0)
    assert claimed(book, timing, NOON) == ["a"]


def test_a_task_that_runs_once_runs_again_after_it_is_resumed(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a", fire_once=True))
    assert run_all(book, timing, NOON) == ["a"]
    book.execute("UPDATE tasks SET active_since = ?", (NOON * 60 + 30,))
    assert history.fired(book) == {"a": 0}
    assert not record.reached_end(book, "t", 0)
    assert run_all(book, timing, NOON + 1) == ["a"]
    assert history.fired(book) == {"a": 2}


def test_a_late_wake_runs_the_newest_slot_of_those_that_catch_up(tmp_path: Path) -> None:
    timing = recurring(HOURLY, since=NOON - 60 * 50)
    book = save(tmp_path, timing, task("a", catchup=True), task("b"), since=NOON - 60 * 50)
    assert claimed(book, timing, NOON + 10) == ["a"]
    (caught_up,), (skipped,) = rows(book, "a"), rows(book, "b")
    assert (caught_up["missed"], caught_up["reason"]) == (49, "started 10 min late")
    assert (skipped["missed"], skipped["reason"]) == (50, "woken 10 min late")
    assert skipped["status"] == "skipped"
    assert claimed(book, timing, NOON + 11) == []


@pytest.mark.parametrize(("late", "expected"), [(5.0, ["b"]), (5.1, [])])
def test_five_minutes_count_as_on_time(tmp_path: Path, late: float, expected: list[str]) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("b"))
    assert claimed(book, timing, NOON + late) == expected


def test_slots_missed_before_a_task_was_active_are_not_counted(tmp_path: Path) -> None:
    timing = recurring(HOURLY, since=NOON - 6000)
    book = save(tmp_path, timing, task("a", active_since=(NOON - 60) * 60), since=NOON - 6000)
    claimed(book, timing, NOON)
    assert rows(book, "a")[0]["missed"] == 1


def test_a_one_off_runs_however_late(tmp_path: Path) -> None:
    timing = once(NOON)
    book = save(tmp_path, timing, task("a"))
    assert run_all(book, timing, NOON + 3 * 1440 + 61) == ["a"]
    assert rows(book, "a")[0]["reason"] == "started 3 d 1 h 1 min late"
    assert record.reached_end(book, "t", 0)
    assert run_all(book, timing, NOON + 9999) == []


def test_a_task_that_still_runs_is_skipped(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("slow"), task("quick"), task("waits"))
    for job in claim(book, timing, at(NOON), me()):
        if job.task.id != "waits":
            with Transaction(book):
                record.begin(book, job.id, job.task.id, job.slot)
        if job.task.id == "quick":
            record.end(book, job.id, record.SUCCESS)
    assert claimed(book, timing, NOON + 1) == ["quick"]
    assert str(rows(book, "slow")[1]["reason"]).startswith("still running since 20")
    assert rows(book, "waits")[1]["reason"] == "already waiting to start"
    assert statuses(book) == {"slow": "skipped", "quick": "planned", "waits": "skipped"}


def test_what_a_dead_runner_started_is_interrupted_and_the_rest_started(tmp_path: Path) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("a"), task("b"))
    left_by_the_dead(book, timing, NOON, started=1)
    assert claimed(book, timing, NOON + 1) == ["b"]
    assert statuses(book) == {"a": "interrupted", "b": "planned"}
    assert rows(book, "a")[0]["reason"] == NO_RUNNER
    assert claimed(book, timing, NOON + 2) == []


def test_after_a_dead_runner_the_next_slot_runs_too(tmp_path: Path) -> None:
    timing = recurring(EVERY_MINUTE)
    book = save(tmp_path, timing, task("a"), task("b"))
    left_by_the_dead(book, timing, NOON, started=1)
    assert claimed(book, timing, NOON + 1) == ["b", "a"]
    assert rows(book, "b")[1]["reason"] == "already waiting to start"


def test_what_was_planned_long_ago_is_started_only_where_it_catches_up(tmp_path: Path) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("a", catchup=True), task("b"))
    left_by_the_dead(book, timing, NOON, started=0)
    assert claimed(book, timing, NOON + 30) == ["a"]
    assert rows(book, "b")[0]["status"] == "skipped"


def test_what_was_planned_for_a_paused_task_is_closed(tmp_path: Path) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("a"))
    left_by_the_dead(book, timing, NOON, started=0)
    book.execute("UPDATE tasks SET status = 'paused'")
    assert claimed(book, timing, NOON + 1) == []
    assert statuses(book) == {"a": "interrupted"}


def test_a_task_moved_here_does_not_run_twice_in_one_slot(tmp_path: Path) -> None:
    timing = recurring()
    book = save(tmp_path, timing, task("a"))
    record.add(book, ("a", "a", "where it was before"), NOON, DEAD)
    assert claimed(book, timing, NOON) == []


def test_a_slot_that_retention_has_forgotten_does_not_run_again(tmp_path: Path) -> None:
    timing = recurring(EVERY_MINUTE)
    book = save(tmp_path, timing, task("a"), task("later"))
    for minute in range(NOON, NOON + 5):
        run_all(book, timing, minute)
    doomed = retention.surplus(book, "a", 2)
    retention.forget(book, doomed)
    retention.forget_slots(book, "t", NOON + 3, NOON + 4)
    assert claimed(book, timing, NOON + 1) == []  # the clock was set back
    assert claimed(book, timing, NOON + 5) == ["a", "later"]


def test_an_orphan_of_a_dead_runner_is_ended(tmp_path: Path) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("a", grace=0.2))
    (job,) = claim(book, timing, at(NOON), me())
    script = f'trap "" TERM; : > "{tmp_path}/ready"; while :; do sleep 0.1; done'
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", script], os.environ, setsid=True)
    try:
        wait_for((tmp_path / "ready").exists)
        record.begin(book, job.id, "a", NOON)
        record.born(book, job.id, pid, start_of(pid))
        boot = me()[0]
        book.execute("UPDATE executions SET boot_id = ?, pid_start = 'gone'", (boot,))
        assert claimed(book, timing, NOON + 1) == []
    finally:
        _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == 9
    assert statuses(book) == {"a": "interrupted"}


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("script", ["exec sleep 60", "sleep 60 & exit 0"])
def test_what_a_dead_runner_did_not_live_to_note_is_ended(
    tmp_path: Path, script: str, closed: bool
) -> None:
    timing = recurring(HOURLY)
    book = save(tmp_path, timing, task("a"))
    (job,) = claim(book, timing, at(NOON), me())
    record.begin(book, job.id, "a", NOON)
    read, write = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, write, 1)]
    argv = ["sh", "-c", script]
    pid = os.posix_spawn("/bin/sh", argv, job.environment(), file_actions=actions, setsid=True)
    os.close(write)
    book.execute("UPDATE executions SET pid_start = 'gone'")
    if closed:
        assert orphans.close_dead(book, alive) == 1
    assert claimed(book, timing, NOON + 1) == []
    assert orphans.everywhere(book) == []
    assert select.select([read], [], [], 5)[0]  # the end: nobody holds it open any more
    os.close(read)
    os.waitpid(pid, 0)
    assert statuses(book) == {"a": "interrupted"}


def start_of(pid: int) -> str:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123  one line of a file
        return stat.read().split()[21]
