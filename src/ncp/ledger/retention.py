"""What may be forgotten: old executions and slots, never what says where things stand.

A timing's newest slot, a task's newest execution and the newest that began stay,
and so does everything that is planned or running. Counters are elsewhere.
"""

from __future__ import annotations

import time

from ncp.ledger.schema import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    Doomed = tuple[int, str, str, int | None, str | None]
    """Number, id, task id, slot and output file of an execution to be forgotten."""

DAY_MS = 86_400_000
ALL = -1

_DOOMED = (
    "SELECT number, id, task_id, slot, output FROM executions e WHERE {} AND status NOT IN"
    " ('planned', 'running') AND number < (SELECT max(number) FROM executions WHERE"
    " task_id = e.task_id) AND id IS NOT (SELECT last_execution_id FROM task_state WHERE"
    " task_id = e.task_id) ORDER BY {} LIMIT :most"
)
# An id begins with its time, so its index is one by age.
_BY_AGE = _DOOMED.format("id < :oldest", "id")
_BY_COUNT = _DOOMED.format(
    "task_id = :task AND number <= (SELECT number FROM executions WHERE task_id = :task"
    " ORDER BY number DESC LIMIT 1 OFFSET :keep)",
    "number",
)


def outdated(connection: Connection, before: int, most: int = ALL) -> list[Doomed]:
    """List executions that were planned before an instant (epoch ms), oldest first."""
    oldest = time.strftime("%Y%m%dT%H%M%S", time.gmtime(before // 1000))
    return connection.execute(_BY_AGE, {"oldest": oldest, "most": most}).fetchall()


def surplus(connection: Connection, task_id: str, keep: int, most: int = ALL) -> list[Doomed]:
    """List the executions of a task beyond its newest `keep`, oldest first."""
    values = {"task": task_id, "keep": keep, "most": most}
    return connection.execute(_BY_COUNT, values).fetchall()


def recorded_tasks(connection: Connection, timing_id: str | None = None) -> list[str]:
    """List the ids of the tasks of a timing, or of all that have executions."""
    rows = (
        connection.execute("SELECT DISTINCT task_id FROM executions")
        if timing_id is None
        else connection.execute("SELECT id FROM tasks WHERE timing_id = ?", (timing_id,))
    )
    return [row[0] for row in rows]


def forget(connection: Connection, doomed: Iterable[Doomed]) -> None:
    """Delete executions, and remember how far back the record of their tasks is incomplete."""
    rows = [*doomed]
    with Transaction(connection):
        connection.executemany(
            "INSERT INTO forgotten VALUES (?, ?) ON CONFLICT (task_id)"
            " DO UPDATE SET slot = max(slot, excluded.slot)",
            ((task_id, slot) for _, _, task_id, slot, _ in rows if slot is not None),
        )
        connection.executemany(
            "DELETE FROM steps WHERE execution_id = ?", ((row[1],) for row in rows)
        )
        connection.executemany(
            "DELETE FROM executions WHERE number = ?", ((row[0],) for row in rows)
        )


def claimed_timings(connection: Connection) -> list[str]:
    """List the timings of which any slot is claimed."""
    return [row[0] for row in connection.execute("SELECT DISTINCT timing_id FROM slots").fetchall()]


def forget_slots(connection: Connection, timing_id: str, before: int, now: int) -> int:
    """Delete the claims of slots before a UTC minute, but for the newest; return how many."""
    return connection.execute(
        "DELETE FROM slots WHERE timing_id = :timing AND slot < :before AND slot <"
        " (SELECT max(slot) FROM slots WHERE timing_id = :timing AND slot <= :now)",
        {"timing": timing_id, "before": before, "now": now},
    ).rowcount


def is_recorded(connection: Connection, execution_id: str) -> bool:
    """Tell whether there is an execution of that id."""
    query = "SELECT 1 FROM executions WHERE id = ?"
    return connection.execute(query, (execution_id,)).fetchone() is not None


def take_turn(connection: Connection, key: str, now: int, period: int) -> bool:
    """Tell whether it is time to clean again (ms), and note that it is being done."""
    row = connection.execute("SELECT at FROM cleanings WHERE timing_id = ?", (key,)).fetchone()
    if row is not None and 0 <= now - row[0] < period:
        return False
    connection.execute("INSERT OR REPLACE INTO cleanings VALUES (?, ?)", (key, now))
    return True


def give_back(connection: Connection, key: str) -> None:
    """Have the next firing go on: there was more to clean than there was time."""
    connection.execute("DELETE FROM cleanings WHERE timing_id = ?", (key,))
