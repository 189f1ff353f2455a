from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledgers import NOON, recurring, save, task
from ncp.ledger import history, orphans, record
from ncp.process import alive, me

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

DEAD = ("another boot", 1, "1")


@pytest.fixture
def book(tmp_path: Path) -> Connection:
    return save(tmp_path, recurring(), task("a"), task("b", status="paused"), since=NOON - 1)


def left(book: Connection, name: str = "a", slot: int | None = NOON, timing: str = "t") -> str:
    return record.add(book, (name, f"the {name}", timing), slot, DEAD)


def found(book: Connection) -> dict[object, object]:
    return {row["executionId"]: row["status"] for row in history.executions(book)}


def test_running_executions_of_dead_runners_are_closed_with_a_reason(book: Connection) -> None:
    running, planned, ours = left(book), left(book, slot=2), record.add(book, ("a",) * 3, 1, me())
    record.begin(book, running, "a", NOON)
    record.begin(book, ours, "a", 1)
    assert orphans.close_dead(book, alive) == 1
    assert found(book) == {running: "interrupted", planned: "planned", ours: "running"}
    (row,) = history.executions(book, status="interrupted")
    assert row["reason"] == record.NO_RUNNER
    assert orphans.close_dead(book, alive) == 0


@pytest.mark.parametrize(
    ("name", "slot", "timing"),
    [("a", NOON, "gone"), ("gone", NOON, "t"), ("b", NOON, "t"), ("a", None, "t")],
    ids=["timing gone", "task gone", "task paused", "by hand"],
)
def test_what_was_planned_and_no_firing_takes_up_is_closed(
    book: Connection, name: str, slot: int | None, timing: str
) -> None:
    one = left(book, name, slot, timing)
    assert orphans.close_dead(book, alive) == 1
    assert found(book) == {one: "interrupted"}
    assert orphans.everywhere(book) == []  # it never began, so nothing of it can run


def test_the_process_of_a_closed_execution_is_remembered_until_it_is_seen_to(
    book: Connection,
) -> None:
    noted, fresh = left(book), left(book, slot=5, timing="where it was before")
    for one in (noted, fresh):
        record.begin(book, one, "a", NOON)
    record.born(book, noted, 77, "123")
    orphans.close_dead(book, alive)
    children = {one.id: one.child for one in orphans.everywhere(book)}
    assert children == {noted: (DEAD[0], 77, "123"), fresh: None}
    assert {one.id for one in orphans.of_timing(book, "t")} == {noted, fresh}
    assert orphans.of_timing(book, "another") == []
    timings = ("t", "where it was before", "another")
    assert [record.has_orphans(book, timing) for timing in timings] == [True, True, False]
    orphans.seen_to(book, [noted])
    assert [(one.id, one.task_name) for one in orphans.everywhere(book)] == [(fresh, "the a")]
