"""Open the home for a command: finish what was interrupted, keep the launcher fresh."""

from __future__ import annotations

from _sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from ncp.api import Schedule
from ncp.applying import absent, changing, moving
from ncp.cli import arriving, output
from ncp.errors import SchedulerError
from ncp.ledger.schema import is_hindered
from ncp.store import home as homes

if TYPE_CHECKING:
    from ncp.applying.site import Site


def opened(*, migrate: bool = True, may_empty: bool = False) -> Schedule:
    """Open the home that NCP_HOME names; reads the document, so a broken one stops here.

    With `migrate`, a jobs.json that waits there is taken over before a change. With
    `may_empty`, a document that is out of sight means that nothing shall run.

    That all was in order is noted for those who look next, and is not looked at
    twice.
    """
    schedule = Schedule()
    site = schedule.site
    site.may_empty = may_empty
    if site.exists:
        seal = site.seal() if site.home.ledger.exists() else ""
        _ = schedule.model
        if homes.is_writable(site.home):
            _catch_up(site, seal)
            if migrate:
                arriving.arrive(site)
        else:
            output.note(f"{site.home.path} cannot be written: nothing can run or change.")
    return schedule


def tell_stale(site: Site) -> None:
    """Say where what fires is not what the document says."""
    if site.exists and site.stale:
        output.note(absent.STALE)


def tell_copy(site: Site) -> None:
    """Say that a copy of another home fires nothing."""
    copied = moving.copied(site)
    if copied:
        output.note(f"{copied} To have it run them too: {moving.ADOPT}")


def _catch_up(site: Site, seal: str) -> None:
    """Finish what was interrupted; where the disk is full or the OS refuses, that has time."""
    try:
        if changing.take_up(site):
            output.note("An earlier change had been interrupted; it is finished now.")
            site.fresh()
        if not site.sealed(seal):
            if site.home.launcher.exists():
                site.refresh_launcher()
            site.note(seal)
    except (OSError, DatabaseError, SchedulerError) as error:
        if isinstance(error, DatabaseError) and not is_hindered(error):
            raise  # a damaged ledger gets no better with time
        output.note(f"What was left undone cannot be finished now: {error}.")
