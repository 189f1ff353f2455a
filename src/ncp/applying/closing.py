"""Close what dead runners left open, whoever looks first."""

from __future__ import annotations

from _sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from ncp.ledger import orphans, reading
from ncp.process import alive

if TYPE_CHECKING:
    from _sqlite3 import Connection


def close_dead(connection: Connection) -> int:
    """Close executions of dead runners as interrupted; return how many were.

    Where that cannot be written, they are at least shown so on this connection.
    """
    try:
        return orphans.close_dead(connection, alive)
    except DatabaseError:
        left = orphans.dead(connection, alive)
        reading.show_closed(connection, left)
        return 0
