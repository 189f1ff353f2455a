"""Jobs among the tasks that are there: the same id is one task, and the newer wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp import grouping
from ncp.fields.values import instant
from ncp.intake.items import Line
from ncp.intake.joining import Joining
from ncp.migrating import fields
from ncp.model import Recurrence, Schedule, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.intake.items import Item, Outcome
    from ncp.migrating.jobs import Job
    from ncp.model import Timing

OF_THE_MOMENT = (
    *("active_since", "captured_environment", "umask"),
    *("complaints", "status_before"),  # `error_message` and `original` say the same
)
"""What a migration gives a task that its job does not decide, and what an older ncp wrote not."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Merging:
    """A schedule that takes jobs in, one after the other.

    `defaults` are the values of tasks for what a job does not say; what two tasks
    of one id are not compared by: these are of the moment, not of the job.
    """

    def __init__(
        self, schedule: Schedule, defaults: Mapping[str, object], now: datetime, zone: str
    ) -> None:
        self._before, self._defaults = schedule, defaults
        self._now = fields.iso(now)
        self._tasks: dict[str, Task] = {}
        self._joining = Joining(schedule.timings.values(), zone, self._now)

    def result(self) -> Schedule:
        """The schedule with all that was taken in."""
        return grouping.grouped({**self._before.tasks, **self._tasks}, self._joining.timings)

    def take(self, jobs: Iterable[Job]) -> list[Line]:
        """Take jobs in, and say what became of each."""
        return [self._one(job) for job in jobs]

    def _one(self, job: Job) -> Line:
        item = job.item
        timing = self._timing(item)
        task = Task(
            **{**self._defaults, "active_since": self._now, **item.values},
            name=item.name,
            origin=item.origin,
            timing_id=timing.id,
        )
        before = self._before.tasks.get(task.id)
        if before is None:
            self._tasks[task.id] = task
            return _line(job, "reported" if task.original else "imported", task, timing)
        return self._both(job, before, task, timing)

    def _timing(self, item: Item) -> Timing:
        found = item.schedule if isinstance(item.schedule, Recurrence) else Recurrence()
        return self._joining.timing(found, item.timezone)

    def _both(self, job: Job, before: Task, task: Task, timing: Timing) -> Line:
        """Choose between a task that is there and the job of its id."""
        old = self._before.timings[before.timing_id]
        if _same(before, task) and old.id == timing.id:
            return _line(job, "already there", before, old)
        newer = _age_of_job(job) > _age(before)
        here = f'schedule.json has "{before.name}" ({old.recurrence.text}, {before.status})'
        there = f'jobs.json "{task.name}" ({timing.recurrence.text}, {task.status})'
        words = f"{here}, {there}; the newer is that of {'jobs' if newer else 'schedule'}.json."
        if not newer:
            return _line(job, "already there", before, old, words)
        self._tasks[task.id] = task
        return _line(job, "updated", task, timing, words)


def _line(job: Job, outcome: Outcome, task: Task, timing: Timing, words: str = "") -> Line:
    """Say what became of a job; one that waits to be mended says why, and how."""
    reason = ""
    if task.original:
        why = f"It is kept, and waits to be mended: {task.error_message}."
        reason = f"{why} For example: {job.way}"
    warnings = (*job.item.warnings, *filter(None, [words]))
    return Line(job.item, outcome, task, timing, warnings, reason)


def _same(one: Task, other: Task) -> bool:
    """Compare what was said of two tasks, not when and in which environment they were made."""
    moment = {name: getattr(one, name) for name in OF_THE_MOMENT}
    return one == replace(other, timing_id=one.timing_id, **moment)


def _age(task: Task) -> datetime:
    return max((instant(t) for t in (task.created_at, task.active_since) if t), default=LONG_AGO)


def _age_of_job(job: Job) -> datetime:
    made = job.item.values.get("created_at")
    return max(LONG_AGO if made is None else instant(made), job.last_at or LONG_AGO)
