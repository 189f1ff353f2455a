"""One firing from end to end, and running tasks by hand."""

from __future__ import annotations

import os
import time
from _sqlite3 import DatabaseError, ProgrammingError

from ncp.daylog import Daylog, say
from ncp.errors import BAD_INPUT, DONE, INTERRUPTED, NOT_FOUND, TASK_FAILED, NcpError
from ncp.ledger import record
from ncp.ledger.compiled import compiled_task, compiled_timing, get_meta
from ncp.ledger.schema import FILE, Transaction, connect, told
from ncp.process import Apart, launcher, me, run
from ncp.runner.claiming import claim
from ncp.runner.freshness import refresh, untrusted
from ncp.runner.group import Group
from ncp.runner.handover import LOOK_SECONDS, Handover
from ncp.runner.job import Context, Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Sequence

    from ncp.ledger.compiled import CompiledTask, CompiledTiming
    from ncp.owners import Owner
    from ncp.runner.missing import Missed
    from ncp.runner.output import Echo

EARLY_SECONDS = 2
MISSED = "--missed"
"""In the place of a timing's id: all timings that have missed a slot."""
_KEPT: list[object] = []
"""Keeps a ledger from being closed: that is a checkpoint, which another firing may do as well."""

LONGEST_NAP = 30
"""A changed clock is noticed within this many seconds."""


def run_timing(home: str, timing_id: str, *, leaving: bool = False) -> int:
    """Run what is due of a timing, and its later slots while tasks run; return an exit code.

    With MISSED for its id, start a firing of each timing that has missed a slot.
    0 all fine or nothing due, 1 a task failed, 3 no such timing, 130 stopped.
    With `leaving` the process ends afterwards, so that nothing needs closing.
    """
    if timing_id == MISSED:
        from ncp.runner.waking import wake_all  # noqa: PLC0415  once after a start of the machine

        return _logged(home, lambda context: wake_all(context.connection, home, context.log))
    return _logged(home, lambda context: _fire(context, timing_id), leaving=leaving)


def run_now(home: str, task_ids: Sequence[str], echo: Echo | None) -> int:
    """Run tasks at once, whatever their timing says; what they print also goes to `echo`.

    No slot is claimed and nothing counts against a task's limits. The exit code
    is that of `run_timing`. Leaves the working directory as it was.
    """
    with Apart():
        return _logged(home, lambda context: _run_tasks(context, task_ids), echo)


def run_missed(home: str, found: list[Missed], echo: Echo | None, ran: list[str]) -> int:
    """Run the slots that tasks have missed, oldest first; adds the ids of executions to `ran`."""
    from ncp.runner.missing import make_up  # noqa: PLC0415  no firing needs it

    def run_all(context: Context) -> int:
        def run_jobs(jobs: list[Job]) -> int:
            ran.extend(job.id for job in jobs)
            return _run_jobs(context, jobs)

        return make_up(context.connection, found, run_jobs)

    with Apart():
        return _logged(home, run_all, echo)


def _logged(
    home: str,
    deed: Callable[[Context], int],
    echo: Echo | None = None,
    *,
    leaving: bool = False,
) -> int:
    if words := untrusted(home):  # not logged: the log is theirs as well
        say(f"{words}\n".encode("utf-8", "backslashreplace"))
        return BAD_INPUT
    log, connection = Daylog(home), None
    try:
        connection = connect(home)
        return deed(Context(connection, home, log, echo))
    except Exception as error:  # noqa: BLE001  nobody is there to see a traceback
        log.alarm(_said(error, home))
        return TASK_FAILED
    finally:
        log.flush()
        if connection is not None and not leaving:
            connection.close()
        elif leaving:
            _KEPT.append(connection)


def _said(error: Exception, home: str) -> str:
    """Say why nothing runs: something to mend, or a defect."""
    if isinstance(error, DatabaseError) and not isinstance(error, ProgrammingError):
        error = told(error, f"{home}/{FILE}")
    if isinstance(error, NcpError):
        return f"Nothing could be run or recorded: {error}"
    return f"ncp itself failed: {_one_line(error)}"


def _one_line(error: BaseException) -> str:
    """Write a traceback in one line, without the modules that write them in several."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__}: {error} ({' < '.join(reversed(places))})"


def _fire(context: Context, timing_id: str) -> int:
    connection, home, log = context.connection, context.home, context.log
    refresh(connection, home, log)
    timing = compiled_timing(connection, timing_id)
    if timing is None:  # rows of the copy can be lost, too
        refresh(connection, home, log, lacking=timing_id)
        timing = compiled_timing(connection, timing_id)
    if timing is None:
        log.alarm(f"There is no timing {timing_id}; `ncp schedule sync` removes its entry.")
        return NOT_FOUND
    _await_slot(timing)
    if record.ahead(connection, timing_id, int(time.time())):
        from ncp.runner.ahead import set_right  # noqa: PLC0415  only after a clock was ahead

        timing = set_right(connection, home, timing, log)
    owner = me()
    jobs = claim(connection, timing, time.time(), owner, log)
    code = _serve(context, timing, owner, jobs) if jobs else DONE
    if code != INTERRUPTED and record.reached_end(connection, timing_id, int(time.time())):
        settled, text = run(launcher(home, "_settle"), os.environ)
        if settled != DONE:
            log.alarm(f"Finished tasks could not be put away: {text.strip()}")
    if jobs and code != INTERRUPTED:
        _clean(context, timing_id)
    return code


def _clean(context: Context, timing_id: str) -> None:
    if record.cleaned_lately(context.connection, timing_id):
        return
    from ncp.runner.cleaning import clean_after_firing  # noqa: PLC0415  once an hour

    try:
        clean_after_firing(context.connection, context.home, timing_id)
    except Exception as error:  # noqa: BLE001  what ran is recorded: this must not look like failure
        context.log.alarm(f"Old executions could not be removed: {_one_line(error)}")


def _await_slot(timing: CompiledTiming) -> None:
    """Sleep until the slot where the scheduler was early: their clocks tick differently."""
    slot = timing.following(int(time.time() // 60))
    while slot is not None and 0 < slot * 60 - time.time() <= EARLY_SECONDS:
        time.sleep(min(EARLY_SECONDS, max(0.001, slot * 60 - time.time())))


def _serve(
    context: Context,
    timing: CompiledTiming,
    owner: Owner,
    jobs: list[Job],
) -> int:
    """Run jobs, and the timing's later slots for as long as any of them runs."""
    connection, log = context.connection, context.log
    group = _group(context)
    group.add(jobs)
    current: CompiledTiming | None = timing
    try:
        checked = time.time()
        handover = Handover(connection, owner, group)
        due = _next_due(current, checked)
        while group.busy:
            group.turn(min(LONGEST_NAP, due - time.time()))
            now = time.time()
            try:
                if now >= due and not group.stopped and group.busy:
                    refresh(connection, context.home, log)
                    current = compiled_timing(connection, timing.id)
                    if current is not None:
                        group.add(claim(connection, current, now, owner, log))
                handover.look(at_once=now >= due)
                if now >= due or now < checked:  # the slot has come, or the clock went back
                    due = _next_due(current, now)
            except DatabaseError as error:
                group.put_off(error)
                due = max(due, now + LOOK_SECONDS)  # what could not be claimed is still due then
            checked = now
    except BaseException:
        group.abandon()
        raise
    return _close(group)


def _next_due(timing: CompiledTiming | None, now: float) -> float:
    slot = None if timing is None else timing.following(int(now // 60))
    return float("inf") if slot is None else slot * 60


def _close(group: Group) -> int:
    group.close()
    if group.stopped:
        return INTERRUPTED
    return TASK_FAILED if group.failed else DONE


def _group(context: Context) -> Group:
    connection = context.connection
    group = Group(context, most=_most_at_once(connection))
    if most := int(get_meta(connection, "home_concurrency") or 0):
        from ncp.runner.places import Places  # noqa: PLC0415  few homes have a cap

        group.places = Places(connection, context.log, most)
    return group


def _most_at_once(connection: Connection) -> int:
    return int(get_meta(connection, "concurrency") or 0) or 2 * (os.cpu_count() or 1)


def _run_tasks(context: Context, task_ids: Sequence[str]) -> int:
    connection = context.connection
    tasks = [
        task for task in (compiled_task(connection, name) for name in task_ids) if task is not None
    ]
    if len(tasks) < len(task_ids):
        missing = {*task_ids} - {task.id for task in tasks}
        context.log.alarm(f"There is no task {', '.join(sorted(missing))}.")
        return NOT_FOUND
    return _run_jobs(context, _by_hand(connection, tasks, me()))


def _run_jobs(context: Context, jobs: list[Job]) -> int:
    group = _group(context)
    group.add(jobs)
    handover = Handover(context.connection, me(), group)
    try:
        while group.busy:
            group.turn(LOOK_SECONDS)
            try:
                handover.look()
            except DatabaseError as error:
                group.put_off(error)
    except BaseException:
        group.abandon()
        raise
    return _close(group)


def _by_hand(connection: Connection, tasks: Sequence[CompiledTask], owner: Owner) -> list[Job]:
    """Plan tasks for no slot, so that nothing keeps them from running."""
    with Transaction(connection):
        return [
            Job(
                record.add(connection, (task.id, task.name, task.timing_id), None, owner),
                task,
                None,
            )
            for task in tasks
        ]
