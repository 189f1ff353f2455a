"""The compiled copy: what the fire path reads instead of schedule.json and the zone database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncp import environment, masking, policies
from ncp.cron import intervals, naming, zones
from ncp.cron.masks import encode
from ncp.fields import TASK
from ncp.fields.values import instant, step_names
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.steps import ON_FAILURE, ON_SUCCESS, Step, encoded
from ncp.secrets import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import ActiveHours, Hook, Host, Limits, Retries, Schedule, Stage, Task, Timing

HOOK_SECONDS = 60
"""How long a hook may take."""
MOST_SAID = 400
"""How much of a program's arguments the daily log shows."""
COPIED = {row.column: row.name for row in TASK if row.column}
"""What a column holds unless another value is made for it."""
YEARS = 11
"""How many years of offsets a copy holds, beside the year before."""


def timings(schedule: Schedule, host: Host) -> list[CompiledTiming]:
    """Compile the timings: bit masks, and the offsets of their zones for ten years and more."""
    return [_timing(timing, host) for timing in schedule.timings.values()]


def tasks(schedule: Schedule, host: Host) -> Iterator[CompiledTask]:
    """Compile the tasks in the order of the document, each with its position in its timing."""
    places = {
        task_id: (timing, position)
        for timing in schedule.timings.values()
        for position, task_id in enumerate(timing.task_ids)
    }
    for found in schedule.tasks.values():
        timing, position = places[found.id]
        yield task(found, timing, host, position)


def _timing(timing: Timing, host: Host) -> CompiledTiming:
    recurrence = timing.recurrence
    start = datetime(host.now.year - 1, 1, 1, tzinfo=UTC)
    end = start.replace(year=start.year + YEARS + 1)
    return CompiledTiming(
        id=timing.id,
        identity=naming.identity(recurrence, timing.zone),
        at=None if recurrence.at is None else zones.minutes(recurrence.at),
        rules=encode(recurrence.rules),
        every=intervals.compiled(recurrence.every),
        offsets=zones.transitions(timing.zone or host.zone, start, end),
    )


def task(found: Task, timing: Timing, host: Host, position: int = 0) -> CompiledTask:
    """Compile one task; a one-off is always caught up."""
    plain = found.env_file is None and not any(map(is_reference, found.environment.values()))
    made: dict[str, Any] = {
        "position": position,
        "name": _text(found.name),
        "argv": argv(found),
        "env": environment.of_task(found if plain else replace(found, environment={}), host),
        "own": {} if plain else found.environment,
        "stdin": None if found.stdin is None else found.stdin.encode("utf-8", "surrogateescape"),
        "cwd": found.working_directory or host.user_home,
        "direct": found.tool is None and plain,
        "active_since": _seconds(found.active_since) or 0,
        "end_at": _seconds(found.end_date),
        "fire_once": found.fire_once or timing.recurrence.at is not None,
        "catchup": found.catchup_missed or timing.recurrence.at is not None,
        "retries": _retries(found.retries),
        "steps": encoded(steps(found)),
        "on_failure": _hook(ON_FAILURE, found.on_failure),
        "on_success": _hook(ON_SUCCESS, found.on_success),
        "priority": policies.PRIORITIES.index(found.priority),
        # The one slot of a one-off is there because somebody wants it.
        "active_hours": () if timing.recurrence.at else hours(found.active_hours),
        "limits": _limits(found.limits),
        "nice": None if found.limits is None else found.limits.nice,
        "umask": int(found.umask, 8),
        "after": tuple((one.outcome, one.task) for one in found.after),
        "tool": _text(found.tool or ""),
        "parameters": json.dumps(found.parameters) if found.tool else "",
        "said": _said(found) if plain else "",
    }
    copied = {column: getattr(found, name) for column, name in COPIED.items() if column not in made}
    return CompiledTask(**copied, **made)


def _text(value: str) -> str:
    # The ledger holds text: half a character of another encoding becomes an escape there.
    return value.encode("utf-8", "backslashreplace").decode()


def _said(found: Task) -> str:
    """Write a program's arguments for the daily log, secrets masked; not the script of a shell."""
    words = [] if found.shell else [*masking.argv(found.command)[1:]]
    text = _text(str(words))
    if not words or found.command[1] == "-c":
        return ""
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"


def argv(found: Task | Stage | Hook) -> tuple[str, ...]:
    """What is executed: the command, or a shell with the command's one text."""
    return ("/bin/sh", "-c", *found.command) if found.shell else found.command


def steps(found: Task) -> list[Step]:
    """What its steps execute, one after the other."""
    names = step_names(found.steps)
    return [
        Step(name, step.timeout_seconds, argv(step))
        for name, step in zip(names, found.steps, strict=True)
    ]


def _hook(name: str, found: Hook | None) -> bytes:
    return b"" if found is None else encoded([Step(name, HOOK_SECONDS, argv(found))])


def hours(found: ActiveHours | None) -> tuple[int, ...]:
    """Write active hours as the numbers that `policies.within` takes."""
    if found is None:
        return ()
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in (found.start, found.end))
    bits = {name: 1 << number % 7 for number, name in enumerate(policies.WEEKDAYS, 1)}
    return start, end, sum(bits[name] for name in set(found.days or policies.WEEKDAYS))


def _retries(found: Retries | None) -> tuple[int, ...]:
    if found is None:
        return ()
    delays = (round(1000 * seconds) for seconds in (found.delay_seconds, found.max_delay_seconds))
    return (found.attempts, *delays, round(100 * found.backoff), policies.CAUSES[found.on])


def _limits(found: Limits | None) -> tuple[int, ...]:
    if found is None:
        return ()
    numbers = found.memory_mb or 0, found.cpu_seconds or 0, found.open_files or 0
    return numbers if any(numbers) else ()


def _seconds(text: str | None) -> int | None:
    return None if text is None else int(instant(text).timestamp())
