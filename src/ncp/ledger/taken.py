"""What has become of slots: of a task since some slot, or of all tasks in one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection


def forgotten(connection: Connection, task_id: str) -> int:
    """Find the newest slot up to which retention may have removed executions; else 0."""
    query = "SELECT slot FROM forgotten WHERE task_id = ?"
    row = connection.execute(query, (task_id,)).fetchone()
    return 0 if row is None else int(row[0])


def started(connection: Connection, task_id: str, floor: int) -> set[int]:
    """List the slots after `floor` in which a task was not skipped."""
    rows = connection.execute(
        "SELECT slot FROM executions WHERE task_id = ? AND slot > ? AND status != 'skipped'",
        (task_id, floor),
    )
    return {row[0] for row in rows}


def skipped(connection: Connection, task_id: str, floor: int) -> set[int]:
    """List the slots after `floor` in which a task was skipped."""
    rows = connection.execute(
        "SELECT slot FROM executions WHERE task_id = ? AND slot > ? AND status = 'skipped'",
        (task_id, floor),
    )
    return {row[0] for row in rows}


def outcomes(
    connection: Connection, timing_id: str, slot: int
) -> list[tuple[str, str, str | None]]:
    """List name, status and reason of the executions of a slot, in the order of their making."""
    return connection.execute(
        "SELECT task_name, status, reason FROM executions"
        " WHERE timing_id = ? AND slot = ? ORDER BY number",
        (timing_id, slot),
    ).fetchall()
