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


def connect_to_read(home: str) -> Connection:
    """Open the ledger for whatever is possible: writing, else reading. Raises as `connect`."""
    try:
        return connect(home)
    except HomeError:
        if os.access(home, os.W_OK) and os.access(f"{home}/{FILE}", os.W_OK):
            raise
        found = _opened(home, "mode=ro") or _without_index(home)
        if found is None:
            raise
        return found


def _without_index(home: str) -> Connection | None:
    """Open it where no index of its log can be made (sqlite.org/wal.html, section 5).

    Where the log holds anything, a copy is read, as SQLite would pass over the log.
    """
    if not os.path.exists(f"{home}/{FILE}-wal") or not os.path.getsize(f"{home}/{FILE}-wal"):
        return _opened(home, "mode=ro&immutable=1")
    import shutil  # noqa: PLC0415  seldom needed
    import tempfile  # noqa: PLC0415  same

    with tempfile.TemporaryDirectory(prefix="ncp-", ignore_cleanup_errors=True) as folder:
        for name in (FILE, f"{FILE}-wal"):
            shutil.copyfile(f"{home}/{name}", f"{folder}/{name}")
        return _opened(folder, "mode=rw")  # its files are open, so that they may be removed


def _opened(home: str, way: str) -> Connection | None:
    """Open it, unless that fails or its schema is not the one that is read here."""
    from urllib.parse import quote  # noqa: PLC0415  it takes time, and is seldom needed

    address = f"file:{quote(os.fsencode(f'{home}/{FILE}'))}?{way}"
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
