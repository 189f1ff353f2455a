"""Jobs that wait for what other tasks of their slot come to."""

from __future__ import annotations

import time

from ncp import policies
from ncp.ledger import endings
from ncp.ledger.compiled import compiled_task
from ncp.ledger.record import INTERRUPTED, PLANNED, RUNNING, SKIPPED
from ncp.process import alive, me

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.runner.job import Job

LOOK_SECONDS = 1
"""How often to look at what another runner has in hand."""


class Depending:
    """Holds jobs back until the ledger says that what they wait for has ended for good."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._me = connection, me()
        self._jobs: list[Job] = []
        self._ended: set[str] = set()
        self._elsewhere = False
        self._looked = 0.0

    def __bool__(self) -> bool:
        return bool(self._jobs)

    @property
    def next_look(self) -> float | None:
        """When (monotonic) to look again although nothing has ended here."""
        return self._looked + LOOK_SECONDS if self._jobs and self._elsewhere else None

    def hold(self, jobs: list[Job]) -> list[Job]:
        """Keep those that wait for others; return the rest."""
        held = [job for job in jobs if job.depends]
        if held:
            self._jobs += held
            self._looked = 0.0
        return [job for job in jobs if not job.depends] if held else jobs

    def note_ends(self, jobs: Iterable[Job]) -> None:
        """Take note of executions that have ended, or will never begin, as the ledger says now."""
        self._ended.update(job.task.id for job in jobs)

    def release(self) -> tuple[list[Job], list[tuple[Job, str]]]:
        """Take out the jobs that may start, and those that never will, with the reason."""
        verdicts = [(job, self._objection(job)) for job in self._concerned()]
        gone = {job.id for job, objection in verdicts if objection is not None}
        self._jobs = [job for job in self._jobs if job.id not in gone]
        free = [job for job, objection in verdicts if objection == ""]
        return free, [(job, objection) for job, objection in verdicts if objection]

    def _concerned(self) -> list[Job]:
        """List the jobs to look at: all from time to time, else those that await what has ended."""
        now, ended = time.monotonic(), self._ended
        self._ended = set()
        if now - self._looked >= LOOK_SECONDS:
            self._looked, self._elsewhere = now, False
            return self._jobs
        return [job for job in self._jobs if any(task in ended for _, task in job.task.after)]

    def _objection(self, job: Job) -> str | None:
        """Say why a job shall never start: empty where it may, None where that is open."""
        pending = False
        for wanted, task_id in job.task.after:
            status = self._status(task_id, job.slot or 0)
            if status in {PLANNED, RUNNING}:
                pending = True
            elif not policies.satisfied(wanted, status):
                return f"'{self._name(task_id)}' {_said(status)}"
        return None if pending else ""

    def _status(self, task_id: str, slot: int) -> str | None:
        """Look up what a task has come to; a runner that died will bring it to nothing else."""
        found = endings.newest(self._connection, task_id, slot)
        if found.status in {PLANNED, RUNNING} and found.owner != self._me:
            if not alive(found.owner):
                return INTERRUPTED
            self._elsewhere = True
        return found.status

    def _name(self, task_id: str) -> str:
        task = compiled_task(self._connection, task_id)
        return task_id if task is None else task.name

    def remove_all(self) -> list[Job]:
        """Take out everything."""
        jobs, self._jobs = self._jobs, []
        return jobs


def _said(status: str | None) -> str:
    if status is None:
        return "took no part in this slot"
    return "was skipped" if status == SKIPPED else f"ended as {status}"
