"""Open a ledger that may not be written: what people ask is answered all the same."""

from __future__ import annotations

import os
from _sqlite3 import DatabaseError
from _sqlite3 import connect as _connect
from typing import TYPE_CHECKING

from ncp.errors import HomeError
from ncp.ledger.schema import BUSY_SECONDS, FILE, MIGRATIONS, connect

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.ledger.record import Live

WAYS = ("mode=ro", "mode=ro&immutable=1")
"""The second where not even an index of the log can be made (sqlite.org/wal.html, section 5)."""


def connect_to_read(home: str) -> Connection:
    """Open the ledger for whatever is possible: writing, else reading. Raises as `connect`."""
    try:
        return connect(home)
    except HomeError:
        if os.access(home, os.W_OK) and os.access(f"{home}/{FILE}", os.W_OK):
            raise
        from urllib.parse import quote  # noqa: PLC0415  it takes time, and is seldom needed

        for way in WAYS:
            found = _opened(f"file:{quote(os.fsencode(f'{home}/{FILE}'))}?{way}")
            if found is not None:
                return found
        raise


def _opened(address: str) -> Connection | None:
    """Open it, unless that fails or its schema is not the one that is read here."""
    try:
        connection = _connect(address, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except DatabaseError:
        return None
    return connection if version == len(MIGRATIONS) else None


def show_closed(connection: Connection, left: Iterable[Live]) -> None:
    """Have everything that is read from here on see these executions as interrupted."""
    ids = ", ".join(f"'{live.id}'" for live in left if "'" not in live.id)
    connection.execute("PRAGMA temp_store=MEMORY")
    for table, status, key in (
        ("executions", "status", "id"),
        ("task_state", "last_status", "last_execution_id"),
    ):
        names = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        shown = f"CASE WHEN {key} IN ({ids}) THEN 'interrupted' ELSE {status} END AS {status}"
        columns = ", ".join(shown if name == status else name for name in names)
        connection.execute(f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table}")  # noqa: S608  the names are ours
