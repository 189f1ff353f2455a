"""A schedule that fills with items, one by one: one that cannot come leaves the others alone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp import document, grouping
from ncp.cron import zones
from ncp.errors import InputError, NcpError
from ncp.importing.declared_file import known_as
from ncp.importing.items import Item, Line
from ncp.importing.joining import Joining, asked
from ncp.model import Schedule, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.applying.site import Site
    from ncp.importing.items import Outcome
    from ncp.model import Timing

HOMES = {"captured_environment", "created_at", "active_since", "status", "paused_with_all"}
"""What may differ from home to home."""


def filled(site: Site, schedule: Schedule, items: Iterable[Item]) -> tuple[Schedule, list[Line]]:
    """Put items into a schedule, and say what became of each, in their order."""
    filling = Filling(site, schedule)
    for item in items:
        filling.take(item)
    filling.connect()
    while True:
        found = filling.schedule()
        try:
            document.require_order(found)
        except InputError as error:
            filling.refuse(error)
        else:
            return found, filling.lines


class Filling:
    """The tasks and timings so far, and what became of each item."""

    def __init__(self, site: Site, schedule: Schedule) -> None:
        self.site = site
        self.lines: list[Line] = []
        self.tasks = dict(schedule.tasks)
        self.timings = dict(schedule.timings)
        self.now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._joining = Joining(self.timings.values(), site.host.zone, self.now)
        self._origins = {known_as(t): t for t in self.tasks.values() if t.origin}

    def schedule(self) -> Schedule:
        """What it has become."""
        return grouping.grouped(self.tasks, self.timings)

    def take(self, item: Item) -> None:
        """Make an item a task, unless it is one already or cannot be one."""
        if item.refusal or item.report:
            self.lines.append(_left(item))
            return
        before = self._known(item)
        if before is not None:
            timing = self.timings[before.timing_id]
            self.lines.append(Line(item, "already there", before, timing, _differing(item, before)))
            return
        try:
            timing, notes = self._timing(item)
            task = replace(self._task(item), timing_id=timing.id)
            document.check(task, item.place)
        except NcpError as error:
            self.lines.append(_refused(item, error))
        else:
            self.timings[timing.id] = timing
            self.tasks[task.id] = task
            if item.origin and "id" not in item.values:
                self._origins[known_as(item)] = task
            self.lines.append(Line(item, "imported", task, timing, (*item.warnings, *notes)))

    def connect(self) -> None:
        """Let tasks wait for those that the file calls by their names."""
        ids = {line.item.name: line.task.id for line in self.lines if line.task is not None}
        for place, line in enumerate(self.lines):
            if line.outcome != "imported" or line.task is None or not line.task.after:
                continue
            after = tuple(
                one if one.task in self.tasks else replace(one, task=ids.get(one.task, one.task))
                for one in line.task.after
            )
            task = replace(line.task, after=after)
            self.tasks[task.id] = task
            self.lines[place] = replace(line, task=task)

    def refuse(self, error: InputError) -> None:
        """Take out the new task that a complaint is about; raise it where it is about none."""
        for place, line in enumerate(self.lines):
            about = line.task is not None and f'tasks["{line.task.id}"]' in error.where
            if about and line.outcome == "imported" and line.task is not None:
                del self.tasks[line.task.id]
                self.lines[place] = _refused(line.item, error)
                return
        raise error

    def _known(self, item: Item) -> Task | None:
        """Find the task that an earlier import made of an item."""
        return self.tasks.get(str(item.values.get("id"))) or self._origins.get(known_as(item))

    def _timing(self, item: Item) -> tuple[Timing, tuple[str, ...]]:
        """Find or make the timing of an item, with notes on what was assumed of its words."""
        zone = None if item.timezone is None else zones.zone(item.timezone).key
        found, notes = asked(self.site, item, zone)
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


def _differing(item: Item, before: Task) -> tuple[str, ...]:
    """Say that an item with an id of its own is not what the home has under it."""
    if "id" not in item.values:
        return ()
    values = {name: value for name, value in item.values.items() if name not in HOMES}
    same = all(getattr(before, name) == value for name, value in values.items())
    return () if same else ("The home has another version of it, which was left as it is.",)
