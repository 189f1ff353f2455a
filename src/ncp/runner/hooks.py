"""Commands that hear how an execution ended: started once that is recorded, and watched here."""

from __future__ import annotations

import time

from ncp.ledger import history
from ncp.ledger.record import FAILURE, INTERRUPTED, SUCCESS
from ncp.ledger.steps import HOOK, Run, decoded
from ncp.process import Bounds, CannotStart, launcher
from ncp.process.contract import NOT_RUNNABLE, Scarce
from ncp.runner.job import PATIENCE_SECONDS, RETRY_SECONDS, STOPPED, Job
from ncp.runner.output import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.daylog import Daylog
    from ncp.process import Child, Children
    from ncp.runner.job import Context

MOST_AT_ONCE = 8
MOST_PRINTED = 64 * 1024
STOP_SECONDS = 5
"""How long a hook may take where ncp itself is being stopped."""
_FACTS = {
    "NCP_STATUS": "status",
    "NCP_REASON": "reason",
    "NCP_EXIT_CODE": "exitCode",
    "NCP_SIGNAL": "signal",
    "NCP_STARTED_AT": "startedAt",
    "NCP_ENDED_AT": "endedAt",
    "NCP_OUTPUT_FILE": "outputPath",
}
"""What a hook is told, and the key of the JSON views it comes from."""


class _Said(Output):
    """What a hook prints: to the daily log only, and not for ever."""

    __slots__ = ("_left",)

    def __init__(self, name: str, log: Daylog) -> None:
        super().__init__("", name, log, None, 0)
        self._left = MOST_PRINTED

    def _save(self, stream: str, data: bytes) -> bytes:  # noqa: ARG002  both streams alike
        head = data[: self._left]
        self._left -= len(head)
        return head


class Hooks:
    """Runs the hooks of executions that are over; `note` takes what is to be recorded of each."""

    def __init__(
        self,
        context: Context,
        children: Children,
        note: Callable[[Run], None],
    ) -> None:
        self._connection, self._home, self._log = context.connection, context.home, context.log
        self._children, self._note = children, note
        self._waiting: list[Job] = []
        self._running: dict[Child, tuple[Job, Run]] = {}
        self._latest = float("inf")
        self._again = 0.0
        """When (monotonic) to start what there was no process or file for."""

    @property
    def busy(self) -> bool:
        """Whether any runs or waits to."""
        return bool(self._waiting or self._running)

    def add(self, job: Job) -> None:
        """Run the hook of an execution whose end is recorded, and with it that this starts."""
        one = Job(job.id, job.task, job.slot, job.attempt)
        one.verdict, one.ready = job.verdict, time.monotonic()
        self._waiting.append(one)
        self._start_next()

    def _start_next(self) -> None:
        while (
            self._waiting and len(self._running) < MOST_AT_ONCE and time.monotonic() >= self._again
        ):
            self._start(self._waiting.pop(0))

    def _start(self, job: Job) -> None:
        (step,) = decoded(job.hook)
        task = job.task
        run = Run(job.id, HOOK, step.name)
        env = {**job.environment(), **self._facts(job)}
        argv = step.argv
        if not task.direct:
            argv = launcher(self._home, "_task-execute", task.id, step.name)
        job.output, job.verdict = _Said(f"{task.name} {step.name}", self._log), None
        job.started = time.monotonic()
        try:
            bounds = Bounds(task.umask)
            job.child = self._children.spawn(argv, env, task.cwd, None, bounds=bounds)
        except Scarce as error:
            if job.started < job.ready + PATIENCE_SECONDS and job.started < self._latest:
                self._waiting.insert(0, job)
                self._again = job.started + RETRY_SECONDS
            else:
                self._end(job, run, error.code, error.reason)
            return
        except CannotStart as error:
            self._end(job, run, error.code, error.reason)
            return
        except OSError as error:
            self._end(job, run, NOT_RUNNABLE, f"It could not be started: {error.strerror}")
            return
        job.deadline = min(job.started + step.timeout, self._latest)
        job.overrun = f"ran longer than {job.deadline - job.started:g} s"
        self._running[job.child] = job, run

    def _facts(self, job: Job) -> dict[str, str]:
        """Say how the execution ended, in variables: those without a value are empty."""
        found = history.execution(self._connection, job.id) or {}
        values = {name: found.get(key) for name, key in _FACTS.items()}
        took = found.get("durationMs")
        seconds = f"{took / 1000:.3f}" if isinstance(took, int) else ""
        said = {name: "" if value is None else str(value) for name, value in values.items()}
        return {**said, "NCP_DURATION_SECONDS": seconds}

    def next_event(self) -> float | None:
        """Say when (monotonic) something must be done to one of them."""
        events = [job.next_event() for job, _ in self._running.values()]
        events.append(self._again if self._waiting and not self._running else None)
        return min((event for event in events if event is not None), default=None)

    def write(self, child: Child, stream: str, data: bytes) -> None:
        """Take what one of them printed."""
        self._running[child][0].output.write(stream, data)

    def look_after(self, now: float) -> None:
        """Hold them to their deadlines, and see to those that have ended."""
        for child, (job, run) in list(self._running.items()):
            if child.over:
                del self._running[child]
                run.usage = child.usage
                self._end(job, run, child.exit_code, job.reason or "", child.signal)
            elif child.gone_at is None:
                job.enforce(now)
        self._start_next()

    def _end(
        self, job: Job, run: Run, code: int | None, reason: str, signal: int | None = None
    ) -> None:
        status = job.verdict or (SUCCESS if code == 0 and not reason else FAILURE)
        run.reason = reason or ("" if signal is None else f"ended by signal {signal}")
        run.close(status, (code, signal))
        self._note(run)
        job.output.close()
        seconds = time.monotonic() - job.started
        how = f"exit code: {code}" if signal is None else f"signal: {signal}"
        said = f"{run.name} of '{job.task.name}' ended as {status} after {seconds:.1f}s ({how})"
        if status == SUCCESS:
            self._log.note(said)
        else:
            self._log.alarm(said + (f": {run.reason}" if run.reason else ""))

    def hurry(self) -> None:
        """Give them little time only: ncp is being stopped."""
        if self._latest == float("inf"):
            self._latest = time.monotonic() + STOP_SECONDS
            for job, _ in self._running.values():
                if job.deadline is not None and job.deadline > self._latest:
                    job.deadline, job.late = self._latest, INTERRUPTED
                    job.overrun = STOPPED

    def abandon(self) -> None:
        """End them at once."""
        for child in self._running:
            if child.gone_at is None:  # else its number may be another's by now
                child.kill()
