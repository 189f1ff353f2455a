"""The state of a home at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import views
from ncp.applying import changing
from ncp.doctor import entries, overdue
from ncp.doctor.machine import PREDECESSOR
from ncp.ledger import history

if TYPE_CHECKING:
    from ncp.api.schedule import Schedule

FAILED = ("failure", "timeout", "interrupted")
SHOWN_FAILURES = 3


def overview(schedule: Schedule) -> dict[str, Any]:
    """Lay out target, timings with next and last wakes, last failures, what is overdue."""
    site = schedule.site
    wakes = history.wakes(site.ledger) if site.home.ledger.exists() else {}
    choice = changing.choice(site)
    predecessor = site.home.path / PREDECESSOR
    return {
        "home": str(site.home.path),
        "target": choice.name,
        "reason": choice.reason,
        "timings": [
            {**timing, "lastWake": wakes.get(timing["id"])} for timing in schedule.list_timings()
        ],
        "failures": _failures(schedule),
        "warnings": _warnings(schedule),
        "overdue": [
            {"timingId": found.timing_id, "slot": views.iso(found.overdue)}
            for found in overdue.watch(site)
            if found.overdue is not None
        ],
        "predecessor": str(predecessor) if predecessor.exists() else None,
    }


def _warnings(schedule: Schedule) -> list[dict[str, str]]:
    """List what the target itself complains about, where there is something to fire."""
    if not schedule.model.timings:
        return []
    return [
        {"subject": found.subject, "message": found.message, "mend": found.mend}
        for found in entries.target(schedule.site)
        if found.level != "ok"
    ]


def _failures(schedule: Schedule) -> list[dict[str, Any]]:
    """List the newest executions that failed, newest first."""
    found = [
        execution
        for status in FAILED
        for execution in schedule.executions(status=status, limit=SHOWN_FAILURES)
    ]
    found.sort(key=lambda execution: str(execution["startedAt"]), reverse=True)
    return found[:SHOWN_FAILURES]
