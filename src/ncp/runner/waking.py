"""One wake for all timings: the machine has started, and slots may have been missed.

Schedulers that remember do this themselves, timing by timing; a cron daemon only
has its `@reboot` lines. Which slots still run is decided by each timing's own firing.
"""

from __future__ import annotations

import os
import time

from ncp.errors import DONE, INTERRUPTED
from ncp.ledger import record
from ncp.ledger.compiled import compiled_timing, timing_ids
from ncp.process import Children, alive, launcher
from ncp.runner.freshness import refresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog
    from ncp.process import Child

AT_ONCE = 32
"""How many firings are started side by side: after weeks, everything is due at once."""


def wake_all(connection: Connection, home: str, log: Daylog) -> int:
    """Start a firing of each timing that has one to do; return the worst code of them."""
    refresh(connection, home, log)
    return _fire(home, _owing(connection, int(time.time() // 60)))


def _owing(connection: Connection, minute: int) -> list[str]:
    """Find the timings with a slot that nobody has claimed, or with what a dead runner left."""
    left = {one.timing_id for one in record.alive(connection) if not alive(one.owner)}
    return [
        name for name in timing_ids(connection) if name in left or _is_due(connection, name, minute)
    ]


def _is_due(connection: Connection, timing_id: str, minute: int) -> bool:
    timing = compiled_timing(connection, timing_id)
    if timing is None:
        return False
    floor = max(timing.begins(minute), record.newest_slot(connection, timing_id, minute) or 0)
    return timing.latest(minute, floor) is not None


def _fire(home: str, waiting: list[str]) -> int:
    children, worst = Children(), DONE
    running: set[Child] = set()
    try:
        while running or waiting:
            if children.stop:
                waiting = []
                for child in running:
                    child.terminate()
            while waiting and len(running) < AT_ONCE:
                argv = launcher(home, "_timing-run", waiting.pop(0))
                running.add(children.spawn(argv, os.environ, None))
            children.wait(60)
            over = {child for child in running if child.over}
            worst = max([worst, *(child.exit_code or 0 for child in over)])
            running -= over
    finally:
        children.close()
    return INTERRUPTED if children.stop else worst
