"""A schedule that takes items in, one by one: one that cannot come leaves the others alone.

Importing, applying a file and migrating differ in which task an item is about and what becomes
of both. The rest is here, once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import document, grouping
from ncp.cron import zones
from ncp.errors import NcpError
from ncp.intake.items import CHANGED, NEW, Foretold, Line, Refusal
from ncp.intake.joining import Joining, asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.applying.site import Site
    from ncp.intake.items import Item
    from ncp.model import Recurrence, Schedule, Task


class Intake:
    """The tasks and timings so far, and what became of each item; `now` is when tasks begin."""

    def __init__(self, site: Site, before: Schedule, now: str) -> None:
        self.site, self.before, self.now = site, before, now
        self.tasks = dict(before.tasks)
        self.timings = dict(before.timings)
        self.lines: list[Line] = []
        self.joining = Joining(self.timings.values(), site.host.zone, now)

    def accept(self, item: Item) -> Line:
        """Say what becomes of an item; NcpError where it cannot come."""
        raise NotImplementedError

    def take(self, items: Iterable[Item]) -> None:
        """Take items in, and note what became of each."""
        for item in items:
            line = self._line(item)
            if line.outcome != "already there":
                self.put(line)
            self.lines.append(line)

    def _line(self, item: Item) -> Line:
        if item.refusal is not None:
            return Line(item, "refused", warnings=item.warnings, refusal=item.refusal)
        if item.report:
            return Line(item, "reported", warnings=item.warnings, note=item.report)
        try:
            return self.accept(item)
        except NcpError as error:
            return Line(item, "refused", refusal=Refusal.of(error))

    def put(self, line: Line) -> None:
        """Let the schedule have the task of a line."""
        if line.task is not None and line.timing is not None:
            self.timings[line.timing.id] = line.timing
            self.tasks[line.task.id] = line.task

    def due(self, item: Item) -> tuple[str | None, Recurrence, tuple[str, ...]]:
        """Read the zone of an item and when it is due, with notes on what was assumed."""
        zone = None if item.timezone is None else zones.zone(item.timezone).key
        return zone, *asked(self.site, item, zone)

    def connect(self, ids: Mapping[str, str]) -> None:
        """Let new tasks wait for those that the file calls by their names."""
        for place, line in enumerate(self.lines):
            if line.outcome in NEW and line.task is not None and line.task.after:
                after = (replace(one, task=ids.get(one.task, one.task)) for one in line.task.after)
                self.lines[place] = replace(line, task=replace(line.task, after=tuple(after)))
                self.put(self.lines[place])

    def foretold(self) -> Foretold:
        """What the schedule has become."""
        return Foretold(grouping.grouped(self.tasks, self.timings), tuple(self.lines))

    def settled(self) -> Foretold:
        """Refuse what would leave tasks waiting in vain or never due, until all is in order."""
        while errors := [*document.disorders((found := self.foretold()).schedule)]:
            places = self._places()
            blamed = {
                place: Refusal.of(error)
                for error in errors
                for place in _blamed(found.schedule.tasks[error.task], places)
            }
            if not blamed:
                raise errors[0]
            for place, refusal in blamed.items():
                self.undo(place, refusal)
        return found

    def undo(self, place: int, refusal: Refusal) -> None:
        """Put the task of a line back as it was."""
        line = self.lines[place]
        if line.task is None or line.outcome not in CHANGED:
            return
        old = self.before.tasks.get(line.task.id)
        if old is None:
            del self.tasks[line.task.id]
        else:
            self.tasks[old.id] = old
        kept = line if line.outcome == "deleted" else Line(line.item, "refused")
        self.lines[place] = replace(kept, outcome="refused", refusal=refusal)

    def _places(self) -> dict[str, int]:
        """Where the line of each task is that is not as it was."""
        lines = enumerate(self.lines)
        return {one.task.id: at for at, one in lines if one.task and one.outcome in CHANGED}


def _blamed(task: Task, places: Mapping[str, int]) -> list[int]:
    """Find whom to refuse for a complaint about a task: itself, else one that it waits for."""
    ids = (task.id, *(one.task for one in task.after))
    return [places[one] for one in ids if one in places][:1]
