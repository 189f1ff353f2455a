"""The whole schedule with its statistics: the form of schedule.json, with counters beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import document
from ncp.api import upcoming, views
from ncp.api.exporting import private
from ncp.api.exporting.exported import Exported
from ncp.config import CAPTURED
from ncp.document import text
from ncp.ledger import history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.api import Schedule
    from ncp.model import Task

COUNTERS = ("executionCount", "lastExecutionId", "lastExecutionAt", "lastStatus")


def export(home: Schedule) -> Exported:
    """Write all tasks and timings, unknown keys too, as JSON."""
    ledger = home.site.home.ledger.exists()
    states: Mapping[str, Mapping[str, object]] = (
        history.task_states(home.site.ledger) if ledger else {}
    )
    due = upcoming.next_slots(home.site, home.model.timings.values())
    tree = {
        **home.site.document.tree,
        "version": home.site.document.tree.get("version", document.VERSION),
        "tasks": {
            key: _task(home, task, states.get(key, {}), due[task.timing_id])
            for key, task in home.model.tasks.items()
        },
        "timings": {key: _timing(home, key, states, due[key]) for key in home.model.timings},
    }
    tasks = home.model.tasks.values()
    warnings = (*_uncaptured(tasks), *private.plain(tasks))
    return Exported({"schedule.json": text.dump(tree).encode()}, tuple(warnings))


def _old(home: Schedule, section: str, key: str) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = home.site.document.tree.get(section, {}).get(key)
    return found


def _task(
    home: Schedule, task: Task, state: Mapping[str, object], due: str | None
) -> dict[str, Any]:
    timing = home.model.timings[task.timing_id]
    tree = document.task_tree(task, _old(home, "tasks", task.id))
    if task.captured_environment:
        captured = task.captured_environment
        tree["capturedEnvironment"] = {k: v for k, v in captured.items() if k in CAPTURED}
    view = views.of_task(task, timing, state, due)
    copies = {key: view[key] for key in ("cronExpression", "timezone") if view[key] is not None}
    counters = {key: view[key] for key in (*COUNTERS, "nextExecutionAt")}
    return {**tree, **copies, **counters}


def _timing(
    home: Schedule, key: str, states: Mapping[str, Mapping[str, object]], due: str | None
) -> dict[str, Any]:
    timing = home.model.timings[key]
    last = [str(states.get(task, {}).get("lastExecutionAt") or "") for task in timing.task_ids]
    return {
        **document.timing_tree(timing, _old(home, "timings", key)),
        "lastExecutionAt": max(last, default="") or None,
        "nextExecutionAt": views.of_timing(timing, home.model, due)["nextExecutionAt"],
    }


def _uncaptured(tasks: Any) -> list[str]:
    names = sorted({name for task in tasks for name in task.captured_environment} - {*CAPTURED})
    if not names:
        return []
    return [f"What was captured of {', '.join(names)} is left out: it may be a secret."]
