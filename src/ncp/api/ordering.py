"""Changes that must not leave a task waiting for one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import document, grouping
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from ncp.model import Schedule, Task, Timing


def placed(schedule: Schedule, moves: Sequence[tuple[Task, Timing]]) -> Schedule:
    """Put tasks into timings; refused where others, or they themselves, would wait in vain."""
    found = schedule
    along = {task.id for task, _ in moves}
    for task, timing in moves:
        before = schedule.tasks.get(task.id)
        if before is not None and before.timing_id != timing.id:
            _require_free_to_move(schedule, task, timing, along)
        found = grouping.with_task(found, task, timing)
    document.require_order(found)
    return found


def _require_free_to_move(
    schedule: Schedule, task: Task, timing: Timing, along: AbstractSet[str]
) -> None:
    """Refuse to part a task from those of its timing that do not go `along`."""
    waiting = document.waiting_for(schedule, [task.id])
    waiting = [one for one in waiting if one.id not in along]
    if waiting:
        raise InputError(
            f'"{task.name}" cannot leave its timing: {_wait(waiting)} for it.',
            where=schedule.tasks[task.id].timing_id,
            next_step=_release(waiting),
        )
    left = [
        schedule.tasks[one.task]
        for one in task.after
        if one.task in schedule.tasks.keys() - along
        and schedule.tasks[one.task].timing_id != timing.id
    ]
    if left:
        raise InputError(
            f'"{task.name}" cannot leave its timing: it waits for {_names(left)}, which stays.',
            where=schedule.tasks[task.id].timing_id,
            next_step="Move it with --no-after, or with --after TASK of the other timing.",
        )


def require_unawaited(schedule: Schedule, tasks: Iterable[Task]) -> None:
    """Refuse to delete what others wait for, unless they go too."""
    gone = list(tasks)
    waiting = document.waiting_for(schedule, [task.id for task in gone])
    if waiting:
        awaited = {one.task for task in waiting for one in task.after}
        raise InputError(
            f"{_wait(waiting)} for {_names([task for task in gone if task.id in awaited])}.",
            where="ncp schedule delete",
            next_step=f"{_release(waiting)}, or delete both.",
        )


def _wait(tasks: Sequence[Task]) -> str:
    return f"{_names(tasks)} {'wait' if len(tasks) > 1 else 'waits'}"


def _names(tasks: Sequence[Task]) -> str:
    return ", ".join(f'"{task.name}"' for task in tasks)


def _release(tasks: Sequence[Task]) -> str:
    commands = (f"ncp schedule update {task.id} --no-after" for task in tasks)
    return f"Run: {' && '.join(commands)}"
