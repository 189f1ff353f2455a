"""The whole schedule with its statistics: the form of schedule.json, with counters beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import document
from ncp.api import reading, upcoming, views
from ncp.api.exporting import private
from ncp.api.exporting.exported import Exported
from ncp.config import CAPTURED
from ncp.document import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.site import Site
    from ncp.model import Task

COUNTERS = ("executionCount", "lastExecutionId", "lastExecutionAt", "lastStatus")


def export(site: Site) -> Exported:
    """Write all tasks and timings, unknown keys too, as JSON."""
    schedule, states = site.document.schedule, reading.states(site)
    due = upcoming.next_slots(site, schedule.timings.values())
    tree = {
        **site.document.tree,
        "version": site.document.tree.get("version", document.VERSION),
        "tasks": {
            key: _task(site, task, states.get(key, {}), due[task.timing_id])
            for key, task in schedule.tasks.items()
        },
        "timings": {key: _timing(site, key, states, due[key]) for key in schedule.timings},
    }
    tasks = schedule.tasks.values()
    warnings = (*_uncaptured(tasks), *private.plain(tasks))
    return Exported({"schedule.json": text.dump(tree).encode()}, tuple(warnings))


def _old(site: Site, section: str, key: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = site.document.tree.get(section, {}).get(key)
    return found


def _task(site: Site, task: Task, state: Mapping[str, object], due: str | None) -> dict[str, Any]:
    timing = site.document.schedule.timings[task.timing_id]
    tree = document.task_tree(task, _old(site, "tasks", task.id))
    if task.captured_environment:
        captured = task.captured_environment
        tree["capturedEnvironment"] = {k: v for k, v in captured.items() if k in CAPTURED}
    view = views.of_task(task, timing, state, due)
    copies = {key: view[key] for key in ("cronExpression", "timezone") if view[key] is not None}
    counters = {key: view[key] for key in (*COUNTERS, "nextExecutionAt")}
    return {**tree, **copies, **counters}


def _timing(
    site: Site, key: str, states: Mapping[str, Mapping[str, object]], due: str | None
) -> dict[str, Any]:
    timing = site.document.schedule.timings[key]
    last = [str(states.get(task, {}).get("lastExecutionAt") or "") for task in timing.task_ids]
    return {
        **document.timing_tree(timing, _old(site, "timings", key)),
        "lastExecutionAt": max(last, default="") or None,
        "nextExecutionAt": views.of_timing(timing, site.document.schedule, due)["nextExecutionAt"],
    }


def _uncaptured(tasks: Any) -> list[str]:
    names = sorted({name for task in tasks for name in task.captured_environment} - {*CAPTURED})
    if not names:
        return []
    return [f"What was captured of {', '.join(names)} is left out: it may be a secret."]
