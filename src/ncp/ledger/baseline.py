"""What happened before there was a ledger: counters and executions of an older scheduler.

Adding the same twice adds nothing.
"""

from __future__ import annotations

from ncp.ledger.schema import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable, Sequence

    Counters = tuple[str, int, str | None, int | None, str | None]
    """Task id, executions, and of the last one its id, start (epoch ms) and status."""
    Execution = tuple[str, str, str, str, str, str | None, int | None, int, int | None, str | None]
    """Id, task id, task name, timing id, status, reason, exit code, start, end, output file."""

_COUNT = """
INSERT INTO task_state (task_id, executions, fired, last_execution_id, last_started_at, last_status)
VALUES (?1, ?2, ?2, ?3, ?4, ?5) ON CONFLICT (task_id) DO UPDATE SET
 executions = max(executions, excluded.executions), fired = max(fired, excluded.fired),
 last_execution_id = CASE WHEN last_started_at IS NULL THEN excluded.last_execution_id
  ELSE last_execution_id END,
 last_status = CASE WHEN last_started_at IS NULL THEN excluded.last_status ELSE last_status END,
 last_started_at = coalesce(last_started_at, excluded.last_started_at)"""
_EXECUTION = """
INSERT OR IGNORE INTO executions (number, id, task_id, task_name, timing_id, status, reason,
 exit_code, planned_at, started_at, ended_at, output, boot_id, pid, pid_start)
VALUES ((SELECT min(0, coalesce(min(number), 0)) - 1 FROM executions),
 ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, '', 0, '')"""


def add(
    connection: Connection, counters: Iterable[Counters], executions: Sequence[Execution]
) -> None:
    """Take counters and executions into the ledger, the executions as older than all there are."""
    newest_first = sorted(executions, key=lambda row: (row[7], row[0]), reverse=True)
    with Transaction(connection):
        connection.executemany(_COUNT, counters)
        connection.executemany(_EXECUTION, newest_first)
