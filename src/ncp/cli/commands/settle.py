"""`ncp _settle`: complete the tasks that reached their end, called after a firing."""

from __future__ import annotations

from ncp.api import Schedule
from ncp.applying import settling

EXAMPLE = "ncp _settle"


def command() -> None:
    """Complete the tasks that reached their end. Called after a firing."""
    schedule = Schedule()
    if schedule.site.exists:
        settling.settle(schedule.site)
