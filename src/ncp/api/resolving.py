"""From what people type to a task or a timing: id, unique id prefix, or name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from ncp.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from ncp.model import Schedule, Task, Timing

SHORTEST_PREFIX = 3


def task(schedule: Schedule, reference: str) -> Task:
    """Find one task; NotFoundError, or InputError where several answer to it."""
    exact = schedule.tasks.get(reference)
    if exact is not None:
        return exact
    matches = [t for t in schedule.tasks.values() if t.name == reference] or [
        t
        for t in schedule.tasks.values()
        if len(reference) >= SHORTEST_PREFIX and t.id.startswith(reference)
    ]
    if len(matches) > 1:
        raise InputError(
            f'{len(matches)} tasks answer to "{reference}".',
            where="task",
            next_step=f"Name one by its id: {', '.join(t.id for t in matches[:5])}.",
        )
    if not matches:
        raise _not_found(schedule, reference)
    return matches[0]


def tasks(schedule: Schedule, reference: str) -> list[Task]:
    """Find one task, or the tasks of the timing of that id."""
    timing = schedule.timings.get(reference)
    if timing is not None and reference not in schedule.tasks:
        return members(schedule, timing)
    return [task(schedule, reference)]


def members(schedule: Schedule, timing: Timing) -> list[Task]:
    """The tasks of a timing in their order."""
    return [schedule.tasks[task_id] for task_id in timing.task_ids]


def _not_found(schedule: Schedule, reference: str) -> NotFoundError:
    if reference in schedule.timings:
        return NotFoundError(
            f'"{reference}" is a timing; this takes a task.',
            where="task",
            next_step=f"Name one of its tasks: {_listed(schedule, reference)}.",
        )
    names = [t.name for t in schedule.tasks.values()] + list(schedule.timings)
    near = get_close_matches(reference, names, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else "Run: ncp schedule list"
    return NotFoundError(f'No task has the id or name "{reference}".', where="task", next_step=hint)


def _listed(schedule: Schedule, timing_id: str) -> str:
    names = [f'"{task.name}"' for task in members(schedule, schedule.timings[timing_id])]
    return ", ".join(names[:5])
