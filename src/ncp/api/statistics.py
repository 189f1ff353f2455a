"""How often tasks ran, how it went, and how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import reading
from ncp.ledger import statistics

if TYPE_CHECKING:
    from ncp.applying.site import Site

ENDED = ("success", "failure", "timeout", "interrupted")
"""What counts for the success rate: what ran, and is over."""


def of_tasks(site: Site, reference: str | None = None) -> list[dict[str, Any]]:
    """Count the executions of each task, or of one task or timing.

    `successRate` is a fraction of those that ran to an end, None where none
    did; `durationMs` has the median and the 95th percentile of the same. Only
    what retention has left counts, except in `executionCount`.
    """
    chosen = None if reference is None else {task.id for task in reading.find(site, [reference])}
    views = [view for view in reading.tasks(site) if chosen is None or view["id"] in chosen]
    if not site.home.ledger.exists():
        return [_of_task(view, {}, {}) for view in views]
    counts = statistics.counts(site.ledger)
    return [
        _of_task(
            view,
            counts.get(view["id"], {}),
            statistics.durations(site.ledger, view["id"], ENDED),
        )
        for view in views
    ]


def _of_task(
    view: dict[str, Any], counts: dict[str, int], durations: dict[str, int]
) -> dict[str, Any]:
    ended = sum(counts.get(status, 0) for status in ENDED)
    return {
        "taskId": view["id"],
        "taskName": view["name"],
        "timingId": view["timingId"],
        "executionCount": view["executionCount"],
        "statuses": counts,
        "successRate": counts.get("success", 0) / ended if ended else None,
        "durationMs": {"p50": durations.get("p50"), "p95": durations.get("p95")},
        "lastExecutionAt": view["lastExecutionAt"],
        "nextExecutionAt": view["nextExecutionAt"],
    }
