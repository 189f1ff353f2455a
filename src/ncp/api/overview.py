"""The state of a home at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import views
from ncp.applying import changing
from ncp.doctor import overdue
from ncp.doctor.machine import PREDECESSOR
from ncp.errors import SchedulerError
from ncp.ledger import history

if TYPE_CHECKING:
    from ncp.api.schedule import Schedule
    from ncp.applying.site import Site

FAILED = ("failure", "timeout", "interrupted")
SHOWN_FAILURES = 3


def overview(schedule: Schedule) -> dict[str, Any]:
    """Lay out target, timings with next and last wakes, last failures, what is overdue."""
    site = schedule.site
    watches = {found.timing_id: found for found in overdue.watch(site)}
    wakes = history.wakes(site.ledger) if site.home.ledger.exists() else {}
    predecessor = site.home.path / PREDECESSOR
    return {
        "home": str(site.home.path),
        **_target(site),
        "timings": [
            {**timing, "lastWake": wakes.get(timing["id"])} for timing in schedule.list_timings()
        ],
        "failures": _failures(schedule),
        "overdue": [
            {"timingId": found.timing_id, "slot": views.iso(found.overdue)}
            for found in watches.values()
            if found.overdue is not None
        ],
        "predecessor": str(predecessor) if predecessor.exists() else None,
    }


def _target(site: Site) -> dict[str, Any]:
    """Name the target and why; without one, what each of them lacks."""
    try:
        choice = changing.choice(site)
    except SchedulerError as error:
        return {"target": None, "reason": f"{error.what} {error.where}"}
    return {"target": choice.name, "reason": choice.reason}


def _failures(schedule: Schedule) -> list[dict[str, Any]]:
    """List the newest executions that failed, newest first."""
    found = [
        execution
        for status in FAILED
        for execution in schedule.executions(status=status, limit=SHOWN_FAILURES)
    ]
    found.sort(key=lambda execution: str(execution["startedAt"]), reverse=True)
    return found[:SHOWN_FAILURES]
