"""Executions whose runner died: their rows are closed, and what may still run stays findable."""

from __future__ import annotations

from ncp.ledger import record, steps
from ncp.ledger.record import INTERRUPTED, LOST, NEVER_BEGAN, NO_RUNNER, RUNNING
from ncp.ledger.schema import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Iterable

    from ncp.ledger.record import Live
    from ncp.owners import Owner


class Orphan:
    """A started execution without a runner: its process as far as it was noted."""

    __slots__ = ("child", "id", "task_id", "task_name")

    def __init__(
        self, execution_id: str, task_id: str, task_name: str, child: Owner | None
    ) -> None:
        self.id, self.task_id, self.task_name, self.child = execution_id, task_id, task_name, child


def dead(connection: Connection, is_alive: Callable[[Owner], bool]) -> list[Live]:
    """List what dead runners have left open and no firing will take up.

    What was only planned is taken up, where it has a slot and its task is still
    active in that timing.
    """
    seen: dict[Owner, bool] = {}
    found = []
    for live in record.alive(connection):
        if live.owner not in seen:
            seen[live.owner] = is_alive(live.owner)
        if not seen[live.owner] and not _taken_up(connection, live):
            found.append(live)
    return found


def _taken_up(connection: Connection, live: Live) -> bool:
    if live.status == RUNNING or live.slot is None:
        return False
    query = "SELECT 1 FROM tasks WHERE id = ? AND timing_id = ? AND status = 'active'"
    return connection.execute(query, (live.task_id, live.timing_id)).fetchone() is not None


def close_dead(connection: Connection, is_alive: Callable[[Owner], bool]) -> int:
    """Close those as interrupted, in one transaction; return how many. Cheap where there are none.

    Raises OperationalError where the ledger cannot be written.
    """
    close_hooks(connection, is_alive)
    if not dead(connection, is_alive):
        return 0
    with Transaction(connection):
        left = dead(connection, is_alive)  # somebody else may have been first
        for live in left:
            close(connection, live)
    return len(left)


def close(connection: Connection, live: Live) -> None:
    """Close one, and remember its process, which may have outlived its runner."""
    if live.status == RUNNING:
        connection.execute(
            "INSERT OR REPLACE INTO orphans SELECT id, task_id, task_name, timing_id, boot_id,"
            " child_pid, child_start FROM executions WHERE id = ?",
            (live.id,),
        )
        record.end(connection, live.id, INTERRUPTED, reason=NO_RUNNER, cause=LOST)
        steps.interrupt(connection, live.id)
    else:
        record.end(connection, live.id, INTERRUPTED, reason=NEVER_BEGAN)


def close_hooks(connection: Connection, is_alive: Callable[[Owner], bool]) -> None:
    """Do the same with the hooks of executions that were over when their runner died."""
    left = [one for one, owner in steps.unwatched(connection) if not is_alive(owner)]
    if not left:
        return
    with Transaction(connection):
        for execution_id in left:
            connection.execute(
                "INSERT OR REPLACE INTO orphans SELECT id, task_id, task_name, timing_id, boot_id,"
                " NULL, NULL FROM executions WHERE id = ?",
                (execution_id,),
            )
            steps.interrupt(connection, execution_id)


_ORPHANS = "SELECT id, task_id, task_name, boot_id, child_pid, child_start FROM orphans"


def of_timing(connection: Connection, timing_id: str) -> list[Orphan]:
    """List the closed ones that belong to a timing, or to a task that it has now."""
    rows = connection.execute(
        f"{_ORPHANS} WHERE timing_id = :timing"  # noqa: S608  the names are ours
        " OR task_id IN (SELECT id FROM tasks WHERE timing_id = :timing)",
        {"timing": timing_id},
    )
    return [_orphan(*row) for row in rows]


def everywhere(connection: Connection) -> list[Orphan]:
    """List all that were closed and not seen to."""
    return [_orphan(*row) for row in connection.execute(f"{_ORPHANS} ORDER BY id")]


def _orphan(  # noqa: PLR0917  the columns, in their order
    execution_id: str, task_id: str, name: str, boot: str, pid: int | None, start: str | None
) -> Orphan:
    child = None if pid is None else (boot, pid, start or "")
    return Orphan(execution_id, task_id, name, child)


def seen_to(connection: Connection, execution_ids: Iterable[str]) -> None:
    """Forget those of which nothing runs any more."""
    with Transaction(connection):
        connection.executemany(
            "DELETE FROM orphans WHERE id = ?", ((one,) for one in execution_ids)
        )
