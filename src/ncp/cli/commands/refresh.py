"""`ncp _refresh`: compile and sync again, called by a firing that finds its copy stale."""

from __future__ import annotations

from ncp.api import Schedule

EXAMPLE = "ncp _refresh"


def command() -> None:
    """Compile and sync again. Called by a firing."""
    Schedule().upkeep.refresh()
