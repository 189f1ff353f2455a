"""Tasks that outlived their runner: nobody watches their deadline or keeps their output."""

from __future__ import annotations

from ncp.ledger import orphans
from ncp.ledger.compiled import compiled_tasks
from ncp.process import alive, end_orphan
from ncp.process.leftovers import end_marked
from ncp.process.strays import MARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.ledger.orphans import Orphan
    from ncp.ledger.record import Live


def end_orphans(connection: Connection, timing_id: str, left: list[Live]) -> None:
    """End those that are `left` running, and those of the timing whose rows are closed already."""
    grace = {task.id: task.grace for task in compiled_tasks(connection, timing_id)}
    orphans.close_hooks(connection, alive)
    closed = orphans.of_timing(connection, timing_id)
    found: list[Live | Orphan] = [*left, *closed]
    for one in found:
        if one.child:
            end_orphan(one.child, grace.get(one.task_id, 0), one.id)
    if found:
        end_marked(MARK, {one.id for one in found})
    orphans.seen_to(connection, [one.id for one in closed])
