"""Tasks side by side: each with its deadline, none waiting for another."""

from __future__ import annotations

import time
from _sqlite3 import DatabaseError

from ncp.ledger import record
from ncp.ledger.compiled import get_meta
from ncp.ledger.record import INTERRUPTED, SKIPPED
from ncp.ledger.schema import Transaction, wait_for_locks
from ncp.process import Children, most_children
from ncp.runner.job import STOPPED
from ncp.runner.recording import Unrecorded
from ncp.runner.running import Running
from ncp.runner.waiting import Waiting, objection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.runner.job import Context, Job
    from ncp.runner.places import Places
    from ncp.runner.replacing import Replacing

DOCUMENT = "document"
LOCKED_SECONDS = 0.25
"""How long a locked ledger may keep a runner from watching over its tasks; it tries again."""


class Group:
    """Starts jobs up to a number at once, and records what becomes of each."""

    def __init__(self, context: Context, *, most: int) -> None:
        self.children = Children(adopting=True)
        self.known: set[str] = set()
        """The ids of all executions that this group has had."""
        self.places: Places | None = None
        """The cap that this group shares with others, where there is one."""
        self._connection, self._log = connection, log = context.connection, context.log
        self._most = min(most, most_children())
        self._waiting = Waiting(connection)
        self._replacing: Replacing | None = None
        self._unrecorded = Unrecorded(connection, log)
        self._running = Running(context, self.children, self._unrecorded)
        self._document = get_meta(connection, DOCUMENT)
        """Which schedule is compiled, when this began."""
        wait_for_locks(connection, LOCKED_SECONDS)

    @property
    def busy(self) -> bool:
        """Whether anything runs, waits to, or is still to be recorded."""
        return bool(self._waiting or self._running.busy or self._unrecorded)

    @property
    def stopped(self) -> bool:
        """Whether a signal asked this process to stop."""
        return self.children.stop != 0

    @property
    def failed(self) -> bool:
        """Whether a task has failed for good."""
        return self._unrecorded.failed

    def add(self, jobs: Iterable[Job]) -> None:
        """Take in jobs whose planned rows are committed."""
        jobs = list(jobs)
        self.known.update(job.id for job in jobs)
        self._expect(self._waiting.add(jobs))

    def _expect(self, jobs: list[Job]) -> None:
        """See to it that what they replace makes way for them."""
        if self._replacing is None and any(job.replaces for job in jobs):
            from ncp.runner.replacing import Replacing  # noqa: PLC0415  few tasks do

            to = self._waiting, self._unrecorded
            self._replacing = Replacing(self._connection, self._running, *to)
        if self._replacing is not None:
            self._replacing.add(jobs)

    def turn(self, seconds: float) -> None:
        """Start what fits, wait for something to happen, and see to it."""
        if self.stopped:
            self._stop_all()
        dropped = self._start_next() or self._release()
        self._log.flush()
        now = time.monotonic()
        if (self._unrecorded.news and not self._unrecorded.paused(now)) or dropped or not self.busy:
            return
        events = [
            self._running.next_event(),
            self._waiting.next_event(now),
            None if self.places is None else self.places.next_look,
            self._unrecorded.next_try,
        ]
        first = min((event - now for event in events if event is not None), default=seconds)
        self._running.wait(min(first, seconds))

    def _start_next(self) -> bool:
        """Start what may start; True where that turned out to be unwanted, so others may."""
        now = time.monotonic()
        if self._unrecorded.paused(now):
            return False
        chosen: list[Job] = []
        try:
            if self._replacing is not None:
                self._replacing.make_way(now)
            chosen = self._waiting.take(self._room(), self._running, now)
            if not (chosen or self._unrecorded):
                return False
            wanted, starting = self._write(chosen)
        except DatabaseError as error:
            self._waiting.line_up(chosen)  # they are still planned
            self.put_off(error)
            return False
        self._written([job for job in chosen if job not in wanted])
        if len(starting) < len(wanted):
            self._waiting.line_up(job for job in wanted if job not in starting)
        for job in starting:
            self._running.start(job)
        if self._unrecorded.unborn:
            self._unrecorded.note_born()
        return len(wanted) < len(chosen)

    def _write(self, chosen: list[Job]) -> tuple[list[Job], list[Job]]:
        """Record what has happened and what begins; return what is wanted and what may start."""
        with Transaction(self._connection):
            changed = bool(chosen) and get_meta(self._connection, DOCUMENT) != self._document
            self._unrecorded.write()
            wanted = [job for job in chosen if self._still_wanted(job, changed=changed)]
            starting = wanted if self.places is None else self.places.grant(wanted)
            for job in starting:
                record.begin(self._connection, job.id, job.task.id, job.slot, job.attempt)
        return wanted, starting

    def _written(self, unwanted: list[Job]) -> None:
        """Go on from what is committed now."""
        over, dropped, again = self._unrecorded.written()
        withdrawn = [*dropped, *unwanted]
        self._waiting.note_ends([*over, *withdrawn])
        if again:
            self.add(again)
        for job in (*over, *(job for job in withdrawn if job.again)):
            if job.retry_in is None and job.hook:
                self._running.run_hook(job)

    def put_off(self, error: DatabaseError) -> None:
        """Try again soon where the ledger cannot be written; at last do without."""
        self._unrecorded.put_off(error)
        if not self._running and self._unrecorded.hopeless():
            self._unrecorded.give_up(self._waiting.remove_all())

    def _release(self) -> bool:
        """Let go on what waited for other tasks; True where some may start or never will."""
        if self._unrecorded.paused(time.monotonic()):
            return False
        try:
            free, refused = self._waiting.release()
        except DatabaseError as error:
            self.put_off(error)
            return False
        self._expect(free)
        self._unrecorded.dropped += [(job, SKIPPED, why) for job, why in refused]
        return bool(free or refused)

    def _room(self) -> int:
        """Count the jobs that may start; none shortly after the home's cap had no place."""
        if self.places is not None:
            if not self._unrecorded.ended and self.places.closed(time.monotonic()):
                return 0
            self.places.next_look = None
        return self._most - len(self._running)

    def _still_wanted(self, job: Job, *, changed: bool) -> bool:
        """Look again at a task that waited; so may others be, where the schedule has `changed`."""
        if not (changed or job.waited or job.task.active_hours):
            return True
        why = objection(self._connection, job)
        if why:
            self._unrecorded.withdraw(job, SKIPPED, why)
            self._unrecorded.failed |= job.again  # as the attempt before it did
        return not why

    def _stop_all(self) -> None:
        """Ask everything that runs to end, and close what has not started."""
        self._running.stop()
        why = f"{STOPPED} before it started"
        self._unrecorded.dropped += [(job, INTERRUPTED, why) for job in self._waiting.remove_all()]

    def abandon(self) -> None:
        """End everything at once: this process is failing and cannot watch any longer."""
        self._running.abandon()
        self.children.close()

    def close(self) -> None:
        """Leave signals and the ledger's patience as they were."""
        self.children.close()
        wait_for_locks(self._connection)
