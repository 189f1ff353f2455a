"""What a runner writes: claims, and the life of each execution."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.owners import Owner, Usage

PLANNED, RUNNING, SUCCESS, FAILURE = "planned", "running", "success", "failure"
TIMEOUT, SKIPPED, INTERRUPTED = "timeout", "skipped", "interrupted"
LOST = "lost"
"""The cause of an end that nobody saw: when it came is not known, only when it was noticed."""
NO_RUNNER = "its runner ended before it did, or could not record its end"
NEVER_BEGAN = "its runner ended before it began"
CLEANING_PERIOD_MS = 3_600_000


class Live:
    """An execution that is planned or running, as its row says."""

    __slots__ = (
        *("attempt", "child", "id", "owner", "slot", "started_at", "status"),
        *("task_id", "timing_id"),
    )

    def __init__(self, row: tuple[object, ...]) -> None:
        self.id, self.task_id, self.timing_id, self.status = (str(value) for value in row[:4])
        self.slot: int | None = row[4]  # type: ignore[assignment]  # as the schema says
        self.started_at: int | None = row[5]  # type: ignore[assignment]  # as the schema says
        self.owner: Owner = row[6:9]  # type: ignore[assignment]  # as the schema says
        self.child: Owner | None = None
        if row[9] is not None:
            self.child = (row[6], row[9], row[10])  # type: ignore[assignment]  # as the schema says
        self.attempt: int = row[11]  # type: ignore[assignment]  # as the schema says


def newest_slot(connection: Connection, timing_id: str, now: int) -> int | None:
    """Find the newest claimed slot that is not in the future of `now` (UTC minute).

    A claim in the future comes from a clock that was wrong.
    """
    query = "SELECT max(slot) FROM slots WHERE timing_id = ? AND slot <= ?"
    slot: int | None = connection.execute(query, (timing_id, now)).fetchone()[0]
    return slot


def take_slot(connection: Connection, timing_id: str, slot: int, owner: Owner) -> bool:
    """Claim a slot; False where somebody else has it."""
    query = "INSERT OR IGNORE INTO slots VALUES (?, ?, ?, ?, ?, ?)"
    return connection.execute(query, (timing_id, slot, now_ms(), *owner)).rowcount == 1


def wake(connection: Connection, timing_id: str, outcome: str) -> None:
    """Remember that the scheduler woke this timing, due or not."""
    connection.execute(
        "INSERT OR REPLACE INTO wakes VALUES (?, ?, ?)", (timing_id, now_ms(), outcome)
    )


def counters(connection: Connection, timing_id: str) -> dict[str, tuple[int, int | None]]:
    """Tell, for each task of a timing that ever ran, how often it fired and its newest slot."""
    rows = connection.execute(
        "SELECT s.task_id, s.fired, s.last_slot FROM tasks t JOIN task_state s ON s.task_id = t.id"
        " WHERE t.timing_id = ?",
        (timing_id,),
    )
    return {task_id: (fired, last_slot) for task_id, fired, last_slot in rows}


def forgotten(connection: Connection, timing_id: str) -> dict[str, int]:
    """Tell up to which slot retention has removed executions of a timing's tasks."""
    rows = connection.execute(
        "SELECT f.task_id, f.slot FROM tasks t JOIN forgotten f ON f.task_id = t.id"
        " WHERE t.timing_id = ?",
        (timing_id,),
    )
    return dict(rows.fetchall())


def reached_end(connection: Connection, timing_id: str, now: int) -> bool:
    """Tell whether an active task of a timing will never be due again (`now` in epoch seconds)."""
    row = connection.execute(
        "SELECT 1 FROM tasks t JOIN timings g ON g.id = t.timing_id"
        " LEFT JOIN task_state s ON s.task_id = t.id"
        " WHERE t.timing_id = ? AND t.status = 'active' AND s.last_status IS NOT 'running'"
        " AND NOT EXISTS (SELECT 1 FROM executions e INDEXED BY executions_alive"
        "  WHERE e.timing_id = t.timing_id AND e.task_id = t.id AND e.status = 'planned'"
        "  AND e.status IN ('planned', 'running'))"
        " AND (t.end_at < ? OR s.fired >= t.max_executions"
        " OR (t.fire_once AND s.last_slot * 60 >= t.active_since)"
        " OR (g.at IS NOT NULL AND (s.last_slot >= g.at OR EXISTS (SELECT 1 FROM executions e"
        "  WHERE e.task_id = t.id AND e.slot = g.at AND e.status = 'skipped')))) LIMIT 1",
        (timing_id, now),
    ).fetchone()
    return row is not None


def ahead(connection: Connection, timing_id: str, now: int) -> list[str]:
    """Name what of a timing begins in the future (`now` in epoch seconds): the clock was ahead.

    Clocks are corrected by seconds all the time, so a minute is let pass.
    """
    rows = connection.execute(
        "SELECT name FROM tasks WHERE timing_id = ?1 AND status = 'active' AND active_since > ?2"
        " UNION ALL SELECT id FROM timings WHERE id = ?1 AND since > ?2 / 60",
        (timing_id, now + 60),
    )
    return [row[0] for row in rows]


def alive(connection: Connection) -> list[Live]:
    """List what is planned or running anywhere in this home: few, however long the history."""
    rows = connection.execute(
        "SELECT id, task_id, timing_id, status, slot, started_at, boot_id, pid, pid_start,"
        " child_pid, child_start, attempt FROM main.executions INDEXED BY executions_alive"
        " WHERE status IN ('planned', 'running')"
    )
    return [Live(row) for row in rows]


def has_orphans(connection: Connection, timing_id: str) -> bool:
    """Tell whether anything of a timing may have outlived its runner (see `orphans`), or a hook."""
    query = (
        "SELECT 1 FROM orphans WHERE timing_id = :timing"
        " OR task_id IN (SELECT id FROM tasks WHERE timing_id = :timing) UNION ALL"
        " SELECT 1 FROM steps INDEXED BY steps_running WHERE status = 'running' LIMIT 1"
    )
    return connection.execute(query, {"timing": timing_id}).fetchone() is not None


def add(
    connection: Connection,
    task: tuple[str, str, str],
    slot: int | None,
    owner: Owner,
    *,
    status: str = PLANNED,
    reason: str | None = None,
    missed: int = 0,
    span: tuple[int, int] | None = None,
    cause: str | None = None,
    attempt: int = 1,
) -> str:
    """Add an execution of a task (id, name, timing id); empty where the slot has that already.

    `span` are the first and the last of the slots that were `missed`.
    """
    execution_id, now = new_id(), now_ms()
    ended_at = now if status == SKIPPED else None
    added = connection.execute(
        "INSERT OR IGNORE INTO executions (id, task_id, task_name, timing_id, slot, status,"
        " reason, missed, attempt, planned_at, ended_at, boot_id, pid, pid_start, missed_from,"
        " missed_to, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(execution_id, *task, slot, status, reason, missed, attempt, now, ended_at, *owner),
            *(span or (None, None)),
            cause,
        ),
    ).rowcount
    return execution_id if added else ""


def withdraw_skipped(connection: Connection, task_id: str, slot: int) -> None:
    """Take back that a slot was skipped: it is going to run after all."""
    connection.execute(
        "DELETE FROM executions WHERE task_id = ? AND slot = ? AND status = 'skipped'",
        (task_id, slot),
    )


def skip_again(connection: Connection, task_id: str, slot: int, cause: str, missed: int) -> bool:
    """Let the newest execution of a task, skipped for the same cause, stand for this slot too.

    `missed` is how many slots have come since it. False where there is none.
    """
    query = (
        "UPDATE OR IGNORE executions SET slot = ?, missed = missed + ?, ended_at = ?"
        " WHERE number = (SELECT max(number) FROM executions WHERE task_id = ?)"
        " AND status = 'skipped' AND cause = ?"
    )
    return connection.execute(query, (slot, missed, now_ms(), task_id, cause)).rowcount == 1


def adopt(connection: Connection, execution_id: str, owner: Owner) -> None:
    """Take over a planned execution whose owner is dead."""
    connection.execute(
        "UPDATE executions SET boot_id = ?, pid = ?, pid_start = ? WHERE id = ?",
        (*owner, execution_id),
    )


def begin(
    connection: Connection, execution_id: str, task_id: str, slot: int | None, attempt: int = 1
) -> None:
    """Turn planned into running, and count it. To be committed before the child starts.

    Only the first attempt for a slot counts against a task's limits.
    """
    now, scheduled = now_ms(), slot is not None and attempt == 1
    connection.execute(
        "UPDATE executions SET status = 'running', started_at = ? WHERE id = ?",
        (now, execution_id),
    )
    connection.execute(
        "INSERT INTO task_state VALUES (:task, 1, :fired, :slot, :id, :now, 'running')"
        " ON CONFLICT (task_id) DO UPDATE SET executions = executions + 1,"
        " fired = fired + :fired,"
        " last_slot = max(coalesce(:slot, last_slot), coalesce(last_slot, :slot)),"
        " last_execution_id = :id, last_started_at = :now, last_status = 'running'",
        {"task": task_id, "fired": int(scheduled), "slot": slot, "id": execution_id, "now": now},
    )


def born(connection: Connection, execution_id: str, pid: int, start: str) -> None:
    """Remember the process of an execution."""
    connection.execute(
        "UPDATE executions SET child_pid = ?, child_start = ? WHERE id = ?",
        (pid, start, execution_id),
    )


def end(
    connection: Connection,
    execution_id: str,
    status: str,
    *,
    reason: str | None = None,
    cause: str | None = None,
    exit_code: int | None = None,
    signal: int | None = None,
    output: str | None = None,
    usage: Usage | None = None,
    took: int | None = None,
) -> None:
    """Close an execution; a reason given when it was planned is kept.

    It ended `took` milliseconds after its start, by a clock that nobody sets; else it ends now.
    """
    connection.execute(
        "UPDATE executions SET status = ?, reason = coalesce(?, reason), cause = ?, exit_code = ?,"
        " signal = ?, output = ?, ended_at = coalesce(started_at + ?, ?), max_rss = ?,"
        " cpu_us = ? WHERE id = ?",
        (
            status,
            reason,
            cause,
            exit_code,
            signal,
            output,
            *(took, now_ms()),
            *(usage or (None, None)),
            execution_id,
        ),
    )
    connection.execute(
        "UPDATE task_state SET last_status = ? WHERE last_execution_id = ?"
        " AND task_id = (SELECT task_id FROM executions WHERE id = ?)",
        (status, execution_id, execution_id),
    )


def cleaned_lately(connection: Connection, timing_id: str) -> bool:
    """Tell whether retention has had its turn this hour, of this timing and of the whole home."""
    now = now_ms()
    row = connection.execute(
        "SELECT count(*) FROM cleanings WHERE timing_id IN ('', ?) AND at BETWEEN ? AND ?",
        (timing_id, now - CLEANING_PERIOD_MS + 1, now),
    ).fetchone()
    return bool(row[0] == 2)


def explain(connection: Connection, execution_id: str, reason: str) -> None:
    """Say from inside an execution why it will fail, beside a reason given when it was planned."""
    connection.execute(
        "UPDATE executions SET reason = coalesce(reason || '; ', '') || ? WHERE id = ?",
        (reason, execution_id),
    )


def reason_of(connection: Connection, execution_id: str) -> str | None:
    """Read the reason that stands there; None where there is none."""
    row = connection.execute("SELECT reason FROM executions WHERE id = ?", (execution_id,))
    return next(row, (None,))[0]


def new_id() -> str:
    """Make an execution id that sorts by time: `20261120T081500-8f3a1c2b9d4e`."""
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.urandom(6).hex()}"


def now_ms() -> int:
    """Read the clock in epoch milliseconds."""
    return time.time_ns() // 1_000_000
