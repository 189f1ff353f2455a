"""An import: each item is a new task, or is known by the task that an earlier import made of it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp import document
from ncp.errors import InputError, Location
from ncp.importing import differing, known
from ncp.intake.intake import Intake
from ncp.intake.items import Line
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.applying.site import Site
    from ncp.intake.items import Foretold, Item
    from ncp.model import Schedule, Timing


def filled(
    site: Site, schedule: Schedule, items: Sequence[Item], *, update: bool = False
) -> Foretold:
    """Put items into a schedule, and say what became of each, in their order.

    With `update`, tasks of earlier imports become what their items say.
    """
    filling = Filling(site, schedule, items, update=update)
    filling.take(items)
    ids = {line.item.name: line.task.id for line in filling.lines if line.task is not None}
    filling.connect(ids | {task_id: task_id for task_id in filling.tasks})
    return filling.settled()


class Filling(Intake):
    """A schedule that fills with the items of a file."""

    def __init__(
        self, site: Site, schedule: Schedule, items: Sequence[Item], *, update: bool
    ) -> None:
        super().__init__(site, schedule, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        self._update = update
        self._origins = {known.key(t): t for t in self.tasks.values() if t.origin}
        self._edited: dict[tuple[str, str], list[Task]] = {}
        there = {known.key(item) for item in items if item.origin}
        for task in self.tasks.values():
            line = known.line(task)
            if line is not None and known.key(task) not in there:
                # No item is this line of a crontab: it may have been edited in its file.
                self._edited.setdefault(line.place, []).append(task)

    def accept(self, item: Item) -> Line:
        """Make an item a task, unless it is one already."""
        before = self._known(item)
        return self._added(item) if before is None else self._compared(item, before)

    def _added(self, item: Item) -> Line:
        """Make a new task of an item."""
        timing, notes = self._timing(item)
        task = replace(self._task(item), timing_id=timing.id)
        document.check(task, Location(item.place))
        if item.origin and "id" not in item.values:
            self._origins[known.key(item)] = task
        return Line(item, "imported", task, timing, (*item.warnings, *notes))

    def _compared(self, item: Item, before: Task) -> Line:
        """Say how the task of an item differs from it, and let it differ no more if asked."""
        old = self.timings[before.timing_id]
        zone, found, notes = self.due(item)
        moved = differing.is_moved(item, before, old, found, zone)
        fields = differing.values(item, before)
        differs = tuple(differing.names(fields, before, moved=moved))
        if not differs or not self._update:
            return Line(item, "already there", before, old, differs=differs)
        timing = self._timing(item)[0] if moved else old
        task = replace(differing.updated(before, fields, item), timing_id=timing.id)
        task = replace(task, active_since=self.now) if moved else task
        document.check(task, Location(item.place))
        warnings = (*item.warnings, *notes)
        return Line(item, "updated", task, timing, warnings, differs=differs)

    def _known(self, item: Item) -> Task | None:
        """Find the task that an earlier import made of an item."""
        found = self.tasks.get(str(item.values.get("id"))) or self._origins.get(known.key(item))
        line = known.line(item)
        if found is not None or line is None:
            return found
        edited = self._edited.get(line.place)
        return edited.pop(0) if edited else None

    def _timing(self, item: Item) -> tuple[Timing, tuple[str, ...]]:
        """Find or make the timing of an item, with notes on what was assumed of its words."""
        zone, found, notes = self.due(item)
        active = item.values.get("status", "active") == "active"
        if active and found.at is not None and found.at <= self.site.host.now:
            raise InputError(f"{found.text} is past.", next_step="Write an instant still to come.")
        return self.joining.timing(found, zone, item.timing), notes

    def _task(self, item: Item) -> Task:
        defaults = {
            "id": str(uuid.uuid4()),
            "timeout_seconds": self.site.settings.default_timeout_seconds,
            "created_at": self.now,
            "active_since": self.now,
            "origin": item.origin or None,
        }
        return Task(**{**defaults, **item.values, "name": item.name, "timing_id": ""})
