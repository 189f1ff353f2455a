"""Which executions a firing owes: the claim of a slot, and what a dead runner left behind."""

from __future__ import annotations

import time

from ncp import policies
from ncp.ledger import record
from ncp.ledger.compiled import compiled_tasks
from ncp.ledger.record import INTERRUPTED, LOST, NEVER_BEGAN, NO_RUNNER, PLANNED, RUNNING, SKIPPED
from ncp.ledger.schema import Transaction
from ncp.process import alive
from ncp.runner.job import Job, delayed, drawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Mapping

    from ncp.daylog import Daylog
    from ncp.ledger.compiled import CompiledTask, CompiledTiming
    from ncp.ledger.record import Live
    from ncp.owners import Owner
    from ncp.runner.outage import Outage

LATE_SECONDS = 300
"""How late a wake may be and still count as on time."""

BESIDE = {policies.QUEUE: "waited its turn", policies.REPLACE: "took the place of another"}


def claim(
    connection: Connection,
    timing: CompiledTiming,
    now: float,
    owner: Owner,
    log: Daylog | None = None,
) -> list[Job]:
    """Claim the newest due slot, in one transaction, and return the jobs that are ours to start.

    There are none where nothing is due or somebody else has it. What was missed is said in `log`.
    """
    _end_orphans(connection, timing.id)
    made = Claim(connection, timing, now, owner)
    with Transaction(connection):
        jobs = made.jobs()
    if made.outages and log is not None:
        from ncp.runner.outage import report  # noqa: PLC0415  only after an outage

        report(log, made.outages)
    return jobs


def _end_orphans(connection: Connection, timing_id: str) -> None:
    """End tasks that outlived their runner; some have had their rows closed by who looked since."""
    left = [
        live
        for live in record.alive(connection)
        if live.timing_id == timing_id and live.status == RUNNING and not alive(live.owner)
    ]
    if left or record.has_orphans(connection, timing_id):
        from ncp.runner.orphaned import end_orphans  # noqa: PLC0415  only after a runner has died

        end_orphans(connection, timing_id, left)


class Claim:
    """One claim in the making, inside its transaction."""

    def __init__(
        self,
        connection: Connection,
        timing: CompiledTiming,
        now: float,
        owner: Owner,
        *,
        dry: bool = False,
    ) -> None:
        self.dry = dry
        """Whether nothing is going to start, so that jitter is not drawn."""
        self.connection, self.timing, self.now, self.owner = connection, timing, now, owner
        self.minute = int(now // 60)
        self.alive: dict[Owner, bool] = {owner: True}
        self._counted: dict[int, int] = {}
        self.outages: list[Outage] = []
        """Which tasks have missed slots before this one."""
        self.floor = max(timing.since, record.newest_slot(connection, timing.id, self.minute) or 0)

    def jobs(self) -> list[Job]:
        """Take the newest due slot, and what a dead runner left, and plan the executions."""
        executions = record.alive(self.connection)
        living = [one for one in executions if self._is_alive(one.owner)]
        left = [
            one
            for one in executions
            if one.timing_id == self.timing.id and not self._is_alive(one.owner)
        ]
        slot = self.timing.latest(self.minute, self.floor)
        ours = slot is not None and record.take_slot(
            self.connection, self.timing.id, slot, self.owner
        )
        jobs = self._inherit(left) if left else []
        if ours and slot is not None:
            adopted = {job.id for job in jobs}
            jobs += self._plan(slot, [*living, *(one for one in left if one.id in adopted)])
        record.wake(self.connection, self.timing.id, _outcome(slot, ours=ours))
        return jobs

    def _is_alive(self, owner: Owner) -> bool:
        if owner not in self.alive:
            self.alive[owner] = alive(owner)
        return self.alive[owner]

    def _inherit(self, left: list[Live]) -> list[Job]:
        """Close what a dead runner had started, never repeating it; start what it had not."""
        tasks = {task.id: task for task in compiled_tasks(self.connection, self.timing.id)}
        jobs = []
        for one in left:
            task = tasks.get(one.task_id)
            if one.status == RUNNING:
                from ncp.ledger import steps  # noqa: PLC0415  only after a runner has died

                record.end(self.connection, one.id, INTERRUPTED, reason=NO_RUNNER, cause=LOST)
                steps.interrupt(self.connection, one.id)
            elif task is None or one.slot is None or task.status != "active":
                record.end(self.connection, one.id, INTERRUPTED, reason=NEVER_BEGAN)
            elif self._too_late(task, one.slot):
                record.end(
                    self.connection, one.id, SKIPPED, reason=f"woken {self._late(one.slot)} late"
                )
            else:
                record.adopt(self.connection, one.id, self.owner)
                one.owner = self.owner
                jobs.append(Job(one.id, task, one.slot, one.attempt))
        return jobs

    def _plan(self, slot: int, living: list[Live]) -> list[Job]:
        counters = record.counters(self.connection, self.timing.id)
        forgotten = record.forgotten(self.connection, self.timing.id)
        beside: dict[str, list[Live]] = {}
        for one in living:
            beside.setdefault(one.task_id, []).append(one)
        tasks = compiled_tasks(self.connection, self.timing.id)
        names = {task.id: task.name for task in tasks}
        jobs = []
        for task in tasks:
            known = slot > forgotten.get(task.id, 0)  # else it may have run: the clock went back
            if known and eligible(task, slot, *counters.get(task.id, (0, None))):
                job = self._planned(task, slot, beside.get(task.id, []), names)
                jobs += [job] if job is not None else []
        return jobs

    def _planned(
        self, task: CompiledTask, slot: int, others: list[Live], names: Mapping[str, str]
    ) -> Job | None:
        """Add the execution of a task; return it where it is ours to start."""
        status, reason, cause, missed = self._decide(task, slot, others)
        owner = self._runner(task, others)
        if cause and record.skip_again(self.connection, task.id, slot, cause, missed + 1):
            return None
        span = self._missed(
            task, slot, missed, served=status == PLANNED or not self._too_late(task, slot)
        )
        delay = 0.0
        if status == PLANNED:
            delay = self._delay(task, slot) if owner == self.owner else 0.0
            reason = self._explained(reason, task, names, delay)
        words = (task.id, task.name, self.timing.id)
        added = record.add(
            self.connection,
            words,
            slot,
            owner,
            status=status,
            reason=reason,
            cause=cause,
            missed=missed,
            span=span,
        )
        if added and span:
            skipped = reason if status == SKIPPED else None
            self.outages.append((task, missed, span, skipped))
        if not (added and status == PLANNED and owner == self.owner):
            return None
        job = Job(added, task, slot)
        job.ready = time.monotonic() + delay if delay else 0.0
        return job

    def _delay(self, task: CompiledTask, slot: int) -> float:
        """Draw the jitter of an execution; what is late starts at once."""
        if not task.jitter or self.now - slot * 60 > LATE_SECONDS:
            return 0.0
        return task.jitter if self.dry else drawn(task.jitter)

    def _explained(
        self, reason: str | None, task: CompiledTask, names: Mapping[str, str], delay: float
    ) -> str | None:
        """Add what a planned execution waits for to the reason that it has."""
        if task.after:
            awaited = ", ".join(f"'{names.get(one, one)}'" for _, one in task.after)
            reason = "; ".join(filter(None, (reason, f"after {awaited}")))
        if delay:
            reason = "; ".join(filter(None, (reason, delayed(delay, most=self.dry))))
        return reason

    def _runner(self, task: CompiledTask, others: list[Live]) -> Owner:
        """Choose who runs it: the runner that can wait for, or replace, what is in its way."""
        if not others or not policies.waits(task.overlap):
            return self.owner
        owners = [one.owner for one in others]
        return self.owner if self.owner in owners else owners[-1]

    def _decide(
        self, task: CompiledTask, slot: int, others: list[Live]
    ) -> tuple[str, str | None, str | None, int]:
        """Choose the status of a new execution, with a reason and the number of slots missed.

        The reason is for people. A cause is there where the next slot may have the same one.
        """
        floor = max(self.floor, (task.active_since - 1) // 60)
        due = self._due(floor, slot)
        if self._too_late(task, slot):
            return SKIPPED, f"woken {self._late(slot)} late", None, due
        if not (self.timing.allows(task, slot) and self.timing.allows(task, self.minute)):
            return SKIPPED, _outside(task), _hours(task), due - 1
        waiting = [one for one in others if one.status == PLANNED and one.attempt == 1]
        if not policies.admits(
            task.overlap, running=len(others) > len(waiting), waiting=bool(waiting)
        ):
            return SKIPPED, _since(others), None, due - 1
        reasons = []
        if self.now - slot * 60 > LATE_SECONDS:
            reasons.append(f"started {self._late(slot)} late")
        if others and task.overlap in BESIDE:
            reasons.append(f"{BESIDE[task.overlap]} ({_since(others)})")
        return PLANNED, "; ".join(reasons) or None, None, due - 1

    def _missed(
        self, task: CompiledTask, slot: int, missed: int, *, served: bool
    ) -> tuple[int, int] | None:
        """Find which slots a task missed, with this one where it is not `served`.

        With active hours none: those outside of them count as missed, too.
        """
        if not missed or task.active_hours:
            return None
        from ncp.runner.outage import span  # noqa: PLC0415  only after an outage

        floor = max(self.floor, (task.active_since - 1) // 60)
        return span(self.timing, floor, slot - 1 if served else slot)

    def _due(self, floor: int, slot: int) -> int:
        """Count the slots after `floor`, once for all the tasks that share it."""
        if floor not in self._counted:
            self._counted[floor] = self.timing.count(floor, slot)
        return self._counted[floor]

    def _too_late(self, task: CompiledTask, slot: int) -> bool:
        catches_up = task.catchup or self.timing.at is not None
        return not catches_up and self.now - slot * 60 > LATE_SECONDS

    def _late(self, slot: int) -> str:
        minutes = int(self.now / 60 - slot)
        days, hours = minutes // 1440, minutes // 60 % 24
        words = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
        return " ".join(f"{number} {unit}" for number, unit in words if number)


def eligible(task: CompiledTask, slot: int, fired: int, last_slot: int | None) -> bool:
    """Tell whether a task takes part in a slot at all."""
    if task.status != "active" or slot * 60 < task.active_since:
        return False
    if task.end_at is not None and slot * 60 > task.end_at:
        return False
    if task.max_executions is not None and fired >= task.max_executions:
        return False
    return not (task.fire_once and last_slot is not None and last_slot * 60 >= task.active_since)


def _outside(task: CompiledTask) -> str:
    return f"outside its active hours ({policies.hours_said(task.active_hours)})"


def _hours(task: CompiledTask) -> str:
    """The cause of an execution that its active hours forbid; other hours are another cause."""
    return f"hours {' '.join(map(str, task.active_hours))}"


def _since(others: list[Live]) -> str:
    started = [one.started_at for one in others if one.started_at is not None]
    if not started:
        again = any(one.attempt > 1 for one in others)
        return "waiting to be tried again" if again else "already waiting to start"
    moment = time.localtime(started[0] // 1000)
    return f"still running since {time.strftime('%Y-%m-%d %H:%M:%S', moment)}"


def _outcome(slot: int | None, *, ours: bool) -> str:
    if slot is None:
        return "nothing due"
    return "fired" if ours else "claimed by another runner"
