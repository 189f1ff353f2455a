"""What has become of jobs and is not in the ledger yet: written in the next transaction.

It is kept until that is committed, so a ledger that cannot be written loses nothing of it.
"""

from __future__ import annotations

import time
from _sqlite3 import DatabaseError

from ncp.ledger import record
from ncp.ledger.record import FAILURE, SUCCESS, TIMEOUT
from ncp.ledger.schema import Transaction
from ncp.process import me
from ncp.runner.job import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog
    from ncp.ledger.steps import Run
    from ncp.runner.trouble import Trouble


class Unrecorded:
    """Takes what happens into its lists; `write` puts it down, `written` lets go of it."""

    def __init__(self, connection: Connection, log: Daylog) -> None:
        self._connection, self._log = connection, log
        self.failed = False
        """Whether anything has failed, with no more attempts to come."""
        self.ended: list[Job] = []
        self.dropped: list[tuple[Job, str, str]] = []
        """What shall not start any more: status and reason."""
        self.unborn: list[Job] = []
        """What was started, and whose process is not noted yet."""
        self._steps: list[Run] = []
        """What is to be recorded of steps and hooks."""
        self._again: list[Job] = []
        self._trouble: Trouble | None = None

    @property
    def news(self) -> bool:
        """Whether something is over that the ledger has not heard of."""
        return bool(self.ended or self._steps)

    def __bool__(self) -> bool:
        return bool(self.ended or self._steps or self.dropped or self.unborn)

    def end(self, job: Job) -> None:
        """Take in a job that has ended."""
        if job.retry_in is None:
            self.failed = self.failed or job.verdict in {FAILURE, TIMEOUT}
        self.ended.append(job)

    def note_run(self, run: Run) -> None:
        """Take in what is to be recorded of a step or a hook."""
        self._steps.append(run)

    def write(self) -> None:
        """Record all of it, within the transaction of the caller."""
        self._again = []
        for job in self.ended:
            self._write_end(job)
        for job, status, reason in self.dropped:
            self.withdraw(job, status, reason)
        self._write_begun()

    def written(self) -> tuple[list[Job], list[Job], list[Job]]:
        """Let go of what is committed now: what has ended, was dropped, is to be tried again."""
        over = self.ended, [job for job, _, _ in self.dropped], self._again
        self._clear()
        if self._trouble is not None:
            self._trouble.over()
            self._trouble = None
        return over

    def note_born(self) -> None:
        """Note the processes at once, so that they are found where this one is killed."""
        try:
            with Transaction(self._connection):
                self._write_begun()
        except DatabaseError as error:
            self.put_off(error)
        else:
            self.unborn, self._steps = [], []

    def _write_begun(self) -> None:
        for job in self.unborn:
            record.born(self._connection, job.id, job.child.pid, job.child.start)
        if self._steps:
            from ncp.ledger.steps import save  # noqa: PLC0415  few tasks have any

            for run in self._steps:
                save(self._connection, run)

    def _write_end(self, job: Job) -> None:
        reason = job.reason
        if reason and job.task.tool:  # and at what it has been stopped
            reason = "; ".join(filter(None, (reason, record.reason_of(self._connection, job.id))))
        record.end(
            self._connection,
            job.id,
            job.verdict or FAILURE,
            reason=reason,
            exit_code=job.exit_code,
            signal=job.signal,
            output=job.output.path,
            usage=job.usage,
            took=job.took,
        )
        if job.retry_in is not None:
            self._plan_again(job, job.retry_in)
        elif job.hook:
            self._plan_hook(job)

    def _plan_again(self, job: Job, seconds: float) -> None:
        """Plan the next attempt for the same slot."""
        task, attempt = job.task, job.attempt + 1
        reason = f"attempt {attempt} of {task.retries[0] + 1}, {seconds:g} s after a {job.verdict}"
        words = (task.id, task.name, task.timing_id)
        added = record.add(self._connection, words, job.slot, me(), reason=reason, attempt=attempt)
        if added:
            again = Job(added, task, job.slot, attempt)
            again.ready = time.monotonic() + seconds
            self._again.append(again)

    def _plan_hook(self, job: Job) -> None:
        from ncp.ledger.steps import save_hook  # noqa: PLC0415  few tasks have any

        save_hook(self._connection, job.id, succeeded=job.verdict == SUCCESS)

    def withdraw(self, job: Job, status: str, reason: str) -> None:
        """Close what shall not start any more; the failure that a retry was for is final then."""
        record.end(self._connection, job.id, status, reason=reason)
        if job.again and job.hook:
            self._plan_hook(job)

    @property
    def next_try(self) -> float | None:
        """When (monotonic) to try again to write, where that has failed."""
        return None if self._trouble is None else self._trouble.next_try

    def paused(self, now: float) -> bool:
        """Tell whether it is too early to try again."""
        return self._trouble is not None and now < self._trouble.next_try

    def put_off(self, error: Exception) -> None:
        """Try again soon."""
        if self._trouble is None:
            from ncp.runner.trouble import Trouble  # noqa: PLC0415  no firing should need it

            self._trouble = Trouble(self._log, error)
        self._trouble.again(error)

    def give_up(self, unstarted: list[Job]) -> None:
        """Leave it unrecorded, and with it that those have not started: whoever looks next will."""
        if self._trouble is not None:
            self._trouble.give_up(len(self.ended) + len(self.dropped) + len(unstarted))
            self.failed = True
        self._clear()

    def hopeless(self) -> bool:
        """Tell whether the ledger could not be written for too long."""
        return self._trouble is not None and self._trouble.hopeless()

    def _clear(self) -> None:
        self.ended, self.dropped, self.unborn, self._steps = [], [], [], []
