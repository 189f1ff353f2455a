"""What people read of the ledger, under the names of the JSON views."""

from __future__ import annotations

import time

from ncp.ledger.record import LOST
from ncp.ledger.steps import HOOK, of_execution

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Sequence

STATUSES = ("planned", "running", "success", "failure", "timeout", "skipped", "interrupted")
"""What an execution can be."""
_COLUMNS = (
    "id, task_id, task_name, timing_id, slot, attempt, status, reason, cause, exit_code,"
    " signal, started_at, ended_at, output, missed, missed_from,"
    " missed_to, max_rss, cpu_us"
)


def executions(
    connection: Connection,
    *,
    task_id: str | Sequence[str] | None = None,
    timing_id: str | None = None,
    status: str | Sequence[str] | None = None,
    limit: int = 50,
    before: str | None = None,
    since: int | None = None,
) -> list[dict[str, object]]:
    """List executions, newest first.

    `task_id` and `status` are one, or several that all count; `before` is the id of the last one
    already seen, `since` the epoch milliseconds from which on they were planned.
    """
    statuses = [status] if isinstance(status, str) else list(status or ())
    wanted: dict[str, object] = {}
    where = []
    if isinstance(task_id, str):  # `=` walks the index in the order that is asked for
        wanted["task"] = task_id
        where.append("task_id = :task")
    elif task_id is not None:
        where.append(f"task_id IN ({', '.join(f':t{n}' for n in range(len(task_id)))})")
        wanted |= {f"t{n}": one for n, one in enumerate(task_id)}
    if timing_id is not None:
        wanted["timing"] = timing_id
        where.append("timing_id = :timing")
    if statuses:
        where.append(f"status IN ({', '.join(f':s{n}' for n in range(len(statuses)))})")
        wanted |= {f"s{n}": one for n, one in enumerate(statuses)}
    if before is not None:
        where.append("number < (SELECT number FROM executions WHERE id = :before)")
    if since is not None:
        where.append("planned_at >= :since")
    query = (
        f"SELECT {_COLUMNS} FROM executions WHERE {' AND '.join(['1', *where])}"  # noqa: S608  the names are ours
        " ORDER BY number DESC LIMIT :limit"
    )
    rows = connection.execute(query, {**wanted, "before": before, "since": since, "limit": limit})
    return [_execution(row) for row in rows]


def execution(connection: Connection, execution_id: str) -> dict[str, object] | None:
    """Look up one execution by its id."""
    query = f"SELECT {_COLUMNS} FROM executions WHERE id = ?"  # noqa: S608  the names are ours
    row = connection.execute(query, (execution_id,)).fetchone()
    return None if row is None else _execution(row)


def steps(connection: Connection, execution_id: str) -> dict[str, object]:
    """Lay out the `steps` that ran of an execution, and the `hook` after it, None if none did."""
    rows = [_step(row) for row in of_execution(connection, execution_id)]
    hooks = [row for row in rows if row["position"] == HOOK]
    return {"steps": [row for row in rows if row not in hooks], "hook": hooks[0] if hooks else None}


def _step(row: tuple[object, ...]) -> dict[str, object]:
    position, name, *end, peak, cpu = row
    return {"position": position, "name": name, **_ended(*end), **_used(peak, cpu)}


def _ended(status: object, reason: object, cause: object, *how: object) -> dict[str, object]:
    exit_code, signal, started, ended = how
    return {
        "status": status,
        "reason": reason,
        "exitCode": exit_code,
        "signal": signal,
        "startedAt": _instant(started),
        "endedAt": _instant(ended),
        # When it ended is not known then, only when that was noticed.
        "durationMs": None if cause == LOST else _between(started, ended),
    }


def _used(peak: object, cpu: object) -> dict[str, object]:
    seconds = cpu / 1_000_000 if isinstance(cpu, int) else None
    return {"maxRssBytes": peak, "cpuSeconds": seconds}


def execution_ids(connection: Connection, start: str, most: int) -> list[str]:
    """List ids that begin with `start`, or whose part behind their time does, the oldest first."""
    rows = connection.execute(
        "SELECT id FROM executions WHERE id >= ?1 AND id < ?2"
        " OR substr(id, 16, 1) = '-' AND substr(id, 17, length(?1)) = ?1 ORDER BY id LIMIT ?3",
        (start, start + "\U0010ffff", most),
    )
    return [row[0] for row in rows]


def _execution(row: tuple[object, ...]) -> dict[str, object]:
    execution_id, task_id, task_name, timing_id, slot, attempt, *end = row[:13]
    output, missed, first, last, peak, cpu = row[13:]
    return {
        "executionId": execution_id,
        "taskId": task_id,
        "taskName": task_name,
        "timingId": timing_id,
        "slot": _minute(slot),
        "attempt": attempt,
        **_ended(*end),
        **_used(peak, cpu),
        "outputPath": output,
        "missed": missed,
        "missedFrom": _minute(first),
        "missedTo": _minute(last),
    }


def task_states(connection: Connection) -> dict[str, dict[str, object]]:
    """Tell what is known of each task that ever ran, by task id."""
    rows = connection.execute(
        "SELECT task_id, executions, last_execution_id, last_started_at, last_status"
        " FROM task_state"
    )
    return {
        task_id: {
            "executionCount": count,
            "lastExecutionId": last_id,
            "lastExecutionAt": _instant(started),
            "lastStatus": status,
        }
        for task_id, count, last_id, started, status in rows
    }


def fired(connection: Connection) -> dict[str, int]:
    """Count the scheduled executions of each task, by task id.

    Those of a task that runs once count from its last activation, so that one
    resumed after it was completed runs again.
    """
    rows = connection.execute(
        "SELECT s.task_id, CASE WHEN t.fire_once AND s.last_slot * 60 < t.active_since"
        " THEN 0 ELSE s.fired END FROM task_state s LEFT JOIN tasks t ON t.id = s.task_id"
    )
    return dict(rows.fetchall())


def passed_over(connection: Connection) -> list[str]:
    """List the ids of the tasks whose one slot was skipped; no other one will come."""
    rows = connection.execute(
        "SELECT t.id FROM timings g JOIN tasks t ON t.timing_id = g.id JOIN executions e"
        " ON e.task_id = t.id AND e.slot = g.at WHERE g.at IS NOT NULL AND e.status = 'skipped'"
    )
    return [row[0] for row in rows]


def wakes(connection: Connection) -> dict[str, dict[str, object]]:
    """Tell when the scheduler last woke each timing and what came of it, by timing id."""
    rows = connection.execute("SELECT timing_id, at, outcome FROM wakes")
    return {timing: {"at": _instant(at), "outcome": outcome} for timing, at, outcome in rows}


def _minute(slot: object) -> str | None:
    return f"{_utc(slot * 60)}Z" if isinstance(slot, int) else None


def _instant(ms: object) -> str | None:
    return f"{_utc(ms // 1000)}.{ms % 1000:03d}Z" if isinstance(ms, int) else None


def _utc(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _between(started: object, ended: object) -> int | None:
    if isinstance(started, int) and isinstance(ended, int):
        return max(0, ended - started)
    return None


def newest_start(connection: Connection) -> int | None:
    """Find when the latest execution started, in milliseconds since 1970."""
    found: int | None = connection.execute("SELECT max(started_at) FROM executions").fetchone()[0]
    return found
