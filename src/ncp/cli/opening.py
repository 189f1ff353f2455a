"""Open the home for a command: finish what was interrupted, keep the launcher fresh."""

from __future__ import annotations

from ncp.api import Schedule
from ncp.applying import changing
from ncp.cli import output


def opened() -> Schedule:
    """Open the home that NCP_HOME names; reads the document, so a broken one stops here."""
    schedule = Schedule()
    if schedule.site.exists:
        _ = schedule.model
        if changing.take_up(schedule.site):
            output.note("An earlier change had been interrupted; it is finished now.")
            schedule.site.fresh()
        if schedule.site.home.launcher.exists():
            schedule.site.refresh_launcher()
    return schedule
