"""One execution on its way: the deadline it is held to, and what becomes of it."""

from __future__ import annotations

import os
import time

from ncp import policies
from ncp.ledger.record import FAILURE, SUCCESS, TIMEOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog
    from ncp.ledger.compiled import CompiledTask
    from ncp.owners import Usage
    from ncp.process import Child
    from ncp.runner.output import Echo, Output


STOPPED = "ncp was stopped"
RETRY_SECONDS = 0.5
"""How soon to try again what could not be started, where no child ends meanwhile."""
PATIENCE_SECONDS = 60
"""How long that is tried."""
UNTRIED = "not tried again, as the next slot came"


class Context:
    """What the parts of a runner share: the ledger, the home, the log, and who reads along."""

    __slots__ = ("connection", "echo", "home", "log")

    def __init__(
        self, connection: Connection, home: str, log: Daylog, echo: Echo | None = None
    ) -> None:
        self.connection, self.home, self.log, self.echo = connection, home, log, echo


class Job:
    """One execution on its way: planned, then running in `child`."""

    __slots__ = (
        *("id", "task", "slot", "child", "output", "started", "deadline", "kill_at"),
        *("verdict", "reason", "exit_code", "signal", "starved", "usage"),
        *("attempt", "ready", "retry_in", "took"),
        *("late", "overrun", "overtaken", "steps_left"),
    )
    child: Child
    output: Output
    started: float

    def __init__(
        self, execution_id: str, task: CompiledTask, slot: int | None, attempt: int = 1
    ) -> None:
        self.id, self.task, self.slot, self.attempt = execution_id, task, slot, attempt
        self.ready = 0.0
        """When (monotonic) it may start."""
        self.retry_in: float | None = None
        self.exit_code: int | None = None
        self.signal: int | None = None
        self.took: int | None = None
        """How long (milliseconds, by the monotonic clock): it may be recorded later."""
        self.usage: Usage | None = None
        self.starved = False
        self.verdict: str | None = None
        self.reason: str | None = None
        self.deadline: float | None = None
        self.kill_at: float | None = None
        self.late = TIMEOUT
        """Its verdict where its deadline comes."""
        self.overrun = ""
        """What it has done where its deadline comes."""
        self.steps_left = False
        """Whether steps are to come after the one that runs."""
        self.overtaken = False
        """Whether the run of a later slot takes its place: then it is not tried again."""

    @property
    def again(self) -> bool:
        """Whether it is a later attempt for its slot."""
        return self.attempt > 1

    @property
    def depends(self) -> bool:
        """Whether it may not start before other tasks of its slot have ended."""
        return bool(self.task.after) and self.slot is not None and not self.again

    @property
    def replaces(self) -> bool:
        """Whether it ends an execution of its task that still runs."""
        return self.task.overlap == policies.REPLACE and self.slot is not None and not self.again

    @property
    def waited(self) -> bool:
        """Whether time has passed between its plan and its start, in which things may change."""
        return self.again or self.ready > 0 or self.depends

    def environment(self) -> dict[str, str]:
        """Take the task's own environment, and say which execution this is."""
        ours = {
            "NCP_TASK_ID": self.task.id,
            "NCP_TASK_NAME": self.task.name,
            "NCP_TIMING_ID": self.task.timing_id,
            "NCP_EXECUTION_ID": self.id,
            "NCP_ATTEMPT": str(self.attempt),
        }
        if self.slot is not None:
            ours["NCP_SLOT"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.slot * 60))
        return {**self.task.env, **ours}

    @property
    def live(self) -> bool:
        """Whether it can still be stopped: it runs, or has steps to come."""
        return self.verdict is None and (self.steps_left or self.child.gone_at is None)

    @property
    def hook(self) -> bytes:
        """What hears of its end, if anything does."""
        return self.task.on_success if self.verdict == SUCCESS else self.task.on_failure

    def hold(self) -> None:
        """Set the deadline of what has just been started."""
        if self.task.timeout:
            self.deadline = self.started + self.task.timeout
            self.overrun = f"ran longer than {self.task.timeout:g} s"

    def stop(self, verdict: str, reason: str) -> None:
        """Ask the task to end, and give it its grace."""
        self.verdict, self.reason, self.deadline = verdict, reason, None
        self.kill_at = time.monotonic() + self.task.grace
        if self.child.gone_at is None:  # else its number may be another's by now
            # A tool call is cancelled by the protocol first, before any signal reaches its server.
            self.child.terminate(alone=bool(self.task.tool))

    def give_up(self) -> None:
        """Have its end be final, although it might have been tried again."""
        self.retry_in = None
        self.reason = f"{self.reason}; {UNTRIED}" if self.reason else UNTRIED

    def close(self, exit_code: int | None, signal: int | None, *, last: bool) -> None:
        """Take note of its end, and judge it; it is the `last` attempt where ncp is stopped."""
        self.output.close()
        self.exit_code, self.signal = exit_code, signal
        self.took = int(1000 * (time.monotonic() - self.started))
        verdict = self.verdict or self._judged()
        self.verdict = verdict
        if self.output.lost:
            lost = f"some of its output could not be kept ({self.output.lost})"
            self.reason = f"{self.reason}; {lost}" if self.reason else lost
        if self.slot is not None and not last:
            self.retry_in = policies.retry_delay(self.task.retries, self.attempt, verdict)
        if self.retry_in is not None and self.overtaken:
            self.give_up()

    def _judged(self) -> str:
        if self.exit_code == 0:
            return SUCCESS
        self.reason = None if self.signal is None else f"ended by signal {self.signal}"
        if self.task.limits:
            self.reason = self._limit_hit() or self.reason
        return FAILURE

    def _limit_hit(self) -> str | None:
        """Name the limit that ended it, where that can be known."""
        used = 0 if self.usage is None else self.usage[1] / 1_000_000
        how = self.exit_code, self.signal
        return policies.limit_hit(self.task.limits, how, used, starved=self.starved)

    def report(self, log: Daylog) -> None:
        """Say in the daily log how it ended."""
        seconds = time.monotonic() - self.started
        how = f"exit code: {self.exit_code}" if self.signal is None else f"signal: {self.signal}"
        name = f"Task '{self.task.name}'"
        if self.verdict == SUCCESS:
            log.note(f"{name} completed in {seconds:.1f}s ({how})")
            return
        why = f": {self.reason}" if self.reason else ""
        why += "" if self.retry_in is None else f"; to be tried again in {self.retry_in:g} s"
        log.alarm(f"{name} ended as {self.verdict} after {seconds:.1f}s ({how}){why}")

    def next_event(self) -> float | None:
        """Say when (monotonic) something must be done to it."""
        return self.deadline if self.kill_at is None else self.kill_at

    def enforce(self, now: float) -> None:
        """Do what its deadline or its grace demands."""
        if self.deadline is not None and now >= self.deadline:
            self.stop(self.late, self.overrun)
        elif self.kill_at is not None and now >= self.kill_at:
            self.kill_at = None
            self.child.kill()


def drawn(most: float) -> float:
    """Draw a part of so many seconds, each time anew; `random` would take its time to import."""
    return most * int.from_bytes(os.urandom(7), "big") / (1 << 56)


def delayed(seconds: float, *, most: bool = False) -> str:
    """Say how long a jitter is, or can be at the most."""
    return f"delayed {'up to ' if most else ''}{round(seconds, 1):g} s by its jitter"
