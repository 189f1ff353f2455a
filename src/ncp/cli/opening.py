"""Open the home for a command: finish what was interrupted, keep the launcher fresh."""

from __future__ import annotations

from ncp.api import Schedule
from ncp.cli import arriving, output


def opened(*, migrate: bool = True, may_empty: bool = False) -> Schedule:
    """Open the home that NCP_HOME names; reads the document, so a broken one stops here.

    With `migrate`, a jobs.json that waits there is taken over before a change. With
    `may_empty`, a document that is out of sight means that nothing shall run.
    """
    schedule = Schedule()
    output.notes(schedule.upkeep.take_up(may_empty=may_empty))
    if migrate and schedule.upkeep.writable:
        arriving.arrive(schedule)
    return schedule


def tell_stale(schedule: Schedule) -> None:
    """Say where what fires is not what the document says."""
    if stale := schedule.upkeep.stale:
        output.note(stale)


def tell_copy(schedule: Schedule) -> None:
    """Say that a copy of another home fires nothing."""
    if copied := schedule.upkeep.copied:
        output.note(copied)
