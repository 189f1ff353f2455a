"""What was missed: due slots for which a task never started, and running them by hand.

Claims stay the business of firings. What keeps a slot from running twice is its
one first execution, whoever adds it.
"""

from __future__ import annotations

import time

from ncp import policies
from ncp.errors import DONE
from ncp.guard import MOST
from ncp.ledger import endings, record, taken
from ncp.ledger.compiled import compiled_task, compiled_timing
from ncp.ledger.record import FAILURE, INTERRUPTED, SKIPPED, SUCCESS, TIMEOUT
from ncp.ledger.schema import Transaction
from ncp.process import alive, me
from ncp.runner.claiming import eligible
from ncp.runner.job import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Iterable

    from ncp.ledger.compiled import CompiledTask, CompiledTiming

FINAL = {SUCCESS, FAILURE, TIMEOUT, INTERRUPTED}
REASON = "caught up by hand"


class Missed:
    """The slots that one task has missed (UTC minutes, oldest first), and how many more.

    `held` counts those in which it would wait for a task that does not run in them.
    """

    __slots__ = ("held", "left_out", "slots", "task")

    def __init__(self, task: CompiledTask, slots: list[int], left_out: int) -> None:
        self.task, self.slots, self.left_out = task, slots, left_out
        self.held = 0


def missed(connection: Connection, task_ids: Iterable[str], *, most: int | None) -> list[Missed]:
    """Find what tasks missed since they are active, as far as the record reaches.

    With `most` None the newest slot, where nothing started for it or after it;
    else up to `most` slots for which nothing started, the newest ones.
    """
    minute = int(time.time() // 60) - 1  # the scheduler may be about to serve this one
    tasks = [task for one in task_ids if (task := compiled_task(connection, one)) is not None]
    found = (_of_task(connection, task, minute, most) for task in tasks if task.status == "active")
    known = [one for one in found if one is not None and one.slots]
    if any(one.task.after for one in known):
        _hold(connection, known)
    return known


def _hold(connection: Connection, found: list[Missed]) -> None:
    """Leave out the slots in which nothing can become of what a task waits for."""
    for slot in {slot for one in found for slot in one.slots}:
        going = [one.task for one in found if slot in one.slots]
        free = _in_order(connection, slot, going)
        for one in found:
            if one.task in going and one.task not in free:
                one.slots.remove(slot)
                one.held += 1


def _in_order(connection: Connection, slot: int, tasks: list[CompiledTask]) -> list[CompiledTask]:
    """Keep the tasks for which what they wait for has run, or is among them.

    The others would only be skipped, and with that be done with the slot for good.
    """
    going = {task.id for task in tasks}
    free = [task for task in tasks if not _is_barred(connection, task, slot, going)]
    return free if len(free) == len(tasks) else _in_order(connection, slot, free)


def _is_barred(connection: Connection, task: CompiledTask, slot: int, going: set[str]) -> bool:
    for wanted, awaited in task.after:
        status = endings.newest(connection, awaited, slot).status
        idle = status in {None, SKIPPED} and awaited not in going
        if idle and not policies.satisfied(wanted, status):
            return True
    return False


def _of_task(
    connection: Connection, task: CompiledTask, minute: int, most: int | None
) -> Missed | None:
    timing = compiled_timing(connection, task.timing_id)
    if timing is None:
        return None
    floor = max(timing.since, (task.active_since - 1) // 60, taken.forgotten(connection, task.id))
    if task.end_at is not None:
        minute = min(minute, task.end_at // 60)
    started = taken.started(connection, task.id, floor)
    if task.after:
        started |= {
            one
            for one in taken.skipped(connection, task.id, floor)
            if _refused(connection, task, one)
        }
    everything = most is not None
    if most is None:
        floor, most = max({floor, *started}), 1
    counts = record.counters(connection, timing.id).get(task.id, (0, None))
    room = most if task.max_executions is None else min(most, task.max_executions - counts[0])
    if room <= 0:
        return None
    # How many lie within active hours is not known before each has been looked at.
    enough = MOST if task.active_hours and everything else room
    found = _slots(timing, task, (floor, minute), started, enough)
    slots = [slot for slot in found if eligible(task, slot, *counts)]
    left_out = 0
    if task.active_hours:
        slots, left_out = slots[-room:], len(slots[:-room])
    elif slots and everything:
        older = sum(slot < slots[0] for slot in started)
        left_out = timing.count(floor, slots[0] - 1) - older
    return Missed(task, slots, left_out)


def _refused(connection: Connection, task: CompiledTask, slot: int) -> bool:
    """Tell whether what it waits for has come to something else, which stays so."""
    for wanted, awaited in task.after:
        status = endings.newest(connection, awaited, slot).status
        if status in FINAL and not policies.satisfied(wanted, status):
            return True
        other = (
            compiled_task(connection, awaited) if status == SKIPPED and wanted != "any" else None
        )
        if other is not None and _refused(connection, other, slot):
            return True
    return False


def _slots(
    timing: CompiledTiming,
    task: CompiledTask,
    span: tuple[int, int],
    started: set[int],
    most: int,
) -> list[int]:
    """List the newest free slots of a span; what lies outside active hours was not missed."""
    floor, minute = span
    slots: list[int] = []
    slot = timing.latest(minute, floor)
    while slot is not None and len(slots) < most:
        if slot not in started and timing.allows(task, slot):
            slots.append(slot)
        slot = timing.latest(slot - 1, floor)
    return slots[::-1]


def make_up(connection: Connection, found: list[Missed], run: Callable[[list[Job]], int]) -> int:
    """Run missed slots, oldest first, one after the other; return the worst exit code.

    `run` runs jobs to their end and returns an exit code; what is interrupted
    stops the rest, which then is still missed.
    """
    worst = DONE
    for slot in sorted({slot for one in found for slot in one.slots}):
        jobs = _plan(connection, slot, [one.task for one in found if slot in one.slots])
        code = run(jobs) if jobs else DONE
        worst = max(worst, code)
        if code > 1:
            break
    return worst


def _plan(connection: Connection, slot: int, tasks: list[CompiledTask]) -> list[Job]:
    """Plan a slot for those tasks that are free, may start now, and have not meanwhile."""
    owner, jobs = me(), []
    with Transaction(connection):
        busy = {one.task_id for one in record.alive(connection) if alive(one.owner)}
        able = [
            task for task in tasks if task.id not in busy and _may_start(connection, task, slot)
        ]
        for task in _in_order(connection, slot, able):
            record.withdraw_skipped(connection, task.id, slot)
            words = (task.id, task.name, task.timing_id)
            if added := record.add(connection, words, slot, owner, reason=REASON):
                jobs.append(Job(added, task, slot))
    return jobs


def _may_start(connection: Connection, task: CompiledTask, slot: int) -> bool:
    """Look again; outside its active hours a task goes on having missed it: they come again."""
    counts = record.counters(connection, task.timing_id).get(task.id, (0, None))
    timing = compiled_timing(connection, task.timing_id)
    inside = timing is not None and timing.allows(task, int(time.time() // 60))
    return inside and eligible(task, slot, *counts)
