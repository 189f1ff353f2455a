"""What a firing would do, said without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledgers import HOURLY, NOON, once, recurring, save, task
from ncp.process import me
from ncp.runner.claiming import claim
from ncp.runner.deciding import decide

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

    from ncp.ledger.compiled import CompiledTask
    from ncp.runner.deciding import Decision


def facts(found: Decision) -> tuple[bool, int | None, float | None, int]:
    return found.due, found.slot, found.late, found.missed


def book_of(folder: Path, *tasks: CompiledTask) -> Connection:
    return save(folder, recurring(HOURLY, since=NOON - 30), *tasks)


@pytest.mark.parametrize(
    ("seconds", "expected", "reason"),
    [
        (NOON * 60 + 7.5, (True, NOON, 7.5, 0), "starts a; starts b"),
        (NOON * 60 - 1.5, (True, NOON, -1.5, 0), "woken 1.5 s early, so it waits for the slot; "),
        (NOON * 60 - 3, (False, None, None, 0), "nothing is due yet"),
        (
            NOON * 60 + 600,
            (True, NOON, 600, 0),
            "starts a (started 10 min late); skips b (woken 10 min late)",
        ),
        (NOON * 60 + 3 * 3600, (True, NOON + 180, 0, 3), "starts a; starts b"),
    ],
)
def test_a_decision_names_slot_lateness_missed_slots_and_tasks(
    seconds: float,
    expected: tuple[bool, int | None, float | None, int],
    reason: str,
    tmp_path: Path,
) -> None:
    book = book_of(tmp_path, task("a", catchup=True), task("b"))
    found = decide(book, recurring(HOURLY, since=NOON - 30), seconds)
    assert facts(found) == expected
    assert found.reason.startswith(reason)


def test_saying_it_changes_nothing(tmp_path: Path) -> None:
    book, timing = book_of(tmp_path, task("a")), recurring(HOURLY, since=NOON - 30)
    before = "\n".join(book.iterdump())
    decide(book, timing, NOON * 60.0)
    assert "\n".join(book.iterdump()) == before
    assert [job.slot for job in claim(book, timing, NOON * 60.0, me())] == [NOON]


def test_a_claimed_slot_is_said_to_be_claimed(tmp_path: Path) -> None:
    book, timing = book_of(tmp_path, task("a")), recurring(HOURLY, since=NOON - 30)
    claim(book, timing, NOON * 60.0, me())
    found = decide(book, timing, NOON * 60 + 20)
    assert facts(found) == (False, NOON, 20, 0)
    assert found.reason == "the newest slot is claimed already"


def test_a_slot_without_tasks_is_due_all_the_same(tmp_path: Path) -> None:
    book = book_of(tmp_path, task("a", status="paused"))
    found = decide(book, recurring(HOURLY, since=NOON - 30), NOON * 60.0)
    assert (found.due, found.reason) == (True, "no task takes part in this slot")


def test_a_one_off_that_has_passed_is_due_until_it_is_claimed(tmp_path: Path) -> None:
    timing = once(NOON)
    book = save(tmp_path, timing, task("a"))
    assert facts(decide(book, timing, (NOON + 60) * 60.0)) == (True, NOON, 3600, 0)
    claim(book, timing, NOON * 60.0, me())
    assert not decide(book, timing, (NOON + 60) * 60.0).due
