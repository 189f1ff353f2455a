"""A schedule that fills with items, one by one: one that cannot come leaves the others alone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp import document, grouping
from ncp.cron import zones
from ncp.errors import DocumentError, InputError, Location, NcpError
from ncp.importing import differing, known
from ncp.intake.items import Item, Line
from ncp.intake.joining import Joining, asked
from ncp.model import Schedule, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.applying.site import Site
    from ncp.intake.items import Outcome
    from ncp.model import Recurrence, Timing


def filled(
    site: Site, schedule: Schedule, items: Sequence[Item], *, update: bool = False
) -> tuple[Schedule, list[Line]]:
    """Put items into a schedule, and say what became of each, in their order.

    With `update`, tasks of earlier imports become what their items say.
    """
    filling = Filling(site, schedule, update=update)
    filling.look(items)
    for item in items:
        filling.take(item)
    filling.connect()
    while errors := [*document.disorders(found := filling.schedule())]:
        for error in errors:
            filling.refuse(error)
    return found, filling.lines


class Filling:
    """The tasks and timings so far, and what became of each item."""

    def __init__(self, site: Site, schedule: Schedule, *, update: bool = False) -> None:
        self.site, self.update = site, update
        self._before = schedule.tasks
        self._index: dict[str, int] | None = None
        self.lines: list[Line] = []
        self.tasks = dict(schedule.tasks)
        self.timings = dict(schedule.timings)
        self.now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._joining = Joining(self.timings.values(), site.host.zone, self.now)
        self._origins = {known.key(t): t for t in self.tasks.values() if t.origin}
        self._edited: dict[tuple[str, str], list[Task]] = {}

    def schedule(self) -> Schedule:
        """What it has become."""
        return grouping.grouped(self.tasks, self.timings)

    def look(self, items: Sequence[Item]) -> None:
        """Find the lines of a crontab that no item is: they may have been edited in their file."""
        there = {known.key(item) for item in items if item.origin}
        for task in self.tasks.values():
            line = known.line(task)
            if line is not None and known.key(task) not in there:
                self._edited.setdefault(line.place, []).append(task)

    def take(self, item: Item) -> None:
        """Make an item a task, unless it is one already or cannot be one."""
        if item.refusal or item.report:
            self.lines.append(_left(item))
            return
        before = self._known(item)
        try:
            if before is None:
                self._add(item)
            else:
                self._compare(item, before)
        except NcpError as error:
            self.lines.append(_refused(item, error))

    def _add(self, item: Item) -> None:
        """Make a new task of an item."""
        timing, notes = self._timing(item)
        task = replace(self._task(item), timing_id=timing.id)
        document.check(task, Location(item.place))
        self._put(task, timing)
        if item.origin and "id" not in item.values:
            self._origins[known.key(item)] = task
        self.lines.append(Line(item, "imported", task, timing, (*item.warnings, *notes)))

    def _compare(self, item: Item, before: Task) -> None:
        """Say how the task of an item differs from it, and let it differ no more if asked."""
        old = self.timings[before.timing_id]
        zone, found, notes = self._due(item)
        moved = differing.is_moved(item, before, old, found, zone)
        fields = differing.values(item, before)
        said = differing.words(fields, before, moved=moved)
        if not said:
            self.lines.append(Line(item, "already there", before, old))
        elif not self.update:
            reason = f"{differing.LEFT} It differs in: {said}. To take it: --update"
            self.lines.append(Line(item, "already there", before, old, reason=reason))
        else:
            timing = self._timing(item)[0] if moved else old
            task = replace(differing.updated(before, fields, item), timing_id=timing.id)
            task = replace(task, active_since=self.now) if moved else task
            document.check(task, Location(item.place))
            self._put(task, timing)
            warnings = (*item.warnings, *notes)
            reason = f"changes {said}"
            self.lines.append(Line(item, "updated", task, timing, warnings, reason))

    def _put(self, task: Task, timing: Timing) -> None:
        self.timings[timing.id] = timing
        self.tasks[task.id] = task

    def connect(self) -> None:
        """Let tasks wait for those that the file calls by their names."""
        ids = {line.item.name: line.task.id for line in self.lines if line.task is not None}
        for place, line in enumerate(self.lines):
            new = line.outcome in {"imported", "updated"}
            if not new or line.task is None or not line.task.after:
                continue
            after = tuple(
                one if one.task in self.tasks else replace(one, task=ids.get(one.task, one.task))
                for one in line.task.after
            )
            task = replace(line.task, after=after)
            self.tasks[task.id] = task
            self.lines[place] = replace(line, task=task)

    def refuse(self, error: DocumentError) -> None:
        """Take out the new task that a complaint is about; raise it where it is about none."""
        place = self._places().get(error.task)
        line = None if place is None else self.lines[place]
        if place is None or line is None or line.outcome not in {"imported", "updated"}:
            raise error
        old = self._before.get(error.task)
        del self.tasks[error.task]
        self.tasks |= {} if old is None else {old.id: old}
        self.lines[place] = _refused(line.item, error)

    def _places(self) -> dict[str, int]:
        """Where the line of each task is; counted once, when all of them are there."""
        if self._index is None:
            lines = enumerate(self.lines)
            self._index = {line.task.id: place for place, line in lines if line.task is not None}
        return self._index

    def _known(self, item: Item) -> Task | None:
        """Find the task that an earlier import made of an item."""
        found = self.tasks.get(str(item.values.get("id"))) or self._origins.get(known.key(item))
        line = known.line(item)
        if found is not None or line is None:
            return found
        edited = self._edited.get(line.place)
        return edited.pop(0) if edited else None

    def _due(self, item: Item) -> tuple[str | None, Recurrence, tuple[str, ...]]:
        zone = None if item.timezone is None else zones.zone(item.timezone).key
        return zone, *asked(self.site, item, zone)

    def _timing(self, item: Item) -> tuple[Timing, tuple[str, ...]]:
        """Find or make the timing of an item, with notes on what was assumed of its words."""
        zone, found, notes = self._due(item)
        active = item.values.get("status", "active") == "active"
        if active and found.at is not None and found.at <= self.site.host.now:
            raise InputError(f"{found.text} is past.", next_step="Write an instant still to come.")
        return self._joining.timing(found, zone, item.timing), notes

    def _task(self, item: Item) -> Task:
        defaults = {
            "id": str(uuid.uuid4()),
            "timeout_seconds": self.site.settings.default_timeout_seconds,
            "created_at": self.now,
            "active_since": self.now,
            "origin": item.origin or None,
        }
        return Task(**{**defaults, **item.values, "name": item.name, "timing_id": ""})


def _left(item: Item) -> Line:
    outcome: Outcome = "refused" if item.refusal else "reported"
    return Line(item, outcome, warnings=item.warnings, reason=item.refusal or item.report)


def _refused(item: Item, error: NcpError) -> Line:
    return Line(item, "refused", reason=f"{error.what} {error.next_step}".strip())
