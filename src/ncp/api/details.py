"""All that is known of one task: what it is, when it fires, what it sees, how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import reading, resolving, seeing, upcoming
from ncp.cron import wording

if TYPE_CHECKING:
    from ncp.applying.site import Site

SLOTS = 5
EXECUTIONS = 5


def of_task(site: Site, reference: str) -> dict[str, Any]:
    """Lay out one task as `get --json` prints it.

    Beside the keys of `list`: `timingName`, `sentence`, `nextSlots` (none
    unless it is active), `effectiveEnvironment` (the whole of what it will
    see) and its newest `executions`.
    """
    task = resolving.task(site.document.schedule, reference)
    timing, host = site.document.schedule.timings[task.timing_id], site.host
    return {
        **reading.task(site, task.id),
        "timingName": timing.name,
        "sentence": wording.sentence(timing.recurrence, timing.zone, machine_zone=host.zone),
        "nextSlots": upcoming.of_task(task, timing, site, SLOTS),
        "effectiveEnvironment": seeing.of_task(task, host),
        "executions": reading.executions(site, task.id, limit=EXECUTIONS),
    }
