"""What a clock that was ahead has left: tasks of which no slot counts before a day to come."""

from __future__ import annotations

import os
import time

from ncp.errors import DONE
from ncp.ledger import record
from ncp.ledger.compiled import compiled_timing
from ncp.process import launcher, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog
    from ncp.ledger.compiled import CompiledTiming


def set_right(
    connection: Connection, home: str, timing: CompiledTiming, log: Daylog
) -> CompiledTiming:
    """Have them begin now, in the document too, and say so; return the timing as it is then."""
    names = ", ".join(dict.fromkeys(record.ahead(connection, timing.id, int(time.time()))))
    code, text = run(launcher(home, "_settle"), os.environ)
    if code == DONE:
        log.note(f"The clock was ahead when they were made or resumed, so they begin now: {names}")
    else:
        log.alarm(f"What begins in the future could not be set to now ({names}): {text.strip()}")
    return compiled_timing(connection, timing.id) or timing
