"""What other firings plan for a runner, because it runs what must be over first."""

from __future__ import annotations

import time

from ncp.ledger import record
from ncp.ledger.compiled import compiled_task
from ncp.ledger.record import INTERRUPTED, PLANNED
from ncp.runner.claiming import LATE_SECONDS
from ncp.runner.job import Job, delayed, drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Container

    from ncp.owners import Owner
    from ncp.runner.group import Group

LOOK_SECONDS = 1
"""How often a busy runner looks for what another firing has planned for it."""


class Handover:
    """Takes in what other firings plan for this runner: it knows when their way is free."""

    def __init__(self, connection: Connection, owner: Owner, group: Group) -> None:
        self._connection, self._owner, self._group = connection, owner, group
        self._looked = time.monotonic()

    def look(self, *, at_once: bool = False) -> None:
        """Look at most once a second, and always before this runner would end."""
        now = time.monotonic()
        if self._group.busy and not at_once and now - self._looked < LOOK_SECONDS:
            return
        self._looked = now
        if not self._group.stopped:
            self._group.add(_handed_over(self._connection, self._owner, self._group.known))


def _handed_over(connection: Connection, owner: Owner, known: Container[str]) -> list[Job]:
    """Find what other runners planned for this one, because it runs what must be over first."""
    jobs = []
    for one in record.alive(connection):
        if one.status == PLANNED and one.owner == owner and one.id not in known:
            task = compiled_task(connection, one.task_id)
            if task is None:
                record.end(connection, one.id, INTERRUPTED, reason="its task was deleted")
            else:
                job = Job(one.id, task, one.slot, one.attempt)
                if task.jitter and one.slot is not None and not job.again:
                    _delay(connection, job, one.slot)
                jobs.append(job)
    return jobs


def _delay(connection: Connection, job: Job, slot: int) -> None:
    """Delay it by its jitter, as its claim would have done where it runs itself what it claims."""
    if time.time() - slot * 60 <= LATE_SECONDS:
        seconds = drawn(job.task.jitter)
        job.ready = time.monotonic() + seconds
        record.explain(connection, job.id, delayed(seconds))
