"""Whoever looks next closes what a dead runner left open."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from ncp.ledger.record import NEVER_BEGAN, NO_RUNNER

if TYPE_CHECKING:
    from cli.conftest import Ncp

LOOKING = (
    (),
    ("doctor",),
    ("schedule", "list"),
    ("schedule", "get", "tick"),
    ("schedule", "executions"),
    ("schedule", "show", "tick"),
    ("schedule", "logs", "tick"),
    ("schedule", "stats"),
    ("schedule", "plan"),
    ("schedule", "run", "tick"),
    ("schedule", "catchup"),
    ("schedule", "pause", "tick"),
)


def ledger(ncp: Ncp, *statements: str) -> list[tuple[str, str]]:
    """Change the ledger behind ncp's back; return status and reason of the oldest execution."""
    with sqlite3.connect(ncp.home / "state.db") as book:
        for statement in statements:
            book.execute(statement)
        query = "SELECT status, reason FROM executions ORDER BY number LIMIT 1"
        found = book.execute(query).fetchall()
    book.close()
    return found


@pytest.fixture
def left(ncp: Ncp) -> Ncp:
    """A home in which a runner died while its task ran."""
    ncp.create("hourly", name="tick")
    assert ncp("schedule", "run", "tick").code == 0
    ledger(ncp, "UPDATE executions SET status = 'running', reason = NULL, pid_start = 'gone'")
    return ncp


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
def test_every_command_closes_what_ran(left: Ncp, command: tuple[str, ...]) -> None:
    left(*command)
    assert ledger(left) == [("interrupted", NO_RUNNER)]


@pytest.mark.parametrize("gone", ["DELETE FROM tasks", "DELETE FROM timings"])
def test_also_where_its_task_or_timing_is_gone(left: Ncp, gone: str) -> None:
    ledger(left, gone)
    left("schedule", "executions")
    assert ledger(left) == [("interrupted", NO_RUNNER)]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ("SELECT 1", ("planned", None)),
        ("DELETE FROM tasks", ("interrupted", NEVER_BEGAN)),
        ("UPDATE tasks SET status = 'paused'", ("interrupted", NEVER_BEGAN)),
        ("UPDATE executions SET slot = NULL", ("interrupted", NEVER_BEGAN)),
    ],
)
def test_what_was_planned_is_left_to_the_next_firing_if_there_will_be_one(
    left: Ncp, change: str, after: tuple[str, str | None]
) -> None:
    ledger(left, "UPDATE executions SET status = 'planned', slot = 5", change)
    left("schedule", "executions")
    assert ledger(left) == [after]
