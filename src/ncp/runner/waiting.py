"""Executions that are planned and have not started: their order, and what each waits for."""

from __future__ import annotations

from ncp import policies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncp.runner.group import Job


class Waiting:
    """A line of jobs; those that may not start yet are passed by."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def add(self, jobs: Iterable[Job]) -> None:
        """Take in jobs, those of older slots before others."""
        self._jobs = sorted([*self._jobs, *jobs], key=_place)

    def take(self, room: int, running: Iterable[Job]) -> list[Job]:
        """Take out the first jobs that may start, up to `room` of them.

        A job waits for those of its task that run or stand before it.
        """
        chosen: list[Job] = []
        passed: list[Job] = []
        busy = {job.task.id for job in running} if room > 0 else set()
        rest = iter(self._jobs if room > 0 else ())
        for job in rest:
            held = job.task.id in busy and job.slot is not None
            (passed if held and policies.waits(job.task.overlap) else chosen).append(job)
            busy.add(job.task.id)
            if len(chosen) == room:
                break
        if chosen:
            self._jobs = [*passed, *rest]
        return chosen

    def take_all(self, wanted: Callable[[Job], bool] = bool) -> list[Job]:
        """Take out every job, or those that are wanted."""
        chosen = [job for job in self._jobs if wanted(job)]
        self._jobs = [job for job in self._jobs if job not in chosen]
        return chosen


def _place(job: Job) -> int:
    return job.slot or 0
