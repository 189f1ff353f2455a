"""Executions that are planned and have not started: their order, and what each waits for."""

from __future__ import annotations

from ncp import policies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncp.runner.job import Job


class Waiting:
    """A line of jobs; those that may not start yet are passed by."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def add(self, jobs: Iterable[Job]) -> None:
        """Take in jobs, the urgent ones first, then those of older slots."""
        self._jobs = sorted([*self._jobs, *jobs], key=_place)

    def next_ready(self, now: float) -> float | None:
        """Say when (monotonic) the next job that waits for a moment may start."""
        return min((job.ready for job in self._jobs if job.ready > now), default=None)

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


def _place(job: Job) -> tuple[int, int]:
    return job.task.priority, job.slot or 0
