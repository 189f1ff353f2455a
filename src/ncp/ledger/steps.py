"""The steps of a task and its hooks: how they are kept, and the record of each that ran.

Position 0 of an execution is the hook that ran after it, 1 its first step.
"""

from __future__ import annotations

from ncp.ledger.record import INTERRUPTED, NO_RUNNER, RUNNING, now_ms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.ledger.record import Usage

HOOK = 0
ON_FAILURE, ON_SUCCESS = "onFailure", "onSuccess"
_COLUMNS = (
    "position, name, status, reason, exit_code, signal, started_at, ended_at, max_rss, cpu_us"
)


class Step:
    """One program of a task, ready to start; `timeout` in seconds (0: none)."""

    __slots__ = ("argv", "name", "timeout")

    def __init__(self, name: str, timeout: float, argv: tuple[str, ...]) -> None:
        self.name, self.timeout, self.argv = name, timeout, argv


def encoded(steps: Iterable[Step]) -> bytes:
    """Join with NUL, which no word can hold; bytes that are no UTF-8 survive."""
    words = [
        word
        for step in steps
        for word in (step.name, repr(step.timeout), str(len(step.argv)), *step.argv)
    ]
    return b"".join(word.encode("utf-8", "surrogateescape") + b"\0" for word in words)


def decoded(data: bytes) -> list[Step]:
    """Take apart what `encoded` joined."""
    words = data.decode("utf-8", "surrogateescape").split("\0")[:-1]
    steps, at = [], 0
    while at < len(words):
        end = at + 3 + int(words[at + 2])
        steps.append(Step(words[at], float(words[at + 1]), tuple(words[at + 3 : end])))
        at = end
    return steps


def begin(connection: Connection, execution_id: str, position: int, name: str) -> None:
    """Note that a step starts. To be committed before it does."""
    connection.execute(
        "INSERT OR REPLACE INTO steps (execution_id, position, name, status, started_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (execution_id, position, name, RUNNING, now_ms()),
    )


def end(
    connection: Connection,
    execution_id: str,
    position: int,
    status: str,
    *,
    reason: str | None = None,
    ended: tuple[int | None, int | None] = (None, None),
    usage: Usage | None = None,
) -> None:
    """Close a step with its exit code and signal (`ended`); a reason of its own is kept."""
    connection.execute(
        "UPDATE steps SET status = ?, reason = coalesce(reason, ?), exit_code = ?, signal = ?,"
        " ended_at = ?, max_rss = ?, cpu_us = ? WHERE execution_id = ? AND position = ?",
        (status, reason, *ended, now_ms(), *(usage or (None, None)), execution_id, position),
    )


def explain(connection: Connection, execution_id: str, position: int, reason: str) -> None:
    """Say from inside a step why it will fail."""
    connection.execute(
        "UPDATE steps SET reason = ? WHERE execution_id = ? AND position = ?",
        (reason, execution_id, position),
    )


def reason_of(connection: Connection, execution_id: str, position: int) -> str | None:
    """Read what a step has said of itself."""
    row = connection.execute(
        "SELECT reason FROM steps WHERE execution_id = ? AND position = ?",
        (execution_id, position),
    ).fetchone()
    return None if row is None else row[0]


def interrupt(connection: Connection, execution_id: str) -> None:
    """Close what a dead runner left running of an execution."""
    connection.execute(
        "UPDATE steps SET status = ?, reason = ?, ended_at = ?"
        " WHERE execution_id = ? AND status = 'running'",
        (INTERRUPTED, NO_RUNNER, now_ms(), execution_id),
    )


def of_execution(connection: Connection, execution_id: str) -> list[tuple[object, ...]]:
    """List what ran of an execution, as rows in their order: the columns after its id."""
    return connection.execute(
        f"SELECT {_COLUMNS} FROM steps WHERE execution_id = ? ORDER BY position",  # noqa: S608  the names are ours
        (execution_id,),
    ).fetchall()
