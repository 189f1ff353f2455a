"""What the JSON of `list`, `get` and `export` holds: the document, and what happened.

Counters have the names that version 2 files gave them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncp import document
from ncp.cron import calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ncp.model import Recurrence, Schedule, Task, Timing

MOST_NAMED = 5


def iso(instant: datetime) -> str:
    """An instant as JSON carries it: UTC, seconds, Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def next_slot(timing: Timing, zone: str, now: datetime) -> str | None:
    """The next slot of a timing, None for a one-off that has passed."""
    found = calendar.following(timing.recurrence, timing.zone or zone, now, 1)
    return iso(found[0]) if found else None


def interval(recurrence: Recurrence) -> dict[str, Any]:
    """An interval under its key, nothing where there is none."""
    every = recurrence.every
    return {} if every is None else {"every": asdict(every)}


def of_task(
    task: Task, timing: Timing, state: Mapping[str, object], due: str | None
) -> dict[str, Any]:
    """Lay out one task with its counters; `due` is its next slot."""
    return {
        **document.task_tree(task),
        "status": task.status,
        "timeoutSeconds": task.timeout_seconds,
        "umask": task.umask,
        "cronExpression": timing.recurrence.cron or None,
        **interval(timing.recurrence),
        "at": timing.recurrence.text if timing.recurrence.at else None,
        "timezone": timing.zone,
        "executionCount": state.get("executionCount", 0),
        "lastExecutionId": state.get("lastExecutionId"),
        "lastExecutionAt": state.get("lastExecutionAt"),
        "lastStatus": state.get("lastStatus"),
        "nextExecutionAt": due if task.status == "active" else None,
    }


def paused_alone(tasks: Sequence[Task]) -> Iterator[str]:
    """Say which tasks a resume of all has left paused, and how they are resumed."""
    if tasks:
        names = ", ".join(f'"{task.name}"' for task in tasks[:MOST_NAMED])
        more = f" and {len(tasks) - MOST_NAMED} more" if len(tasks) > MOST_NAMED else ""
        ids = " ".join(task.id for task in tasks)
        how = (
            "see: ncp schedule list --status paused" if more else f"run: ncp schedule resume {ids}"
        )
        yield f"Paused before all were, and still: {names}{more}. To resume, {how}"


def of_timing(timing: Timing, schedule: Schedule, due: str | None) -> dict[str, Any]:
    """Lay out one timing; `due` is its next slot."""
    live = any(schedule.tasks[task_id].status == "active" for task_id in timing.task_ids)
    return {
        **document.timing_tree(timing),
        "cronExpression": timing.recurrence.cron or None,
        "timezone": timing.zone,
        "nextExecutionAt": due if live else None,
    }
