"""The compiled copy: what the fire path reads instead of schedule.json and the zone database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ncp import environment, guard
from ncp.cron import zones
from ncp.document.shape import instant
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Host, Schedule, Timing

YEARS = 11
"""How many years of offsets a copy holds, beside the year before."""
NUL = "\0"

TimingRow = tuple[str, int | None, str, str, str]
TaskRow = tuple[
    str,
    str,
    int,
    str,
    str,
    str,
    str,
    str | None,
    int,
    float,
    float,
    int,
    int | None,
    int | None,
    int,
    int,
]


def timing_rows(schedule: Schedule, host: Host) -> list[TimingRow]:
    """Lay out the timings: (id, at, rules, offsets, identity)."""
    return [_timing_row(timing, host) for timing in schedule.timings.values()]


def task_rows(schedule: Schedule, host: Host) -> list[TaskRow]:
    """Lay out the tasks.

    (id, timing id, position, name, status, argv, environment, folder, direct,
    timeout, grace, active since, end, most executions, fire once, catch up);
    instants are epoch seconds, lists are joined with NUL.
    """
    return list(_task_rows(schedule, host))


def _timing_row(timing: Timing, host: Host) -> TimingRow:
    recurrence = timing.recurrence
    at = None if recurrence.at is None else zones.minutes(recurrence.at)
    start = datetime(host.now.year - 1, 1, 1, tzinfo=UTC)
    offsets = zones.transitions(
        timing.zone or host.zone, start, start.replace(year=start.year + YEARS + 1)
    )
    identity = f"{recurrence.text}|{timing.zone or 'local'}"
    return (
        timing.id,
        at,
        guard.dumps(guard.encode(recurrence.rules)),
        guard.dumps(offsets),
        identity,
    )


def _task_rows(schedule: Schedule, host: Host) -> Iterator[TaskRow]:
    for timing in schedule.timings.values():
        for position, task_id in enumerate(timing.task_ids):
            yield _task_row(schedule.tasks[task_id], timing, position, host)


def _task_row(task: Task, timing: Timing, position: int, host: Host) -> TaskRow:
    env = environment.of_task(task, host)
    return (
        task.id,
        task.timing_id,
        position,
        task.name,
        task.status,
        NUL.join(argv(task)),
        NUL.join(f"{name}={value}" for name, value in env.items()),
        task.working_directory or host.user_home,
        int(task.tool is None),
        task.timeout_seconds,
        task.kill_grace_seconds,
        _seconds(task.active_since) or 0,
        _seconds(task.end_date),
        task.max_executions,
        int(task.fire_once),
        int(task.catchup_missed or timing.recurrence.at is not None),
    )


def argv(task: Task) -> tuple[str, ...]:
    """What is executed: the command, or a shell with the command's one text."""
    return ("/bin/sh", "-c", *task.command) if task.shell else task.command


def _seconds(text: str | None) -> int | None:
    return None if text is None else int(instant(text).timestamp())
