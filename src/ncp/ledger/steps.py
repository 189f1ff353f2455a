"""The steps of a task and its hooks: how they are kept, and the record of each that ran.

Position 0 of an execution is the hook that ran after it, 1 its first step.
"""

from __future__ import annotations

import time

from ncp.ledger.record import INTERRUPTED, LOST, NO_RUNNER, RUNNING, now_ms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.owners import Owner, Usage

HOOK = 0
HOOKS = ON_FAILURE, ON_SUCCESS = "onFailure", "onSuccess"
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


class Run:
    """What is known of a step, or of the hook (position 0), that was started.

    `ended` are its exit code and signal, `reason` why it failed.
    """

    __slots__ = (
        *("begun", "ended", "ended_at", "execution_id", "name", "position"),
        *("reason", "started_at", "status", "usage"),
    )

    def __init__(self, execution_id: str, position: int, name: str) -> None:
        self.execution_id, self.position, self.name = execution_id, position, name
        self.status, self.reason = RUNNING, ""
        self.started_at, self.begun = now_ms(), time.monotonic()
        self.ended_at: int | None = None
        self.ended: tuple[int | None, int | None] = (None, None)
        self.usage: Usage | None = None

    def close(self, status: str, ended: tuple[int | None, int | None]) -> None:
        """Take note of its end, as long after its start as the monotonic clock says."""
        self.status, self.ended = status, ended
        self.ended_at = self.started_at + int(1000 * (time.monotonic() - self.begun))


def save(connection: Connection, run: Run) -> None:
    """Write what is known; what the step has said of itself (`explain`) stays."""
    connection.execute(
        f"INSERT INTO steps (execution_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  the names are ours
        " ON CONFLICT (execution_id, position) DO UPDATE SET status = excluded.status,"
        " reason = coalesce(reason, excluded.reason), exit_code = excluded.exit_code,"
        " signal = excluded.signal, started_at = excluded.started_at,"
        " ended_at = excluded.ended_at, max_rss = excluded.max_rss, cpu_us = excluded.cpu_us",
        (
            *(run.execution_id, run.position, run.name, run.status, run.reason or None),
            *(*run.ended, run.started_at, run.ended_at, *(run.usage or (None, None))),
        ),
    )


def save_hook(connection: Connection, execution_id: str, *, succeeded: bool) -> None:
    """Note that a hook is about to start, with the end that it hears of."""
    save(connection, Run(execution_id, HOOK, ON_SUCCESS if succeeded else ON_FAILURE))


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


def unwatched(connection: Connection) -> list[tuple[str, Owner]]:
    """List the executions that are over and whose hooks run, with their runners."""
    rows = connection.execute(
        "SELECT e.id, e.boot_id, e.pid, e.pid_start FROM steps s INDEXED BY steps_running"
        " JOIN executions e ON e.id = s.execution_id"
        " WHERE s.status = 'running' AND e.status NOT IN ('planned', 'running')"
    )
    return [(row[0], row[1:]) for row in rows]


def interrupt(connection: Connection, execution_id: str) -> None:
    """Close what a dead runner left running of an execution."""
    connection.execute(
        "UPDATE steps SET status = ?, reason = ?, cause = ?, ended_at = ?"
        " WHERE execution_id = ? AND status = 'running'",
        (INTERRUPTED, NO_RUNNER, LOST, now_ms(), execution_id),
    )


def of_execution(connection: Connection, execution_id: str) -> list[tuple[object, ...]]:
    """List what ran of an execution, as rows in their order."""
    return connection.execute(
        "SELECT position, name, status, reason, cause, exit_code, signal, started_at, ended_at,"
        " max_rss, cpu_us FROM steps WHERE execution_id = ? ORDER BY position",
        (execution_id,),
    ).fetchall()
