"""What a task may only be together with others: when it waits for them, and its timing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import periods
from ncp.document.text import shown
from ncp.errors import DocumentError, Location, TogetherError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from ncp.model import Schedule, Task

MOST_SHOWN = 8
"""Names of a circle that a complaint has."""
MOST_NAMED = 5
"""Of tasks that a complaint proposes."""


def require_order(schedule: Schedule, file: str = "") -> None:
    """Check what tasks wait for, and their jitter; DocumentError names the key in `file`."""
    for error in disorders(schedule, file):
        raise error


def disorders(schedule: Schedule, file: str = "") -> Iterator[DocumentError]:
    """Find all such errors, one for a task at most; circles where there is nothing else."""
    found = False
    for task in schedule.tasks.values():
        try:
            _require_fitting(schedule, task, Location(task=task.id, file=file))
        except DocumentError as error:
            found = True
            yield error
    if not found:
        yield from _circles(schedule.tasks, file)


def _require_fitting(schedule: Schedule, task: Task, where: Location) -> None:
    if task.status == "active":
        _require_coming(schedule, task, where)
    if task.jitter_seconds:
        _require_short_jitter(schedule, task, where)
    if task.after:
        _require_known(schedule.tasks, task, where)


def _require_coming(schedule: Schedule, task: Task, where: Location) -> None:
    """Refuse a task that is said to be active and could never start."""
    lacks = "original" if task.original is not None else ""
    if lacks or schedule.timings[task.timing_id].recurrence.never:
        raise DocumentError(
            "It is active, and still waits to be mended."
            if lacks
            else f"It is active, and its timing {task.timing_id} never comes.",
            where=where + ".status",
            next_step='Write "error", and mend it with: '
            f"ncp schedule update {task.id} --schedule '0 9 * * *'",
        )


def waiting_for(schedule: Schedule, task_ids: Iterable[str]) -> list[Task]:
    """List the tasks that wait for any of these, and are none of them."""
    gone = set(task_ids)
    return [
        task
        for task in schedule.tasks.values()
        if task.id not in gone and any(one.task in gone for one in task.after)
    ]


def _require_short_jitter(schedule: Schedule, task: Task, where: Location) -> None:
    limit = 60 * periods.shortest(schedule.timings[task.timing_id].recurrence)
    if task.jitter_seconds >= limit:
        raise TogetherError(
            f"{task.jitter_seconds:g} is not less than the shortest time between two slots"
            f" of {task.timing_id}, {limit} seconds.",
            where=where + ".jitterSeconds",
            next_step=f"Write {limit // 2}, or less.",
        )


def _require_known(tasks: Mapping[str, Task], task: Task, where: Location) -> None:
    seen: set[str] = set()
    for number, one in enumerate(task.after):
        problem = _problem(tasks, task, one.task, seen)
        seen.add(one.task)
        if problem:
            raise DocumentError(
                f"{_called(tasks, one.task)} {problem}.",
                where=where + f".after[{number}].task",
                next_step=_instead(tasks, task),
            )


def _instead(tasks: Mapping[str, Task], task: Task) -> str:
    """Name what a task could wait for, and does not yet."""
    waits = {one.task for one in task.after} | {task.id}
    free = [one.id for one in tasks.values() if one.timing_id == task.timing_id]
    left = [task_id for task_id in free if task_id not in waits]
    if not left:
        return "Remove it: there is no other task of its timing to wait for."
    return f"Write the id of another task of the same timing: {', '.join(left[:MOST_NAMED])}"


def _called(tasks: Mapping[str, Task], task_id: str) -> str:
    named = task_id in tasks and tasks[task_id].name != task_id
    return f"{shown(tasks[task_id].name)} ({task_id})" if named else shown(task_id)


def _problem(tasks: Mapping[str, Task], task: Task, awaited: str, seen: Container[str]) -> str:
    if awaited not in tasks:
        return "is not among the tasks"
    if awaited == task.id:
        return "is this task itself"
    if tasks[awaited].timing_id != task.timing_id:
        return f"belongs to {tasks[awaited].timing_id}, not to {task.timing_id}"
    return "is there twice" if awaited in seen else ""


def _circles(tasks: Mapping[str, Task], file: str) -> Iterator[DocumentError]:
    """Strike out what waits for nothing that is left; what never goes waits in a circle."""
    left = {task.id: {one.task for one in task.after} for task in tasks.values() if task.after}
    waiting: dict[str, list[str]] = {}
    for key, awaited in left.items():
        awaited.intersection_update(left)
        for one in awaited:
            waiting.setdefault(one, []).append(key)
    _strike(left, waiting, [key for key, awaited in left.items() if not awaited])
    while left:
        circle = _circle(left)
        names = [f'"{tasks[key].name}"' for key in [*circle, circle[0]]]
        if len(names) > MOST_SHOWN:
            names[MOST_SHOWN - 1 : -1] = [f"… {len(names) - MOST_SHOWN} more …"]
        yield DocumentError(
            f"Tasks wait for each other: {' waits for '.join(names)}.",
            where=Location(task=circle[0], path=".after", file=file),
            next_step="Let one of them wait for none of the others.",
        )
        _strike(left, waiting, circle[:1])


def _strike(left: dict[str, set[str]], waiting: Mapping[str, list[str]], free: list[str]) -> None:
    """Take these out, and one after the other all that waits for nothing that is left then."""
    free = [*free]
    while free:
        gone = free.pop()
        del left[gone]
        for key in waiting.get(gone, ()):
            if key in left:
                left[key].discard(gone)
                free += [] if left[key] else [key]


def _circle(left: Mapping[str, set[str]]) -> list[str]:
    """Walk from one to one that it waits for, until one comes again."""
    path: dict[str, None] = {}
    key = next(iter(left))
    while key not in path:
        path[key] = None
        key = min(left[key])
    keys = [*path]
    return keys[keys.index(key) :]
