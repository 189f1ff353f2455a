"""Has a daemon that compares whole seconds noticed what was installed?

Debian's cron looks at its spool in the first two seconds of a minute, and when it starts. It
takes the tables for unchanged where the folder's time, in whole seconds, is that of its last look.
So what changes in the second of a look, before it and again after it, is not seen until the next
change. One `crontab` call can do both: it makes its new file in the folder, and renames it later.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.host import survey

if TYPE_CHECKING:
    from ncp.model import Again, Command

LOOKING_SECONDS = 4
"""How long into a minute its look may come: it sleeps whole seconds, one more than it would need,
and a busy machine wakes it late."""
CLOCK_TICK = 0.02
"""The kernel's time of files may be that much behind the clock."""


def second(path: str) -> int | None:
    """The whole second in which a file or folder was changed; None where that cannot be seen."""
    try:
        return int(Path(path).stat().st_mtime)
    except OSError:
        return None


def doubtful(again: Again, before: int | None) -> bool:
    """Tell whether a look may have come in the second of the change that was just made.

    `before` is the second in which the folder was changed before that.
    """
    changed = second(again.folder) or int(time.time())
    started = before == changed == second(again.started)
    return changed % 60 < LOOKING_SECONDS or started


def repeated(again: Again) -> tuple[Command, ...]:
    """Wait until the next second; then what to run again, nothing where somebody changed it."""
    shown = survey.run(again.look)
    time.sleep(1 - time.time() % 1 + CLOCK_TICK)
    return again.commands if survey.run(again.look) == shown else ()
