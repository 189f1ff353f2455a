"""The steps of one execution: one after the other, up to the first that fails."""

from __future__ import annotations

import time

from ncp.ledger.record import FAILURE, SUCCESS
from ncp.ledger.steps import Run, decoded, reason_of
from ncp.policies import limit_hit
from ncp.process.contract import NOT_RUNNABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable

    from ncp.owners import Usage
    from ncp.process import Child
    from ncp.runner.job import Job

    Start = tuple[tuple[str, ...], dict[str, str], bytes | None, tuple[str, ...]]
    """Program, environment, what it reads, and what `_task-execute` needs to find it."""


class Pipeline:
    """Starts the steps of a job in their order; `note` takes what is to be recorded of each."""

    def __init__(self, job: Job, connection: Connection, note: Callable[[Run], None]) -> None:
        self._job, self._connection, self._note = job, connection, note
        self._steps = decoded(job.task.steps)
        self._at = 0
        job.steps_left = len(self._steps) > 1
        self._memory = self._cpu = 0
        self._run: Run

    @property
    def usage(self) -> Usage:
        """The highest memory and the whole CPU time of all that ran."""
        return self._memory, self._cpu

    @property
    def label(self) -> str:
        """What people call the present step: `step 2 'upload'`."""
        number, name = f"step {self._at + 1}", self._steps[self._at].name
        return number if name == number else f"{number} '{name}'"

    def begin(self, env: dict[str, str]) -> Start:
        """Take note that the present step starts; return what with."""
        job, step, number = self._job, self._steps[self._at], self._at + 1
        self._run = Run(job.id, number, step.name)
        self._note(self._run)
        job.output.mark(self.label)
        text = job.task.stdin if number == 1 else None
        return step.argv, {**env, "NCP_STEP": step.name}, text, (str(number),)

    def tighten(self) -> None:
        """Hold the job to the deadline of its step, where that comes first."""
        job, seconds = self._job, self._steps[self._at].timeout
        until = time.monotonic() + seconds
        if seconds and (job.deadline is None or until < job.deadline):
            job.deadline, job.overrun = until, f"{self.label} ran longer than {seconds:g} s"

    def goes_on(self, child: Child) -> bool:
        """Take note of the end of a step; True where the next one is to be started."""
        job, (code, signal) = self._job, (child.exit_code, child.signal)
        if child.usage is not None:
            self._memory = max(self._memory, child.usage[0])
            self._cpu += child.usage[1]
        self._run.usage = child.usage
        if job.verdict is None and code == 0:
            self._close(SUCCESS, code, signal)
            return self._advance()
        if job.verdict is None:
            job.verdict = FAILURE
            job.reason = f"{self.label} {self._how(child)}{self._explained(code)}"
        elif self.label not in (job.reason or ""):
            job.reason = f"{job.reason}, in {self.label}"
        self._close(job.verdict, code, signal)
        return False

    def _advance(self) -> bool:
        if not self._job.steps_left:
            return False
        self._at += 1
        self._job.steps_left = self._at + 1 < len(self._steps)
        return True

    def _how(self, child: Child) -> str:
        code, signal = child.exit_code, child.signal
        limits, used = self._job.task.limits, 0 if child.usage is None else child.usage[1]
        hit = limits and limit_hit(limits, (code, signal), used / 1e6, starved=child.starved)
        if hit:
            return hit
        return f"ended with exit code {code}" if signal is None else f"ended by signal {signal}"

    def _explained(self, code: int | None) -> str:
        """Ask what the step's own process has said, where it did not come to start the program."""
        if code != NOT_RUNNABLE or self._job.task.direct:
            return ""
        reason = reason_of(self._connection, self._job.id, self._at + 1)
        return f": {reason}" if reason else ""

    def not_started(self, reason: str, code: int) -> str:
        """Take note that the present step could not be started; return the reason that says so."""
        self._run.reason = reason
        self._close(FAILURE, code, None)
        return f"{self.label}: {reason}"

    def _close(self, status: str, code: int | None, signal: int | None) -> None:
        self._run.close(status, (code, signal))
        self._note(self._run)
