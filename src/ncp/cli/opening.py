"""Open the home for a command: finish what was interrupted, keep the launcher fresh."""

from __future__ import annotations

from ncp.api import Schedule
from ncp.applying import changing
from ncp.cli import output


def opened() -> Schedule:
    """Open the home that NCP_HOME names; reads the document, so a broken one stops here.

    That all was in order is noted for those who look next, and is not looked at
    twice.
    """
    schedule = Schedule()
    site = schedule.site
    if site.exists:
        seal = site.seal() if site.home.ledger.exists() else ""
        _ = schedule.model
        if changing.take_up(site):
            output.note("An earlier change had been interrupted; it is finished now.")
            site.fresh()
        if not site.sealed(seal):
            if site.home.launcher.exists():
                site.refresh_launcher()
            site.note(seal)
    return schedule
