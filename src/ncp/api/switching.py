"""Tasks paused, resumed and deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import grouping
from ncp.api import making, ordering, reading, resolving, tooling, views
from ncp.api.answers import Updated
from ncp.applying import changing
from ncp.errors import InputError
from ncp.importing import returning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ncp import model
    from ncp.applying.site import Site
    from ncp.model import Task, TaskStatus, Timing

    Become = Callable[[Task, Timing], Task | None]


def pause(site: Site, references: Sequence[str], *, everything: bool) -> Updated:
    """Stop tasks from firing; see `Schedule.pause`."""

    def become(task: Task, _: Timing) -> Task | None:
        return making.paused(task, with_all=everything)

    tasks = _chosen(site, references, everything=everything)
    return _switched(site, tasks, become, "paused", everything=everything)


def resume(site: Site, references: Sequence[str], *, everything: bool) -> Updated:
    """Let paused tasks fire again; see `Schedule.resume`."""

    def become(task: Task, timing: Timing) -> Task | None:
        found = making.resumed(task, timing, with_all=everything)
        if found is not None and not everything:
            tooling.require_server(site, found)
        return None if found and tooling.waits(site, found) else found

    tasks = _chosen(site, references, everything=everything)
    done = _switched(site, tasks, become, "active", everything=everything)
    alone = [task for task in tasks if everything and task.status == "paused"]
    after = site.document.schedule.tasks
    left = [after[task.id] for task in alone if after[task.id].status == "paused"]
    lacking = [tooling.waits(site, task) for task in left]
    alone = [task for task, why in zip(left, lacking, strict=True) if not why]
    return replace(done, notes=(*done.notes, *filter(None, lacking), *views.paused_alone(alone)))


def delete(site: Site, references: Sequence[str]) -> Updated:
    """Delete tasks; see `Schedule.delete_task`."""
    tasks = _chosen(site, references, everything=False)

    def edit(current: model.Schedule) -> model.Schedule:
        ordering.require_unawaited(current, tasks)
        for task in tasks:
            current = grouping.without_task(current, resolving.task(current, task.id).id)
        return current

    done = changing.change(site, "delete", edit)
    site.fresh()
    return Updated(tuple(tasks), returning.notes(tasks, site.host), done)


def _chosen(site: Site, references: Sequence[str], *, everything: bool) -> list[Task]:
    if bool(references) == everything:
        raise InputError(
            "Name tasks, or everything; not both." if everything else "No task is named.",
            where="references",
            next_step='Write: "backup", or everything=True',
        )
    if everything:
        return list(site.document.schedule.tasks.values())
    return reading.find(site, references)


def _switched(
    site: Site, tasks: Sequence[Task], become: Become, new: TaskStatus, *, everything: bool
) -> Updated:
    """Change the status of tasks; report on those that have it then, of all on the changed."""
    timings = site.document.schedule.timings
    chosen = [task.id for task in tasks if become(task, timings[task.timing_id])]
    same = [task.id for task in tasks if task.status == new and not everything]
    notes = tuple(
        f'"{task.name}" is {task.status}; it was left alone.'
        for task in tasks
        if task.id not in chosen and task.status not in {"active", "paused"}
    )

    def edit(current: model.Schedule) -> model.Schedule:
        for task in tasks:
            before = resolving.task(current, task.id)
            found = become(before, current.timings[before.timing_id])
            current = current if found is None else grouping.replaced(current, found)
        return current

    outcome = changing.change(site, "pause" if new == "paused" else "resume", edit)
    site.fresh()
    after = site.document.schedule.tasks
    told = [after[task.id] for task in tasks if task.id in {*chosen, *same}]
    return Updated(tuple(told), notes, outcome)
