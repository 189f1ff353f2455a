"""Change tasks, several at once, and say of each what is other than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import document, grouping
from ncp.api import making, mending, ordering, resolving, tooling
from ncp.api.answers import Updated
from ncp.api.options import checked
from ncp.applying import changing
from ncp.document import shape
from ncp.errors import Location
from ncp.host import enforcing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp import model
    from ncp.applying.site import Site
    from ncp.model import Task, Timing

QUIET = frozenset({"id", "timingId", "createdAt", "activeSince", "capturedEnvironment"})
"""What a person has not asked for; a change of the timing is told as that of the schedule."""


def update(
    site: Site,
    wanted: Mapping[str, Mapping[str, Any]],
    *,
    schedule: str | None = None,
    timezone: str | None = None,
    validate: bool = True,
    trial: bool = False,
) -> Updated:
    """Change the fields of tasks, by their ids, in one change; see `Schedule.update_task`."""
    before = site.document.schedule
    wanted = {
        task_id: checked(changes, Location(task=task_id), shell=before.tasks[task_id].shell)
        for task_id, changes in wanted.items()
    }
    recurrences, notes = _recurrences(site, before, wanted, schedule, timezone)
    tried = None
    for task_id, changes in wanted.items():
        found = making.changed(before.tasks[task_id], changes, moved=False)
        if tooling.concerns(changes):
            document.check(found, Location(task=task_id))
            notes += tooling.notes(site, found, validate=validate)
        tried = tooling.trial(site, found) if trial else None

    def edit(current: model.Schedule) -> model.Schedule:
        pairs = []
        grown = current  # two new timings must not get one id
        for task_id, changes in wanted.items():
            old = resolving.task(current, task_id)
            recurrence, zone = recurrences[task_id]
            timing = making.timing(site, grown, recurrence, zone)
            found = making.changed(old, changes, moved=timing.id != old.timing_id)
            found = mending.mended(found, timing, changes)
            found = tooling.waiting(site, old, found)
            making.require_one_text(found)
            document.check(found, Location(task=task_id))
            if "name" in changes and found.name != old.name:
                making.require_free(found.name, current, "--name")
            grown = grouping.with_task(grown, found, timing)
            pairs.append((found, timing))
        return ordering.placed(current, pairs)

    outcome = changing.change(site, "update", edit)
    site.fresh()
    after = site.document.schedule
    tasks = tuple(after.tasks[task_id] for task_id in wanted)
    for task in tasks:
        notes += enforcing.notes(task, site.host, outcome.choice.name)
        if task.status == "paused" != before.tasks[task.id].status and task.error_message:
            notes += (f'"{task.name}" is paused. {task.error_message}',)
    changed = {task.id: differences(before, after, task.id) for task in tasks}
    return Updated(tasks, tuple(dict.fromkeys(notes)), outcome, tried, changed)


def _recurrences(
    site: Site,
    current: model.Schedule,
    wanted: Mapping[str, object],
    schedule: str | None,
    timezone: str | None,
) -> tuple[dict[str, tuple[model.Recurrence, str | None]], tuple[str, ...]]:
    """Find what the recurrence and zone of each task shall be; notes say what was assumed."""
    found: dict[str, tuple[model.Recurrence, str | None]] = {}
    notes: tuple[str, ...] = ()
    for task_id in wanted:
        old = current.timings[current.tasks[task_id].timing_id]
        zone = making.zone_meant(site, schedule or "", timezone)
        zone = old.zone if zone is None else zone
        recurrence = old.recurrence
        if schedule is not None:
            recurrence, more = making.recurrence(site, schedule, zone)
            notes += more
        found[task_id] = recurrence, zone
    return found, notes


def work(task: Task) -> tuple[object, ...]:
    """What a task runs, to compare it with another."""
    return task.command, task.shell, task.steps, task.tool, task.parameters


def differences(
    before: model.Schedule, after: model.Schedule, task_id: str
) -> dict[str, tuple[object, object]]:
    """Lay out what of a task is other than before: its keys, old and new values."""
    old, new = (_facts(one, one.tasks[task_id]) for one in (before, after))
    keys = dict.fromkeys((*old, *new))
    return {key: (old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)}


def _facts(schedule: model.Schedule, task: Task) -> dict[str, object]:
    tree = {**shape.TASK_DEFAULTS, **document.task_tree(task)}
    timing: Timing = schedule.timings[task.timing_id]
    return {
        "schedule": timing.recurrence.text,
        "timezone": timing.zone,
        **dict(_flat({key: value for key, value in tree.items() if key not in QUIET})),
    }


def _flat(tree: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Give each variable and limit its own key: `environment.LANG`."""
    return [
        pair
        for key, value in tree.items()
        for pair in (
            [(f"{key}.{name}", one) for name, one in value.items()]
            if isinstance(value, dict)
            else [(key, value)]
        )
    ]
