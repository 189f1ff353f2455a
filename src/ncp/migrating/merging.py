"""Jobs among the tasks that are there: the same id is one task, and the newer wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp.fields.values import instant
from ncp.intake.intake import Intake
from ncp.intake.items import Line
from ncp.migrating import fields
from ncp.model import Recurrence, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.applying.site import Site
    from ncp.intake.items import Foretold, Item, Outcome
    from ncp.migrating.jobs import Job
    from ncp.model import Schedule, Timing

OF_THE_MOMENT = (
    *("active_since", "captured_environment", "umask"),
    *("complaints", "status_before"),  # `error_message` and `original` say the same
)
"""What a migration gives a task that its job does not decide, and what an older ncp wrote not."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def merged(
    site: Site, schedule: Schedule, jobs: Iterable[Job], defaults: Mapping[str, object]
) -> Foretold:
    """Take jobs into a schedule, and say what became of each.

    `defaults` are the values of tasks for what a job does not say.
    """
    merging = Merging(site, schedule, jobs, defaults)
    merging.take(job.item for job in merging.jobs.values())
    return merging.foretold()


class Merging(Intake):
    """A schedule that takes jobs in; `jobs` are by the ids of their tasks."""

    def __init__(
        self, site: Site, schedule: Schedule, jobs: Iterable[Job], defaults: Mapping[str, object]
    ) -> None:
        super().__init__(site, schedule, fields.iso(site.host.now))
        self.jobs = {job.task_id: job for job in jobs}
        self._defaults = {**defaults, "active_since": self.now}

    def accept(self, item: Item) -> Line:
        """Make a job the task of its id, unless the one that is there is newer."""
        job = self.jobs[str(item.values["id"])]
        found = item.schedule if isinstance(item.schedule, Recurrence) else Recurrence()
        timing = self.joining.timing(found, item.timezone)
        values = {**self._defaults, **item.values}
        task = Task(**values, name=item.name, origin=item.origin, timing_id=timing.id)
        before = self.before.tasks.get(task.id)
        if before is None:
            return _line(job, "reported" if task.original else "imported", task, timing)
        return self._both(job, before, task, timing)

    def _both(self, job: Job, before: Task, task: Task, timing: Timing) -> Line:
        """Choose between a task that is there and the job of its id."""
        old = self.before.timings[before.timing_id]
        if _same(before, task) and old.id == timing.id:
            return _line(job, "already there", before, old)
        newer = _age_of_job(job) > _age(before)
        here = f'schedule.json has "{before.name}" ({old.recurrence.text}, {before.status})'
        there = f'jobs.json "{task.name}" ({timing.recurrence.text}, {task.status})'
        words = f"{here}, {there}; the newer is that of {'jobs' if newer else 'schedule'}.json."
        if not newer:
            return _line(job, "already there", before, old, words)
        return _line(job, "updated", task, timing, words)


def _line(job: Job, outcome: Outcome, task: Task, timing: Timing, words: str = "") -> Line:
    """Say what became of a job; one that waits to be mended says why, and how."""
    note = ""
    if task.original:
        why = f"It is kept, and waits to be mended: {task.error_message}."
        note = f"{why} For example: {job.way}"
    warnings = (*job.item.warnings, *filter(None, [words]))
    return Line(job.item, outcome, task, timing, warnings, note=note)


def _same(one: Task, other: Task) -> bool:
    """Compare what was said of two tasks, not when and in which environment they were made."""
    moment = {name: getattr(one, name) for name in OF_THE_MOMENT}
    return one == replace(other, timing_id=one.timing_id, **moment)


def _age(task: Task) -> datetime:
    return max((instant(t) for t in (task.created_at, task.active_since) if t), default=LONG_AGO)


def _age_of_job(job: Job) -> datetime:
    made = job.item.values.get("created_at")
    return max(LONG_AGO if made is None else instant(made), job.last_at or LONG_AGO)
