"""What short questions ask, which are answered from the ledger alone: rows, as they stand there."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from typing import Any

TASKS = """
SELECT t.id, t.name, t.timing_id, t.status, s.last_started_at / 1000, s.last_status,
 t.after || t.active_hours || coalesce(t.end_at, '') || iif(t.active_since > ?2, 1, '')
FROM tasks t LEFT JOIN task_state s ON s.task_id = t.id
WHERE ?1 IS NULL OR t.status = ?1 ORDER BY t.rowid"""


def meta(connection: Connection) -> dict[str, str]:
    """Read the facts by which a home is known to be in order."""
    keys = "('seal', 'document', 'zone', 'pending')"
    return dict(connection.execute(f"SELECT key, value FROM meta WHERE key IN {keys}"))  # noqa: S608  they are ours


def is_busy(connection: Connection) -> bool:
    """Tell whether an execution has not ended: a dead runner may have left it."""
    query = "SELECT 1 FROM executions WHERE status IN ('planned', 'running') LIMIT 1"
    return connection.execute(query).fetchone() is not None


def references(connection: Connection) -> tuple[list[tuple[str, str, str]], set[str]]:
    """List the id, name and timing of all tasks, and the ids of all timings."""
    tasks = connection.execute("SELECT id, name, timing_id FROM tasks ORDER BY rowid").fetchall()
    return tasks, {row[0] for row in connection.execute("SELECT id FROM timings")}


def tasks(connection: Connection, status: str | None, now: int) -> list[tuple[Any, ...]]:
    """List id, name, timing, status, last start (seconds) and result of tasks of a status, or all.

    What comes last is empty where a task runs in all slots of its timing from `now` (seconds) on.
    """
    return connection.execute(TASKS, (status, now)).fetchall()
