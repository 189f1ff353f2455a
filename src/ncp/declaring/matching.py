"""The tasks of a declarative file against those of a home, by their names."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncp import environment
from ncp.document.checks import DEFAULTS
from ncp.errors import InputError
from ncp.fields import camel
from ncp.intake.intake import Intake
from ncp.intake.items import NEW, Item, Line, Refusal
from ncp.intake.joining import is_same
from ncp.model import Task
from ncp.taskfile.entry import FIELDS

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.model import Schedule, Timing

OWN = ("captured_environment", "created_at", "active_since", "error_message", "paused_with_all")
"""What a task keeps whatever the file says: it belongs to the machine."""
ENDS = ("fire_once", "max_executions", "end_date")
"""What may have completed a task; a change of it lets the task begin anew."""


class Home(Intake):
    """A schedule that becomes what a file says, task by task."""

    def __init__(self, site: Site, schedule: Schedule, origin: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        super().__init__(site, schedule, now)
        self.origin = origin
        self._named: dict[str, list[Task]] = {}
        self._waiting: dict[str, list[int]] = {}
        for task in schedule.tasks.values():
            self._named.setdefault(task.name, []).append(task)
        self._ids = {name: tasks[0].id for name, tasks in self._named.items()}

    def accept(self, item: Item) -> Line:
        """Make the task of that name what an item says."""
        old = self._old(item)
        timing, notes = self._timing(item, old)
        task = self._task(item, old, timing)
        return Line(item, "imported", task, timing, (*item.warnings, *notes))

    def name_all(self) -> None:
        """Let tasks wait for those that the file calls by their names, and say what is other."""
        self._ids |= {line.item.name: line.task.id for line in self.lines if line.task}
        for place, line in enumerate(self.lines):
            for one in line.task.after if line.task is not None else ():
                self._waiting.setdefault(one.task, []).append(place)
        for name, places in self._waiting.items():
            for place in places if name not in self._ids else ():
                self.undo(place, _lacking(name))
        self.connect(self._ids)
        self.lines = [self._told(line) for line in self.lines]

    def undo(self, place: int, refusal: Refusal) -> None:
        """Put a task back as it was; those that wait for one that is not there then go with it."""
        waiting = [(place, refusal)]
        while waiting:
            place, refusal = waiting.pop()
            line = self.lines[place]
            super().undo(place, refusal)
            if line.outcome in NEW and line.task and line.task.id not in self.tasks:
                self._ids.pop(line.item.name, None)
                lacking = _lacking(line.item.name)
                waiting += [(one, lacking) for one in self._waiting.get(line.item.name, ())]

    def drop(self, task: Task) -> None:
        """Delete a task, unless another one waits for it."""
        del self.tasks[task.id]
        timing = self.timings[task.timing_id]
        self.lines.append(Line(Item("", task.name), "deleted", task, timing))

    def _old(self, item: Item) -> Task | None:
        """Find the task that an item is about; two of its name cannot be told apart."""
        found = self._named.get(item.name, [])
        ours = [task for task in found if task.origin == self.origin]
        found = ours if len(ours) == 1 else found
        if len(found) > 1:
            raise InputError(
                f"{len(found)} tasks of the home have this name.",
                next_step=f"Rename one: ncp schedule update {found[1].id} --name NAME",
            )
        return found[0] if found else None

    def _timing(self, item: Item, old: Task | None) -> tuple[Timing, tuple[str, ...]]:
        zone, recurrence, notes = self.due(item)
        if old is not None:
            kept = self.before.timings[old.timing_id]
            if is_same(item, recurrence, zone, kept):
                return kept, ()
        if recurrence.at is not None and recurrence.at <= self.site.host.now:
            raise InputError(f"{recurrence.text} is past.", next_step="Remove it, or correct it.")
        return self.joining.timing(recurrence, zone), notes

    def _task(self, item: Item, old: Task | None, timing: Timing) -> Task:
        plain = {name: DEFAULTS[name] for name in FIELDS}
        own = self._new() if old is None else {name: getattr(old, name) for name in OWN}
        values = {**plain, **own, **item.values}
        task = Task(
            **{
                **values,
                "id": str(uuid.uuid4()) if old is None else old.id,
                "name": item.name,
                "timing_id": timing.id,
                "origin": self.origin,
            }
        )
        return task if old is None else _continued(task, old, self.now)

    def _new(self) -> dict[str, Any]:
        names = self.site.settings.capture_environment
        return {
            "captured_environment": environment.capture(os.environ, names),
            "created_at": self.now,
            "active_since": self.now,
        }

    def _told(self, line: Line) -> Line:
        """Say whether a task is new, other than it was, or the same."""
        old = None if line.task is None else self.before.tasks.get(line.task.id)
        if line.task is None or old is None:
            return line
        if old == line.task:
            return replace(line, outcome="already there", warnings=())
        return replace(line, outcome="updated", differs=_differences(old, line.task))


def _lacking(name: str) -> Refusal:
    what = f'"{name}" is no task of the file or of the home.'
    return Refusal(what, "Write the name of another task with the same schedule.", "after")


def _continued(task: Task, old: Task, now: str) -> Task:
    """Let a task go on where it is; one that is completed stays so until its end is another."""
    moved = task.timing_id != old.timing_id
    over = old.status == "completed" and task.status == "active"
    if over and not moved and all(getattr(task, name) == getattr(old, name) for name in ENDS):
        return replace(task, status="completed")
    begins = moved or (task.status == "active" and old.status != "active")
    trouble = task.error_message if task.status == "error" else None
    return replace(
        task,
        active_since=now if begins else task.active_since,
        error_message=trouble,
        paused_with_all=old.paused_with_all and old.status == task.status == "paused",
    )


def _differences(old: Task, task: Task) -> tuple[str, ...]:
    """Name the keys that differ; values may hold what is nobody's business."""
    names = (name for name in ("timing_id", "origin", *FIELDS) if name not in OWN)
    keys = (camel(name) for name in names if getattr(old, name) != getattr(task, name))
    return tuple(keys) or ("nothing",)
