"""Jobs that take the place of what still runs of their task."""

from __future__ import annotations

from ncp.ledger.record import INTERRUPTED, SKIPPED
from ncp.runner.waiting import objection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.runner.job import Job
    from ncp.runner.recording import Unrecorded
    from ncp.runner.waiting import Waiting

REPLACED = "replaced by the run of the next slot"


class Replacing:
    """Ends what stands in the way of jobs, once their moment has come."""

    def __init__(
        self,
        connection: Connection,
        running: Iterable[Job],
        waiting: Waiting,
        unrecorded: Unrecorded,
    ) -> None:
        self._connection, self._running = connection, running
        self._waiting, self._unrecorded = waiting, unrecorded
        self._jobs: list[Job] = []

    def add(self, jobs: list[Job]) -> None:
        """Take note of those of them that replace others."""
        self._jobs += [job for job in jobs if job.replaces]

    def make_way(self, now: float) -> None:
        """End what is in the way of those that start now."""
        come = [job for job in self._jobs if job.ready <= now]
        unhindered = [job for job in come if not objection(self._connection, job)]
        self._jobs = [job for job in self._jobs if job.ready > now]
        for job in unhindered:
            self._make_room(job)

    def _make_room(self, job: Job) -> None:
        for other in self._running:
            if other.task.id == job.task.id:
                other.overtaken = True
                if other.live:
                    other.stop(INTERRUPTED, REPLACED)
        for other in self._unrecorded.ended:  # whose retries are not planned yet
            if other.task.id == job.task.id and other.retry_in is not None:
                other.give_up()
                self._unrecorded.failed = True
        retries = self._waiting.remove(lambda other: other.again and other.task.id == job.task.id)
        self._unrecorded.dropped += [(other, SKIPPED, REPLACED) for other in retries]
