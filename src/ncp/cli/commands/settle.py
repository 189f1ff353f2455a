"""`ncp _settle`: complete the tasks that reached their end, called after a firing."""

from __future__ import annotations

from ncp.api import Schedule

EXAMPLE = "ncp _settle"


def command() -> None:
    """Complete the tasks that reached their end. Called after a firing."""
    Schedule().upkeep.settle()
