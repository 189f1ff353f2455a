"""What a task has come to in a slot."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.owners import Owner

NOBODY = ("", 0, "")


class Ending:
    """The last attempt of a task for a slot: its status (None: it takes no part) and its runner."""

    __slots__ = ("owner", "status")

    def __init__(self, status: str | None, owner: Owner) -> None:
        self.status, self.owner = status, owner


def newest(connection: Connection, task_id: str, slot: int) -> Ending:
    """Look up the last attempt. A retry is planned in the transaction that ends the one before."""
    row = connection.execute(
        "SELECT status, boot_id, pid, pid_start FROM executions WHERE task_id = ? AND slot = ?"
        " ORDER BY attempt DESC LIMIT 1",
        (task_id, slot),
    ).fetchone()
    return Ending(None, NOBODY) if row is None else Ending(row[0], row[1:])
