from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ledgers import NOON, once, save, task
from ncp.ledger import history, record

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

ME = ("boot", 10, "start")


@pytest.fixture
def book(tmp_path: Path) -> Connection:
    return save(tmp_path, once(NOON), task("a"), task("b"))


def add(book: Connection, name: str = "a", slot: int | None = NOON) -> str:
    return record.add(book, (name, f"Task {name}", "t"), slot, ME)


def test_the_life_of_an_execution(book: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1_000_000, 1_000_500, 1_003_750])
    monkeypatch.setattr(record, "now_ms", lambda: next(times))
    one = add(book)
    record.begin(book, one, "a", NOON)
    record.born(book, one, 77, "99")
    assert [(live.child, live.status) for live in record.alive(book)] == [
        (("boot", 77, "99"), "running")
    ]
    record.end(
        book,
        one,
        record.FAILURE,
        reason="why",
        exit_code=3,
        output="/x.log",
        usage=(4096, 1_500_000),
    )
    assert history.executions(book) == [
        {
            "executionId": one,
            "taskId": "a",
            "taskName": "Task a",
            "timingId": "t",
            "slot": "2025-02-19T12:00:00Z",
            "attempt": 1,
            "status": "failure",
            "reason": "why",
            "exitCode": 3,
            "signal": None,
            "startedAt": "1970-01-01T00:16:40.500Z",
            "endedAt": "1970-01-01T00:16:43.750Z",
            "durationMs": 3250,
            "maxRssBytes": 4096,
            "cpuSeconds": 1.5,
            "outputPath": "/x.log",
            "missed": 0,
            "missedFrom": None,
            "missedTo": None,
        }
    ]
    assert record.alive(book) == []
    assert history.execution(book, one) == history.executions(book)[0]
    assert history.execution(book, "other") is None


def test_states_count_every_execution(book: Connection) -> None:
    first, by_hand = add(book), add(book, slot=None)
    record.begin(book, first, "a", NOON)
    record.begin(book, by_hand, "a", None)
    record.end(book, first, record.SUCCESS)
    state = history.task_states(book)["a"]
    assert (state["executionCount"], state["lastExecutionId"]) == (2, by_hand)
    assert state["lastStatus"] == "running"
    assert history.fired(book) == {"a": 1}
    assert record.counters(book, "t") == {"a": (1, NOON)}


def test_a_slot_of_a_task_has_one_execution(book: Connection) -> None:
    assert add(book)
    assert add(book) == ""
    assert add(book, slot=None)
    assert add(book, slot=None)


def test_executions_are_newest_first_and_come_in_pages(book: Connection) -> None:
    ids = [add(book, "ab"[n % 2], NOON + n) for n in range(10)]
    shown = [row["executionId"] for row in history.executions(book, limit=4)]
    assert shown == ids[:5:-1]
    more = history.executions(book, limit=4, before=str(shown[-1]))
    assert [row["executionId"] for row in more] == ids[5:1:-1]
    assert len(history.executions(book, task_id="a")) == 5
    assert len(history.executions(book, timing_id="t", status="planned")) == 10
    assert history.executions(book, status="success") == []


def test_a_skipped_execution_has_ended(book: Connection) -> None:
    record.add(book, ("a", "a", "t"), NOON, ME, status=record.SKIPPED, reason="why", missed=4)
    (row,) = history.executions(book)
    assert (row["startedAt"], row["durationMs"], row["missed"]) == (None, None, 4)
    assert row["endedAt"] is not None


def test_the_reason_of_a_plan_outlives_a_success(book: Connection) -> None:
    one = record.add(book, ("a", "a", "t"), NOON, ME, reason="started 1 h late")
    record.end(book, one, record.SUCCESS)
    assert history.executions(book)[0]["reason"] == "started 1 h late"


def test_ids_sort_by_time_and_differ() -> None:
    ids = {record.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"\d{8}T\d{6}-[0-9a-f]{12}", one) for one in ids)


def test_a_wake_is_remembered_once_per_timing(book: Connection) -> None:
    record.wake(book, "t", "nothing due")
    record.wake(book, "t", "fired")
    assert history.wakes(book)["t"]["outcome"] == "fired"
