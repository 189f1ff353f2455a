"""Counts and percentiles over the executions that the ledger still holds."""

from __future__ import annotations

from ncp.ledger.record import LOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Sequence

PERCENTILES = {"p50": 50, "p95": 95}


def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the executions of each task by status, by task id."""
    found: dict[str, dict[str, int]] = {}
    rows = connection.execute(
        "SELECT task_id, status, count(*) FROM executions GROUP BY task_id, status"
    )
    for task_id, status, number in rows:
        found.setdefault(task_id, {})[status] = number
    return found


def durations(connection: Connection, task_id: str, statuses: Sequence[str]) -> dict[str, int]:
    """Find percentiles of how long a task ran, in milliseconds, by the nearest rank.

    Empty where no execution of those statuses both began and ended. Those whose runner died do
    not count: when they ended is not known.
    """
    marks = ", ".join("?" * len(statuses))
    rows = connection.execute(
        "SELECT max(0, ended_at - started_at) AS took FROM executions"  # noqa: S608  only marks
        f" WHERE task_id = ? AND status IN ({marks}) AND took IS NOT NULL"
        " AND cause IS NOT ? ORDER BY took",
        (task_id, *statuses, LOST),
    )
    took = [row[0] for row in rows]
    return {name: _ranked(took, percent) for name, percent in PERCENTILES.items()} if took else {}


def _ranked(ordered: Sequence[int], percent: int) -> int:
    """Take the smallest value that at least that many percent do not exceed."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
