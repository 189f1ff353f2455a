"""Jobs that run: started, held to their deadlines, and seen to when they end."""

from __future__ import annotations

import time

from ncp import policies
from ncp.ledger.compiled import get_meta
from ncp.ledger.record import FAILURE, INTERRUPTED
from ncp.process import Bounds, CannotStart, launcher
from ncp.process.contract import NOT_RUNNABLE, Scarce
from ncp.runner.job import PATIENCE_SECONDS, RETRY_SECONDS, STOPPED
from ncp.runner.output import MOST_BYTES, Output, beside, path_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.process import Child, Children
    from ncp.runner.hooks import Hooks
    from ncp.runner.job import Context, Job
    from ncp.runner.pipeline import Pipeline
    from ncp.runner.recording import Unrecorded

    Call = tuple[Sequence[str], dict[str, str], str | None, bytes | None, Bounds]
    """Program, environment, folder, what it reads, and its bounds."""


class Running:
    """Watches over jobs and hooks from their start to their end, of which `unrecorded` hears."""

    def __init__(
        self,
        context: Context,
        children: Children,
        unrecorded: Unrecorded,
    ) -> None:
        self._children = children
        self._jobs: dict[Child, Job] = {}
        self._stalled: list[tuple[Job, Call, float]] = []
        """What could not be started for lack of processes or files, and until when it is tried."""
        self._again = 0.0
        self._hooks: Hooks | None = None
        self._pipelines: dict[Job, Pipeline] = {}
        """Those of the jobs that have steps, until they end."""
        self._context, self._unrecorded = context, unrecorded
        self._home, self._log = context.home, context.log
        self._limit = int(get_meta(context.connection, "output_limit_bytes") or MOST_BYTES)

    def __len__(self) -> int:
        return len(self._jobs) + len(self._stalled)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    @property
    def busy(self) -> bool:
        """Whether a job or a hook runs, or a hook is going to."""
        return bool(len(self) or (self._hooks is not None and self._hooks.busy))

    def start(self, job: Job) -> None:
        """Start a job."""
        task = job.task
        self._log.note(f"Executing '{task.name}'{task.said and f' with args {task.said}'}")
        job.started = time.monotonic()
        path = path_for(self._home, job.id)
        job.output = Output(path, task.name, self._log, self._context.echo, self._limit)
        if task.steps:
            from ncp.runner.pipeline import Pipeline  # noqa: PLC0415  few tasks have steps

            connection, note = self._context.connection, self._unrecorded.note_run
            self._pipelines[job] = Pipeline(job, connection, note)
        self._launch(job)

    def _launch(self, job: Job) -> None:
        """Start its program, or its next step."""
        self._begin(job, self._call(job), time.monotonic() + PATIENCE_SECONDS)

    def _begin(self, job: Job, call: Call, until: float) -> None:
        """Start a program; where there is no process or file left, again when a child has ended."""
        argv, env, folder, text, bounds = call
        try:
            job.child = self._children.spawn(argv, env, folder, text, bounds=bounds)
        except Scarce as error:
            if time.monotonic() < until:
                if not self._stalled:
                    self._log.alarm(f"'{job.task.name}' waits, as others may: {error.reason}")
                self._stalled.append((job, call, until))
                self._again = time.monotonic() + RETRY_SECONDS
                return
            self._not_started(job, error.reason, error.code)
            return
        except CannotStart as error:
            self._not_started(job, error.reason, error.code)
            return
        except OSError as error:
            reason = f"It could not be started: {error.strerror}"
            self._not_started(job, reason, NOT_RUNNABLE)
            return
        niceness = policies.NICENESS[job.task.priority]
        if niceness or job.task.nice is not None:
            job.child.renice(niceness, to=job.task.nice)
        job.hold()
        if job in self._pipelines:
            self._pipelines[job].tighten()
        self._jobs[job.child] = job
        self._unrecorded.unborn.append(job)

    def _start_stalled(self) -> None:
        """Try again what could not be started, in its order, up to the first that cannot again."""
        stalled, self._stalled = self._stalled, []
        for number, (job, call, until) in enumerate(stalled):
            if job not in self._pipelines:
                job.started = time.monotonic()
            self._begin(job, call, until)
            if self._stalled:
                self._stalled += stalled[number + 1 :]
                return

    def _call(self, job: Job) -> Call:
        """Lay out what is to be started, once: a step notes that it begins."""
        task = job.task
        argv, env, text = task.argv, job.environment(), task.stdin
        part: tuple[str, ...] = ()
        if pipeline := self._pipelines.get(job):
            argv, env, text, part = pipeline.begin(env)
            self._log.note(f"Task '{task.name}' is at {pipeline.label}")
        if not task.direct:
            argv = launcher(self._home, "_task-execute", task.id, *part)
        if task.tool:
            env["NCP_FILES"] = beside(path_for(self._home, job.id))
        bounds = Bounds(task.umask, task.limits, later=not task.direct)
        return argv, env, task.cwd, text, bounds

    def _not_started(self, job: Job, reason: str, code: int) -> None:
        if pipeline := self._pipelines.get(job):
            reason, job.usage = pipeline.not_started(reason, code), pipeline.usage
        job.verdict, job.reason = FAILURE, reason
        self._end(job, code, None)

    def run_hook(self, job: Job) -> None:
        """Run what hears of the end of a job, which is recorded."""
        if self._hooks is None:
            from ncp.runner.hooks import Hooks  # noqa: PLC0415  few tasks have any

            self._hooks = Hooks(self._context, self._children, self._unrecorded.note_run)
        if self._children.stop:
            self._hooks.hurry()
        self._hooks.add(job)

    def next_event(self) -> float | None:
        """Say when (monotonic) something must be done to one of them."""
        events = [job.next_event() for job in self._jobs.values()]
        events.append(None if self._hooks is None else self._hooks.next_event())
        events.append(self._again if self._stalled else None)
        return min((event for event in events if event is not None), default=None)

    def wait(self, seconds: float) -> None:
        """Wait until something happens, and see to it."""
        for child, stream, data in self._children.wait(seconds):
            if self._hooks is None or child in self._jobs:
                self._jobs[child].output.write(stream, data)
            else:
                self._hooks.write(child, stream, data)
        self._look_after(time.monotonic())

    def _look_after(self, now: float) -> None:
        running = len(self._jobs)
        for child, job in list(self._jobs.items()):
            if child.over:
                del self._jobs[child]
                self._see_off(job, child)
            elif child.gone_at is None:
                job.enforce(now)
        if self._stalled and (len(self._jobs) < running or now >= self._again):
            self._start_stalled()
        if self._hooks is not None:
            self._hooks.look_after(now)

    def _see_off(self, job: Job, child: Child) -> None:
        """End a job whose program has ended, or go on with its next step."""
        pipeline = self._pipelines.get(job)
        if pipeline is not None and pipeline.goes_on(child):
            self._launch(job)
            return
        job.usage = child.usage if pipeline is None else pipeline.usage
        job.starved = child.starved
        self._end(job, child.exit_code, child.signal)

    def _end(self, job: Job, exit_code: int | None, signal: int | None) -> None:
        self._pipelines.pop(job, None)
        job.close(exit_code, signal, last=self._children.stop != 0)
        job.report(self._log)
        self._unrecorded.end(job)

    def stop(self) -> None:
        """Ask everything that runs to end."""
        for job in self._jobs.values():
            if job.live:
                job.stop(INTERRUPTED, STOPPED)
        stalled, self._stalled = self._stalled, []
        for job, _, _ in stalled:
            job.verdict, job.reason = INTERRUPTED, f"{STOPPED} before it started"
            self._end(job, None, None)
        if self._hooks is not None:
            self._hooks.hurry()

    def abandon(self) -> None:
        """End everything at once."""
        for child in self._jobs:
            if child.gone_at is None:  # else its number may be another's by now
                child.kill()
        if self._hooks is not None:
            self._hooks.abandon()
