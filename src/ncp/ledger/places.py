"""Who in this home runs, and who has asked to: the cap that concurrent runners share."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.owners import Owner


class Seat:
    """An execution that runs, or one that waits for a place: then with its `turn`.

    `asked` is when its runner last asked; both are nanoseconds of the
    machine's monotonic clock, which all its processes share.
    """

    __slots__ = ("asked", "id", "owner", "turn")

    def __init__(self, row: tuple[object, ...]) -> None:
        self.id = str(row[0])
        self.owner: Owner = row[1:4]  # type: ignore[assignment]  # as the schema says
        self.turn: int | None = row[4]  # type: ignore[assignment]  # as the schema says
        self.asked: int = row[5] or 0  # type: ignore[assignment]  # as the schema says


def seats(connection: Connection) -> tuple[list[Seat], list[Seat]]:
    """List what runs, and what has asked for a place."""
    query = (
        "SELECT id, boot_id, pid, pid_start, turn, asked FROM executions INDEXED BY"
        " executions_alive WHERE status IN ('planned', 'running') AND "
    )
    running = connection.execute(query + "status = 'running'").fetchall()
    asking = connection.execute(query + "status = 'planned' AND turn IS NOT NULL").fetchall()
    return [Seat(row) for row in running], [Seat(row) for row in asking]


def ask(connection: Connection, execution_id: str, turn: int, now: int) -> None:
    """Say that an execution waits for a place, and still does at `now`."""
    connection.execute(
        "UPDATE executions SET turn = ?, asked = ? WHERE id = ?", (turn, now, execution_id)
    )
