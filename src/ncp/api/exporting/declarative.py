"""The declarative form, for version control: what `ncp schedule apply` reads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ncp.api.exporting import lines, private
from ncp.api.exporting.exported import Exported
from ncp.document import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Task, Timing

HEAD = "# Written by ncp. To make a home what this file says: ncp schedule apply FILE\n"
LEFT = {
    *("id", "name", "timingId", "capturedEnvironment", "createdAt", "activeSince", "origin"),
    *("complaints", "statusBefore", "pausedWithAll"),
    *("status", "errorMessage", "after", "workingDirectory"),
}
"""The keys that are written otherwise, or not at all."""
STATED = ("timeoutSeconds", "catchupMissed")
"""What has another default elsewhere: in another home, and for an import."""
SHORT_ID = 8


def export(site: Site) -> Exported:
    """Write what tasks run, when and how; a task that cannot be declared becomes a remark."""
    names, warnings, texts = (
        _names(site),
        [*private.plain(site.document.schedule.tasks.values())],
        [],
    )
    for task in site.document.schedule.tasks.values():
        if names[task.id] != task.name:
            warnings.append(
                f'Another task is called "{task.name}" too: this one is "{names[task.id]}".'
            )
        timing = site.document.schedule.timings[task.timing_id]
        reason = _obstacle(site, task, timing)
        if reason:
            warnings.append(f'"{task.name}" is left out: {reason}.')
            texts.append(f"  # {lines.scalar(task.name)} is left out: {reason}.")
        else:
            texts += lines.task(dict(_values(task, timing, names)))
    listed = any(not text.lstrip().startswith("#") for text in texts)
    start = "tasks:\n" if listed else "tasks: []\n"
    text = HEAD + start + "".join(f"{line}\n" for line in texts)
    return Exported({"schedule.yaml": text.encode()}, tuple(warnings))


def _names(site: Site) -> dict[str, str]:
    """Give each task a name of its own: a file knows tasks by nothing else."""
    tasks = site.document.schedule.tasks.values()
    counts = Counter(task.name for task in tasks)
    found: dict[str, str] = {}
    for task in tasks:
        taken = counts[task.name] > 1 and task.name in found.values()
        found[task.id] = f"{task.name} ({task.id[:SHORT_ID]})" if taken else task.name
    return found


def _obstacle(site: Site, task: Task, timing: Timing) -> str:
    if task.original is not None or timing.recurrence.never:
        return "it waits to be mended"
    at = timing.recurrence.at
    return "its instant is past" if at is not None and at <= site.host.now else ""


def _values(task: Task, timing: Timing, names: dict[str, str]) -> Iterator[tuple[str, Any]]:
    yield "name", names[task.id]
    yield from _when(timing)
    yield "workingDirectory", task.working_directory
    values = shape.task_values(task, STATED)
    yield from ((key, value) for key, value in values.items() if key not in LEFT)
    if task.after:
        yield "after", [_awaited(names[one.task], one.outcome) for one in task.after]
    if task.status == "paused":
        yield "enabled", False
    elif task.status != "active":
        yield "status", task.status
        yield from (("errorMessage", said) for said in (task.error_message,) if said)


def _when(timing: Timing) -> Iterator[tuple[str, Any]]:
    values = shape.timing_values(timing)
    yield from ((key, values[key]) for key in ("at",) if values["at"])
    if values["cronExpression"]:
        yield "cron", values["cronExpression"]
    yield from ((key, values[key]) for key in ("every", "timezone") if values[key])


def _awaited(name: str, outcome: str) -> Any:
    return name if outcome == "success" else {"task": name, "outcome": outcome}
