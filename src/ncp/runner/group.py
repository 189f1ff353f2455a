"""Tasks side by side: each with its deadline, none waiting for another."""

from __future__ import annotations

import time
from _sqlite3 import DatabaseError

from ncp import policies
from ncp.ledger import record
from ncp.ledger.compiled import compiled_task, compiled_timing, get_meta
from ncp.ledger.record import FAILURE, INTERRUPTED, SKIPPED, SUCCESS, TIMEOUT
from ncp.ledger.schema import BUSY_SECONDS, Transaction
from ncp.process import Bounds, CannotStart, Children, launcher, me, most_children
from ncp.process.contract import NOT_RUNNABLE
from ncp.runner.job import Job
from ncp.runner.output import MOST_BYTES, Output, beside, path_for
from ncp.runner.waiting import Waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable

    from ncp.daylog import Daylog
    from ncp.ledger.steps import Run
    from ncp.process import Child
    from ncp.runner.depending import Depending
    from ncp.runner.hooks import Hooks
    from ncp.runner.places import Places
    from ncp.runner.trouble import Trouble

STOPPED = "ncp was stopped"
REPLACED = "replaced by the run of the next slot"
DOCUMENT = "document"
BUSY_MS = 250
"""How long a locked ledger may keep a runner from watching over its tasks; it tries again."""


class Group:
    """Starts jobs up to a number at once, and records what becomes of each."""

    def __init__(
        self,
        book: Connection,
        home: str,
        log: Daylog,
        *,
        most: int,
        echo: int | None = None,
        limit: int = MOST_BYTES,
    ) -> None:
        self.children = Children(adopting=True)
        self.failed = False
        self.known: set[str] = set()
        """The ids of all executions that this group has had."""
        self.places: Places | None = None
        """The cap that this group shares with others, where there is one."""
        self._book, self._home, self._log, self._echo = book, home, log, echo
        self._limit = limit
        self._most = min(most, most_children())
        self._waiting = Waiting()
        self._depending: Depending | None = None
        self._replacing: list[Job] = []
        """What will replace others when its moment has come."""
        self._running: dict[Child, Job] = {}
        self._ended: list[Job] = []
        self._dropped: list[tuple[Job, str, str]] = []
        """What shall not start any more: status and reason."""
        self._unborn: list[Job] = []
        """What was started, and whose process is not noted yet."""
        self._again: list[Job] = []
        self._steps: list[Run] = []
        """What is to be recorded of steps and hooks."""
        self._hooks: Hooks | None = None
        self._trouble: Trouble | None = None
        self._document = get_meta(book, DOCUMENT)
        """Which schedule is compiled, when this began."""
        self._book.execute(f"PRAGMA busy_timeout={BUSY_MS}")

    @property
    def busy(self) -> bool:
        """Whether anything runs, waits to, or is still to be recorded."""
        left = self._waiting or self._running or self._unwritten or self._dropped
        hooks = self._hooks is not None and self._hooks.busy
        return bool(left or self._depending or hooks)

    @property
    def stopped(self) -> bool:
        """Whether a signal asked this process to stop."""
        return self.children.stop != 0

    def add(self, jobs: Iterable[Job]) -> None:
        """Take in jobs whose planned rows are committed."""
        jobs = list(jobs)
        self.known.update(job.id for job in jobs)
        if self._depending is None and any(job.depends for job in jobs):
            from ncp.runner.depending import Depending  # noqa: PLC0415  few groups have an order

            self._depending = Depending(self._book)
        self._line_up(jobs if self._depending is None else self._depending.hold(jobs))

    def _line_up(self, jobs: list[Job]) -> None:
        self._waiting.add(jobs)
        self._replacing += [job for job in jobs if job.replaces]

    def _make_way(self, now: float) -> None:
        """End what those replace whose moment has come, and which are going to start."""
        come = [job for job in self._replacing if job.ready <= now]
        unhindered = [job for job in come if not self._objection(job)]
        self._replacing = [job for job in self._replacing if job.ready > now]
        for job in unhindered:
            self._make_room(job)

    def _make_room(self, job: Job) -> None:
        for other in self._running.values():
            if other.task.id == job.task.id:
                other.overtaken = True
                if other.live:
                    other.stop(INTERRUPTED, REPLACED)
        for other in self._ended:  # whose retries are not planned yet
            if other.task.id == job.task.id and other.retry_in is not None:
                other.give_up()
                self.failed = True
        retries = self._waiting.remove(lambda other: other.again and other.task.id == job.task.id)
        self._dropped += [(other, SKIPPED, REPLACED) for other in retries]

    def turn(self, seconds: float) -> None:
        """Start what fits, wait for something to happen, and see to it."""
        if self.stopped:
            self._stop_all()
        dropped = self._start_next() or self._release()
        self._log.flush()
        now = time.monotonic()
        if (self._unwritten and not self._paused(now)) or dropped or not self.busy:
            return
        events = [job.next_event() for job in self._running.values()]
        events.append(self._waiting.next_ready(now))
        events.append(self._depending.next_look if self._depending else None)
        events.append(None if self.places is None else self.places.next_look)
        events.append(None if self._trouble is None else self._trouble.next_try)
        events.append(None if self._hooks is None else self._hooks.next_event())
        first = min((event - now for event in events if event is not None), default=seconds)
        for child, stream, data in self.children.wait(min(first, seconds)):
            self._take(child, stream, data)
        self._look_after(time.monotonic())

    def _take(self, child: Child, stream: str, data: bytes) -> None:
        if self._hooks is None or child in self._running:
            self._running[child].output.write(stream, data)
        else:
            self._hooks.write(child, stream, data)

    @property
    def _unwritten(self) -> bool:
        return bool(self._ended or self._steps)

    def _paused(self, now: float) -> bool:
        return self._trouble is not None and now < self._trouble.next_try

    def _start_next(self) -> bool:
        """Start what may start; True where that turned out to be unwanted, so others may."""
        now = time.monotonic()
        if self._paused(now):
            return False
        chosen: list[Job] = []
        try:
            if self._replacing:
                self._make_way(now)
            chosen = self._waiting.take(self._room(), self._running.values(), now)
            if not (chosen or self._unwritten or self._dropped or self._unborn):
                return False
            wanted, starting = self._write(chosen)
        except DatabaseError as error:
            self._again = []
            self._waiting.add(chosen)  # they are still planned
            self.put_off(error)
            return False
        self._written([job for job in chosen if job not in wanted])
        if len(starting) < len(wanted):
            self._waiting.add(job for job in wanted if job not in starting)
        for job in starting:
            self._spawn(job)
        if self._unborn:
            self._note_born()
        return len(wanted) < len(chosen)

    def _write(self, chosen: list[Job]) -> tuple[list[Job], list[Job]]:
        """Record what has happened and what begins; return what is wanted and what may start."""
        with Transaction(self._book):
            changed = bool(chosen) and get_meta(self._book, DOCUMENT) != self._document
            for job in self._ended:
                self._record_end(job)
            for job, status, reason in self._dropped:
                self._withdraw(job, status, reason)
            self._record_born()
            self._record_steps()
            wanted = [job for job in chosen if self._still_wanted(job, changed=changed)]
            starting = wanted if self.places is None else self.places.grant(wanted)
            for job in starting:
                record.begin(self._book, job.id, job.task.id, job.slot, job.attempt)
        return wanted, starting

    def _withdraw(self, job: Job, status: str, reason: str) -> None:
        """Close what shall not start any more; the failure that a retry was for is final then."""
        record.end(self._book, job.id, status, reason=reason)
        if job.again and job.hook:
            self._record_hook(job)

    def _record_hook(self, job: Job) -> None:
        from ncp.ledger.steps import save_hook  # noqa: PLC0415  few tasks have any

        save_hook(self._book, job.id, succeeded=job.verdict == SUCCESS)

    def _written(self, unwanted: list[Job]) -> None:
        """Go on from what is committed now."""
        withdrawn = [*(job for job, _, _ in self._dropped), *unwanted]
        if self._depending:
            self._depending.note_ends([*self._ended, *withdrawn])
        again, self._again = self._again, []
        over, self._ended = self._ended, []
        self._dropped, self._unborn, self._steps = [], [], []
        if self._trouble is not None:
            self._trouble.over()
            self._trouble = None
        if again:
            self.add(again)
        for job in (*over, *(job for job in withdrawn if job.again)):
            if job.retry_in is None and job.hook:
                self._run_hook(job)

    def _run_hook(self, job: Job) -> None:
        if self._hooks is None:
            from ncp.runner.hooks import Hooks  # noqa: PLC0415  few tasks have any

            to = self._home, self._log
            self._hooks = Hooks(self._book, self.children, to, self._steps_note)
        if self.stopped:
            self._hooks.hurry()
        self._hooks.add(job)

    def _steps_note(self, run: Run) -> None:
        self._steps.append(run)

    def _record_steps(self) -> None:
        if self._steps:
            from ncp.ledger.steps import save  # noqa: PLC0415  few tasks have any

            for run in self._steps:
                save(self._book, run)

    def _note_born(self) -> None:
        """Note the processes at once, so that they are found where this one is killed."""
        try:
            with Transaction(self._book):
                self._record_born()
                self._record_steps()
        except DatabaseError as error:
            self.put_off(error)
        else:
            self._unborn, self._steps = [], []

    def _record_born(self) -> None:
        for job in self._unborn:
            record.born(self._book, job.id, job.child.pid, job.child.start)

    def put_off(self, error: DatabaseError) -> None:
        """Try again soon where the ledger cannot be written; at last do without."""
        if self._trouble is None:
            from ncp.runner.trouble import Trouble  # noqa: PLC0415  no firing should need it

            self._trouble = Trouble(self._log, error)
        self._trouble.again(error)
        if self._running or not self._trouble.hopeless():
            return
        left = [*self._ended, *(job for job, _, _ in self._dropped), *self._unstarted()]
        self._trouble.give_up(len(left))
        self._ended, self._dropped, self._unborn, self._steps = [], [], [], []
        self.failed = True

    def _release(self) -> bool:
        """Let go on what waited for other tasks; True where some may start or never will."""
        if not self._depending or self._paused(time.monotonic()):
            return False
        try:
            free, refused = self._depending.release()
        except DatabaseError as error:
            self.put_off(error)
            return False
        self._line_up(free)
        self._dropped += [(job, SKIPPED, why) for job, why in refused]
        return bool(free or refused)

    def _room(self) -> int:
        """Count the jobs that may start; none shortly after the home's cap had no place."""
        if self.places is not None:
            if not self._ended and self.places.closed(time.monotonic()):
                return 0
            self.places.next_look = None
        return self._most - len(self._running)

    def _still_wanted(self, job: Job, *, changed: bool) -> bool:
        """Look again at a task that waited; so may others be, where the schedule has `changed`."""
        if not (changed or job.waited or job.task.active_hours):
            return True
        why = self._objection(job)
        if why:
            self._withdraw(job, SKIPPED, why)
            self.failed = self.failed or job.again  # as the attempt before it did
        return not why

    def _objection(self, job: Job) -> str:
        """Say why a job shall not start now: its task is paused or deleted, or it is late.

        Where there is nothing to say, it is that of the task as it is now.
        """
        if job.slot is None:
            return ""
        task = compiled_task(self._book, job.task.id)
        timing = compiled_timing(self._book, job.task.timing_id)
        if task is None or task.status != "active":
            return f"its task is {'deleted' if task is None else task.status}"
        if timing is not None and not timing.allows(task, int(time.time() // 60)):
            return "its active hours were over"
        job.task = task
        return ""

    def _spawn(self, job: Job) -> None:
        task = job.task
        self._log.note(f"Executing '{task.name}'")
        job.started = time.monotonic()
        path = path_for(self._home, job.id)
        job.output = Output(path, task.name, self._log, self._echo, self._limit)
        if task.steps:
            from ncp.runner.pipeline import Pipeline  # noqa: PLC0415  few tasks have steps

            job.pipeline = Pipeline(job, self._book, self._steps_note)
        self._launch(job)

    def _launch(self, job: Job) -> None:
        """Start a job's program, or its next step."""
        try:
            job.child = self._child(job)
        except CannotStart as error:
            self._not_started(job, error.reason, error.code)
            return
        except OSError as error:
            reason = f"It could not be started: {error.strerror}"
            self._not_started(job, reason, NOT_RUNNABLE)
            return
        task = job.task
        niceness = policies.NICENESS[task.priority]
        if niceness or task.nice is not None:
            job.child.renice(niceness, to=task.nice)
        job.hold()
        self._running[job.child] = job
        self._unborn.append(job)

    def _child(self, job: Job) -> Child:
        task = job.task
        argv, env, text = task.argv, job.environment(), task.stdin
        part: tuple[str, ...] = ()
        if job.pipeline is not None:
            argv, env, text, part = job.pipeline.begin(env)
            self._log.note(f"Task '{task.name}' is at {job.pipeline.label}")
        if not task.direct:
            argv = launcher(self._home, "_task-execute", task.id, *part)
        if task.tool:
            env["NCP_FILES"] = beside(path_for(self._home, job.id))
        bounds = Bounds(task.umask, task.limits, later=not task.direct)
        return self.children.spawn(argv, env, task.cwd, text, bounds=bounds)

    def _not_started(self, job: Job, reason: str, code: int) -> None:
        if job.pipeline is not None:
            reason, job.usage = job.pipeline.not_started(reason, code), job.pipeline.usage
        job.verdict, job.reason = FAILURE, reason
        self._end(job, code, None)

    def _look_after(self, now: float) -> None:
        for child, job in list(self._running.items()):
            if child.over:
                del self._running[child]
                if job.pipeline is not None and job.pipeline.goes_on(child):
                    self._launch(job)
                    continue
                job.usage = child.usage if job.pipeline is None else job.pipeline.usage
                job.starved = child.starved
                self._end(job, child.exit_code, child.signal)
            elif child.gone_at is None:
                job.enforce(now)
        if self._hooks is not None:
            self._hooks.look_after(now)

    def _end(self, job: Job, exit_code: int | None, signal: int | None) -> None:
        job.output.close()
        job.exit_code, job.signal, job.ended_at = exit_code, signal, record.now_ms()
        if job.verdict is None:
            job.verdict = SUCCESS if exit_code == 0 else FAILURE
            job.reason = None if signal is None else f"ended by signal {signal}"
            if job.task.limits and job.verdict == FAILURE:
                job.reason = self._limit_hit(job) or job.reason
        if job.output.lost:
            lost = f"some of its output could not be kept ({job.output.lost})"
            job.reason = f"{job.reason}; {lost}" if job.reason else lost
        if job.slot is not None and not self.stopped:
            job.retry_in = policies.retry_delay(job.task.retries, job.attempt, job.verdict)
        if job.retry_in is not None and job.overtaken:
            job.give_up()
        if job.retry_in is None:
            self.failed = self.failed or job.verdict in {FAILURE, TIMEOUT}
        self._report(job, time.monotonic() - job.started)
        self._ended.append(job)

    @staticmethod
    def _limit_hit(job: Job) -> str | None:
        """Name the limit that ended a job, where that can be known."""
        used = 0 if job.usage is None else job.usage[1] / 1_000_000
        return policies.limit_hit(
            job.task.limits, (job.exit_code, job.signal), used, starved=job.starved
        )

    def _report(self, job: Job, seconds: float) -> None:
        how = f"exit code: {job.exit_code}" if job.signal is None else f"signal: {job.signal}"
        name = f"Task '{job.task.name}'"
        if job.verdict == SUCCESS:
            self._log.note(f"{name} completed in {seconds:.1f}s ({how})")
            return
        why = f": {job.reason}" if job.reason else ""
        why += "" if job.retry_in is None else f"; to be tried again in {job.retry_in:g} s"
        self._log.alarm(f"{name} ended as {job.verdict} after {seconds:.1f}s ({how}){why}")

    def _record_end(self, job: Job) -> None:
        reason = job.reason
        if reason and job.task.tool:  # and at what it has been stopped
            reason = "; ".join(filter(None, (reason, record.reason_of(self._book, job.id))))
        record.end(
            self._book,
            job.id,
            job.verdict or FAILURE,
            reason=reason,
            exit_code=job.exit_code,
            signal=job.signal,
            output=job.output.path,
            usage=job.usage,
            ended_at=job.ended_at,
        )
        if job.retry_in is not None:
            self._plan_again(job, job.retry_in)
        elif job.hook:
            self._record_hook(job)

    def _plan_again(self, job: Job, seconds: float) -> None:
        """Plan the next attempt for the same slot."""
        task, attempt = job.task, job.attempt + 1
        reason = f"attempt {attempt} of {task.retries[0] + 1}, {seconds:g} s after a {job.verdict}"
        words = (task.id, task.name, task.timing_id)
        added = record.add(self._book, words, job.slot, me(), reason=reason, attempt=attempt)
        if added:
            again = Job(added, task, job.slot, attempt)
            again.ready = time.monotonic() + seconds
            self._again.append(again)

    def _stop_all(self) -> None:
        """Ask everything that runs to end, and close what has not started."""
        for job in self._running.values():
            if job.live:
                job.stop(INTERRUPTED, STOPPED)
        if self._hooks is not None:
            self._hooks.hurry()
        why = f"{STOPPED} before it started"
        self._dropped += [(job, INTERRUPTED, why) for job in self._unstarted()]

    def _unstarted(self) -> list[Job]:
        """Take out all that waits."""
        held = self._depending.remove_all() if self._depending else []
        return [*self._waiting.remove(bool), *held]

    def abandon(self) -> None:
        """End everything at once: this process is failing and cannot watch any longer."""
        for child in self._running:
            if child.gone_at is None:  # else its number may be another's by now
                child.kill()
        if self._hooks is not None:
            self._hooks.abandon()

    def close(self) -> None:
        """Leave signals and the ledger's patience as they were."""
        self.children.close()
        self._book.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
