"""What the ledger alone can say of a home that a full look found in order.

Such a look notes a seal in the ledger (`ncp.fingerprint.seal`), and each change leaves one. While
it holds, the ledger knows all that is asked here, and neither the document nor a library is
loaded. None where it does not hold, or the question takes more.
"""

from __future__ import annotations

import os
import sys
import time
from _sqlite3 import Error

from ncp import __version__, fingerprint, references
from ncp.ledger import glance, history
from ncp.ledger.compiled import compiled_timings
from ncp.ledger.schema import connect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from typing import Any

DEFAULT = "~/.ncp/scheduler"
NEAR_MINUTES = 5 * 366 * 24 * 60
"""The compiled copy knows the offsets of zones for ten years."""


def executions(
    reference: str | None, status: str | None, limit: int
) -> list[dict[str, Any]] | None:
    """List executions as `Schedule.executions` does."""
    try:
        connection = _opened()
        subject = None if connection is None else _subject(connection, reference)
        if connection is None or subject is None:
            return None
        return history.executions(connection, status=status, limit=limit, **subject)
    except Error:
        return None


def tasks(
    status: str | None,
) -> tuple[list[tuple[Any, ...]], dict[str, int | None], list[tuple[str, str, str]]] | None:
    """List tasks of one status, or all, as rows; beside them the slots, and who they all are.

    A row: id, name, timing, status, the second of the last start, its result. Slots are in
    epoch seconds, by timing. Each of all tasks: id, name, timing.
    """
    try:
        connection = _opened()
        due = None if connection is None else _due(connection)
        if connection is None or due is None:
            return None
        found = glance.tasks(connection, status, int(time.time()))
        if any(row[6] for row in found):  # another column, other slots
            return None
        return [row[:6] for row in found], due, glance.references(connection)[0]
    except Error:
        return None


def _opened() -> Connection | None:
    """Open the ledger of a sealed home in which no change is under way."""
    home = os.path.realpath(os.environ.get("NCP_HOME") or os.path.expanduser(DEFAULT))  # noqa: PTH111  pathlib costs 9 ms
    if "~" in home or not os.path.exists(f"{home}/state.db"):  # noqa: PTH110  same
        return None
    if os.path.lexists(f"{home}/jobs.json"):  # to be told of
        return None
    connection = connect(home)
    meta = glance.meta(connection)
    now = {
        "seal": fingerprint.seal(home, sys.executable, __version__),
        "document": fingerprint.document(home),
        "zone": fingerprint.zone(),
    }
    held = now["seal"] and all(meta.get(key) == value for key, value in now.items())
    in_order = held and not meta.get("pending") and not glance.is_busy(connection)
    return connection if in_order else None


def _subject(connection: Connection, reference: str | None) -> dict[str, Any] | None:
    """Find the one timing or task that is meant; None where it is none, or not only one."""
    if reference is None:
        return {}
    # The ledger escapes what is no text, and knows no tags.
    if "\\" in reference or reference.startswith("tag:"):
        return None
    tasks, timings = glance.references(connection)
    found, timing = references.meant(tasks, timings, reference)
    if timing:
        return None if found else {"timing_id": timing}
    return {"task_id": found[0]} if len(found) == 1 else None


def _due(connection: Connection) -> dict[str, int | None] | None:
    """Find the next slots in epoch seconds, by timing; None where only the calendar knows one."""
    now, due = int(time.time() // 60), {}
    for timing in compiled_timings(connection):
        slot = timing.following(now)
        if timing.at is None and (slot is None or slot - now >= NEAR_MINUTES):
            return None
        due[timing.id] = None if slot is None else slot * 60
    return due
