"""Make a table hold what it should, writing only what differs.

The copy of thousands of tasks is saved at each change, and SQLite writes each
page that was touched twice.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Sequence


def replace_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    order: str,
) -> None:
    """Make a table hold these rows and no others, in this order of the column `order`.

    The first column is the key. Where `order` is the rowid, rows that stay keep
    theirs, and new ones come last; a table in another order is written anew.
    """
    names = ", ".join(columns)
    found = connection.execute(f"SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608  the names are ours
    old = {row[0]: row for row in found}
    new = {row[0]: tuple(row) for row in rows}
    kept = [key for key in old if key in new]
    if len(new) < len(rows) or (order == "rowid" and kept != list(new)[: len(kept)]):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  same
        old, new, kept = {}, {}, []
    gone = [(key,) for key in old if key not in new]
    connection.executemany(f"DELETE FROM {table} WHERE {columns[0]} = ?", gone)  # noqa: S608  same
    marks = ", ".join("?" * len(columns))
    connection.executemany(
        f"UPDATE {table} SET ({names}) = ({marks}) WHERE {columns[0]} = ?",  # noqa: S608  same
        [(*new[key], key) for key in kept if new[key] != old[key]],
    )
    connection.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  same
        [row for row in rows if row[0] not in old],
    )
