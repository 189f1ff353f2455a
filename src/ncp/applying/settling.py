"""After a firing: tasks that reached their end are completed, and their entries go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import grouping
from ncp.applying import ahead, changing
from ncp.fields.values import instant
from ncp.ledger import history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ncp.applying.site import Site
    from ncp.model import Schedule, Task


def settle(site: Site) -> list[str]:
    """Mark finished tasks as completed and return their ids; a quiet home is left alone.

    Tasks that begin in the future, because the clock was ahead, begin now.
    """
    now = site.host.now
    passed_over = dict.fromkeys(history.passed_over(site.ledger), 1)
    fired = history.fired(site.ledger) | passed_over
    done = finished(site.document.schedule, fired, site.host.now)
    if done or ahead.tasks(site.document.schedule, now) or ahead.is_copy_ahead(site):
        changing.change(
            site, "settle", lambda current: completed(ahead.present(current, now), done)
        )
    return done


def finished(schedule: Schedule, fired: Mapping[str, int], now: datetime) -> list[str]:
    """List the active tasks that will never fire again.

    `fired` counts each task's scheduled executions.
    """
    return [
        task.id
        for task in schedule.tasks.values()
        if task.status == "active" and _is_finished(task, schedule, fired.get(task.id, 0), now)
    ]


def completed(schedule: Schedule, task_ids: list[str]) -> Schedule:
    """Set the status of those tasks that are still there."""
    for task_id in task_ids:
        if task_id in schedule.tasks:
            schedule = grouping.replaced(
                schedule, replace(schedule.tasks[task_id], status="completed")
            )
    return schedule


def _is_finished(task: Task, schedule: Schedule, fired: int, now: datetime) -> bool:
    once = task.fire_once or schedule.timings[task.timing_id].recurrence.at is not None
    if once and fired:
        return True
    if task.max_executions is not None and fired >= task.max_executions:
        return True
    return task.end_date is not None and instant(task.end_date) <= now
