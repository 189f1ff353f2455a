"""Tasks made or resumed while the clock was ahead: no slot of theirs counts before then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ncp import grouping
from ncp.cron import zones
from ncp.fields.values import instant
from ncp.ledger.compiled import compiled_timings

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.applying.site import Site
    from ncp.model import Schedule, Task

TOLERANCE = timedelta(minutes=1)
"""Clocks are corrected by seconds all the time."""


def tasks(schedule: Schedule, now: datetime) -> list[Task]:
    """List the active tasks that begin in the future, which no task that was made does."""
    return [
        task
        for task in schedule.tasks.values()
        if task.status == "active"
        and task.active_since is not None
        and instant(task.active_since) > now + TOLERANCE
    ]


def present(schedule: Schedule, now: datetime) -> Schedule:
    """Have those tasks begin with this minute, so that the slot that woke somebody counts."""
    minute = now.replace(second=0, microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
    for task in tasks(schedule, now):
        schedule = grouping.replaced(schedule, replace(task, active_since=minute))
    return schedule


def is_copy_ahead(site: Site) -> bool:
    """Tell whether the compiled copy has a timing of which no slot counts yet."""
    now = zones.minutes(site.host.now) + 1
    return any(timing.since > now for timing in compiled_timings(site.ledger))
