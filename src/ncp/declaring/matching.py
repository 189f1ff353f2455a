"""The tasks of a declarative file against those of a home, by their names."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncp import environment, grouping
from ncp.cron import zones
from ncp.document.checks import DEFAULTS
from ncp.errors import InputError
from ncp.fields import camel
from ncp.intake.items import Item, Line
from ncp.intake.joining import Joining, asked, is_same
from ncp.model import Schedule, Task
from ncp.taskfile.entry import FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ncp.applying.site import Site
    from ncp.model import Timing

OWN = ("captured_environment", "created_at", "active_since", "error_message", "paused_with_all")
"""What a task keeps whatever the file says: it belongs to the machine."""
ENDS = ("fire_once", "max_executions", "end_date")
"""What may have completed a task; a change of it lets the task begin anew."""


def unnamed(schedule: Schedule, origin: str, names: Collection[str]) -> list[Task]:
    """The tasks that a file made and has no more."""
    return [t for t in schedule.tasks.values() if t.origin == origin and t.name not in names]


class Home:
    """A schedule that becomes what a file says, task by task."""

    def __init__(self, site: Site, schedule: Schedule, origin: str) -> None:
        self.site = site
        self.before = schedule
        self.origin = origin
        self.tasks = dict(schedule.tasks)
        self.timings = dict(schedule.timings)
        self.now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._joining = Joining(self.timings.values(), site.host.zone, self.now)
        self._named: dict[str, list[Task]] = {}
        self._lines: list[Line] = []
        self._ids: dict[str, str] = {}
        for task in schedule.tasks.values():
            self._named.setdefault(task.name, []).append(task)

    def schedule(self) -> Schedule:
        """What it has become."""
        return grouping.grouped(self.tasks, self.timings)

    def take(self, item: Item, refusal: str = "") -> None:
        """Make the task of that name what an item says."""
        refusal = item.refusal or refusal
        if refusal:
            self._lines.append(Line(item, "refused", reason=refusal))
            return
        try:
            old = self._old(item)
            timing, notes = self._timing(item, old)
        except InputError as error:
            reason = f"{error.what} {error.next_step}"
            self._lines.append(Line(item, "refused", reason=reason))
            return
        task = self._task(item, old, timing)
        self.timings[timing.id] = timing
        self.tasks[task.id] = task
        self._lines.append(Line(item, "imported", task, timing, (*item.warnings, *notes)))

    def connect(self) -> None:
        """Let tasks wait for those that the file calls by their names."""
        ids = {task.name: task.id for task in reversed([*self.before.tasks.values()])}
        self._ids = ids | {line.item.name: line.task.id for line in self._lines if line.task}
        waiting: dict[str, list[int]] = {}
        for place, line in enumerate(self._lines):
            for one in line.task.after if line.task is not None else ():
                waiting.setdefault(one.task, []).append(place)
        for place in range(len(self._lines)):
            self._connect(place, waiting)

    def _connect(self, place: int, waiting: Mapping[str, list[int]]) -> None:
        """Connect one task; where that fails, those before it that wait for it come undone too."""
        line = self._lines[place]
        if line.task is None:
            return
        try:
            after = tuple(replace(one, task=self._id(one.task)) for one in line.task.after)
        except InputError as error:
            self._undo([place], f"{error.what} {error.next_step}".strip(), waiting)
        else:
            task = replace(line.task, after=after)
            self.tasks[task.id] = task
            self._lines[place] = self._told(line, task)

    def _undo(self, places: list[int], reason: str, waiting: Mapping[str, list[int]]) -> None:
        while places:
            place = places.pop()
            line = self._lines[place]
            if line.task is None:
                continue
            self._lines[place] = self._undone(line, reason)
            if line.item.name not in self._ids:
                before = [one for one in waiting.get(line.item.name, ()) if one < place]
                places += [one for one in before if self._lines[one].outcome != "refused"]
                reason = _lacking(line.item.name) if before else reason

    def drop(self, task: Task, refusal: str = "") -> None:
        """Delete a task, unless another one waits for it."""
        item, timing = Item("", task.name), self.timings[task.timing_id]
        if refusal:
            self._lines.append(Line(item, "refused", task, timing, reason=refusal))
            return
        del self.tasks[task.id]
        self._lines.append(Line(item, "deleted", task, timing))

    def lines(self) -> Iterator[Line]:
        """What became of each, in the order of the file."""
        yield from self._lines

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
        zone = None if item.timezone is None else zones.zone(item.timezone).key
        recurrence, notes = asked(self.site, item, zone)
        if old is not None:
            kept = self.before.timings[old.timing_id]
            if is_same(item, recurrence, zone, kept):
                return kept, ()
        if recurrence.at is not None and recurrence.at <= self.site.host.now:
            raise InputError(f"{recurrence.text} is past.", next_step="Remove it, or correct it.")
        return self._joining.timing(recurrence, zone), notes

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

    def _id(self, name: str) -> str:
        """Find the id of a task that another one waits for."""
        if name not in self._ids:
            raise InputError(_lacking(name))
        return self._ids[name]

    def _undone(self, line: Line, reason: str) -> Line:
        """Put the task back as it was."""
        if line.task is not None:
            if line.task.id not in self.before.tasks:
                del self._ids[line.item.name]
            del self.tasks[line.task.id]
            old = self.before.tasks.get(line.task.id)
            self.tasks |= {} if old is None else {old.id: old}
        return Line(line.item, "refused", reason=reason)

    def _told(self, line: Line, task: Task) -> Line:
        old = self.before.tasks.get(task.id)
        if old is None:
            return replace(line, task=task)
        if old == task:
            return replace(line, task=task, outcome="already there", warnings=())
        return replace(line, task=task, outcome="updated", reason=_differences(old, task))


def _lacking(name: str) -> str:
    return (
        f'after: "{name}" is no task of the file or of the home. '
        "Write the name of another task with the same schedule."
    )


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


def _differences(old: Task, task: Task) -> str:
    """Name the keys that differ; values may hold what is nobody's business."""
    names = ("timing_id", "origin", *FIELDS)
    keys = [camel(name) for name in names if getattr(old, name) != getattr(task, name)]
    return f"changes {', '.join(key for key in keys if key not in map(camel, OWN)) or 'nothing'}"
