"""Tasks into timings: who shares a recurrence in a zone shares a timing.

Every function returns a new schedule, in which each task is listed by exactly
the timing it names, in the order of creation, and no timing is without tasks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.cron.naming import identity, timing_id, unique_id
from ncp.cron.wording import timing_name
from ncp.model import Schedule, Timing

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from ncp.model import Recurrence, Task


def timing_for(
    schedule: Schedule,
    recurrence: Recurrence,
    zone: str | None,
    *,
    created_at: str,
    machine_zone: str,
) -> Timing:
    """Find the timing of that recurrence and zone, or make one with an id and name of its own.

    The new one is not in the schedule yet: `with_task` puts it there.
    """
    wanted = identity(recurrence, zone)
    holders = {t.id: identity(t.recurrence, t.zone) for t in schedule.timings.values()}
    for timing in schedule.timings.values():
        if holders[timing.id] == wanted:
            return timing
    names = {timing.name for timing in schedule.timings.values()}
    made = new_timing(recurrence, zone, holders, names, machine_zone)
    return replace(made, created_at=created_at)


def new_timing(
    recurrence: Recurrence,
    zone: str | None,
    holders: Mapping[str, str],
    names: Container[str],
    machine_zone: str,
) -> Timing:
    """Make a timing with an id and a name of its own; `holders` are ids and their identities."""
    wanted = identity(recurrence, zone)
    new_id = unique_id(timing_id(recurrence, zone, machine_zone=machine_zone), wanted, holders)
    name = timing_name(recurrence, zone, machine_zone=machine_zone)
    return Timing(new_id, f"{name} ({new_id})" if name in names else name, recurrence, zone)


def with_task(schedule: Schedule, task: Task, timing: Timing) -> Schedule:
    """Add a task to a timing, and the timing to the schedule where it is new."""
    tasks = {**schedule.tasks, task.id: replace(task, timing_id=timing.id)}
    return grouped(tasks, {**schedule.timings, timing.id: timing})


def without_task(schedule: Schedule, task_id: str) -> Schedule:
    """Take a task out, and its timing with the last one; KeyError for an unknown id."""
    tasks = dict(schedule.tasks)
    del tasks[task_id]
    return grouped(tasks, schedule.timings)


def moved(schedule: Schedule, task_id: str, timing: Timing) -> Schedule:
    """Move a task to another timing; KeyError for an unknown id."""
    return with_task(schedule, schedule.tasks[task_id], timing)


def replaced(schedule: Schedule, task: Task) -> Schedule:
    """Put a changed task in the place of the one of that id; KeyError where there is none."""
    timing = schedule.timings[schedule.tasks[task.id].timing_id]
    return with_task(schedule, task, timing)


def grouped(tasks: Mapping[str, Task], timings: Mapping[str, Timing]) -> Schedule:
    """Make a schedule of tasks and of those of the timings that they name."""
    members: dict[str, list[str]] = {}
    for task in tasks.values():
        members.setdefault(task.timing_id, []).append(task.id)
    kept = {
        timing.id: replace(timing, task_ids=tuple(members[timing.id]))
        for timing in timings.values()
        if timing.id in members
    }
    return Schedule(tasks, kept)
