"""Executions that are planned and have not started: their order, and what each waits for."""

from __future__ import annotations

import time

from ncp import policies
from ncp.ledger.compiled import compiled_task, compiled_timing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Iterable

    from ncp.runner.depending import Depending
    from ncp.runner.job import Job


class Waiting:
    """A line of jobs; those that may not start yet are passed by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._jobs: list[Job] = []
        self._depending: Depending | None = None
        """Those that wait for other tasks of their slot."""

    def __bool__(self) -> bool:
        return bool(self._jobs or self._depending)

    def add(self, jobs: list[Job]) -> list[Job]:
        """Take in jobs that are newly planned; return those that stand in the line at once."""
        if self._depending is None and any(job.depends for job in jobs):
            from ncp.runner.depending import Depending  # noqa: PLC0415  few groups have an order

            self._depending = Depending(self._connection)
        free = jobs if self._depending is None else self._depending.hold(jobs)
        self.line_up(free)
        return free

    def line_up(self, jobs: Iterable[Job]) -> None:
        """Put jobs into the line, the urgent ones first, then those of older slots."""
        self._jobs = sorted([*self._jobs, *jobs], key=_place)

    def note_ends(self, jobs: Iterable[Job]) -> None:
        """Take note of executions that have ended, or will never begin, as the ledger says now."""
        if self._depending:
            self._depending.note_ends(jobs)

    def release(self) -> tuple[list[Job], list[tuple[Job, str]]]:
        """Let go on what waited for other tasks; return it, and what never will, with reasons."""
        if not self._depending:
            return [], []
        free, refused = self._depending.release()
        self.line_up(free)
        return free, refused

    def next_event(self, now: float) -> float | None:
        """Say when (monotonic) the next job may start that waits for a moment, or is to be seen."""
        moments = [job.ready for job in self._jobs if job.ready > now]
        look = self._depending.next_look if self._depending else None
        return min(moments if look is None else [*moments, look], default=None)

    def take(self, room: int, running: Iterable[Job], now: float) -> list[Job]:
        """Take out the first jobs that may start at `now` (monotonic), up to `room` of them.

        A job waits for its moment, and for those of its task that run or stand before it.
        """
        chosen: list[Job] = []
        passed: list[Job] = []
        busy = {job.task.id for job in running} if room > 0 else set()
        rest = iter(self._jobs if room > 0 else ())
        for job in rest:
            held = job.slot is not None and job.task.id in busy and policies.waits(job.task.overlap)
            (passed if held or job.ready > now else chosen).append(job)
            busy.add(job.task.id)
            if len(chosen) == room:
                break
        if chosen:
            self._jobs = [*passed, *rest]
        return chosen

    def remove(self, wanted: Callable[[Job], bool]) -> list[Job]:
        """Take out the jobs that are wanted."""
        chosen = [job for job in self._jobs if wanted(job)]
        self._jobs = [job for job in self._jobs if job not in chosen]
        return chosen

    def remove_all(self) -> list[Job]:
        """Take out everything."""
        held = self._depending.remove_all() if self._depending else []
        return [*self.remove(bool), *held]


def _place(job: Job) -> tuple[int, int]:
    return job.task.priority, job.slot or 0


def objection(connection: Connection, job: Job) -> str:
    """Say why a job shall not start now: its task is paused or deleted, or it is late.

    Where there is nothing to say, its task is the one of the schedule as it is now.
    """
    if job.slot is None:
        return ""
    task = compiled_task(connection, job.task.id)
    timing = compiled_timing(connection, job.task.timing_id)
    if task is None or task.status != "active":
        return f"its task is {'deleted' if task is None else task.status}"
    if timing is not None and not timing.allows(task, int(time.time() // 60)):
        return "its active hours were over"
    job.task = task
    return ""
