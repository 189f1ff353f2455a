"""New tasks and the timings they join."""

from __future__ import annotations

import os
import re
import shlex
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp import environment, grouping, masking
from ncp.api import views
from ncp.cron import zones
from ncp.cron.when import understand, zone_said
from ncp.errors import InputError
from ncp.host import zone_doubt
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncp import model
    from ncp.applying.site import Site
    from ncp.model import Recurrence, Timing

LONGEST_NAME = 60
NUMBERED = re.compile(r" \(\d+\)$")
ENDS = frozenset({"fire_once", "max_executions", "end_date"})
"""What may have completed a task."""
NO_COMMAND: dict[str, Any] = {"command": (), "shell": False}
NO_TOOL: dict[str, Any] = {"tool": None, "parameters": {}}


def zone(name: str | None) -> str | None:
    """Check a zone as given: None for the machine's own (also written "local")."""
    return None if name in {None, "local"} else zones.zone(str(name)).key


def zone_meant(site: Site, schedule: str, timezone: str | None) -> str | None:
    """Find the zone of a schedule: the one in its words ("9am UTC"), else the one beside it."""
    said = zone_said(schedule, now=site.host.now)
    if said is not None and zone(timezone) not in {None, said}:
        raise InputError(
            f"It names the zone {said}, and {timezone} is given beside it.",
            where=f'"{schedule}"',
            next_step="Leave one of the two out.",
        )
    return said or timezone


def recurrence(
    site: Site, schedule: str, timezone: str | None
) -> tuple[Recurrence, tuple[str, ...]]:
    """Read a schedule that is still to come, with notes on what was assumed."""
    found, notes = understand(schedule, now=site.host.now, zone=zone(timezone) or site.host.zone)
    if found.at is not None and found.at <= site.host.now:
        raise InputError(
            f"{found.text} is past.",
            where=f'"{schedule}"',
            next_step='Write an instant that is still to come, or "in 10 minutes".',
        )
    return found, notes


def doubts(site: Site, found: Recurrence, timezone: str | None) -> tuple[str, ...]:
    """Say where the machine's own zone may be another one for whoever fires."""
    if found.at is not None or zone(timezone) is not None:
        return ()
    return tuple(filter(None, (zone_doubt(site.host.zone),)))


def timing(site: Site, schedule: model.Schedule, found: Recurrence, timezone: str | None) -> Timing:
    """Find or make the timing of a recurrence in a schedule."""
    return grouping.timing_for(
        schedule,
        found,
        zone(timezone),
        created_at=now(),
        machine_zone=site.host.zone,
    )


def task(site: Site, command: Sequence[str], name: str | None, options: Mapping[str, Any]) -> Task:
    """Make a task with this process's folder and environment, which it will run in."""
    made = now()
    defaults = {
        "timeout_seconds": site.settings.default_timeout_seconds,
        "working_directory": str(Path.cwd()),
        "captured_environment": environment.capture(os.environ, site.settings.capture_environment),
        "umask": environment.umask(),
        "catchup_missed": True,
        "created_at": made,
        "active_since": made,
    }
    found = Task(
        id=str(uuid.uuid4()),
        name=name or "",
        timing_id="",
        command=tuple(command),
        **{**defaults, **options},
    )
    return replace(found, name=_name(found)) if name is None else found


class NameTakenError(InputError):
    """A new task would get the name of another one."""

    def __init__(self, taken: Task, where: str) -> None:
        self.taken = taken
        super().__init__(
            f'A task is called "{taken.name}" already: {taken.id} in timing {taken.timing_id}.',
            where=where,
            next_step=f"To change it: ncp schedule update {taken.id}; to make another:"
            " give it another --name, or add --allow-duplicate-name.",
        )


def require_free(name: str, schedule: model.Schedule, where: str) -> None:
    """Refuse a name that a task has: a name is what people know a task by."""
    for one in schedule.tasks.values():
        if one.name == name:
            raise NameTakenError(one, where)


def named_apart(found: Task, schedule: model.Schedule) -> Task:
    """Give a task that has no name of its own another one than all others have."""
    taken = {one.name for one in schedule.tasks.values()}
    names = (f"{found.name} ({number})" for number in count(2))
    free = (name for name in (found.name, *islice(names, len(taken))) if name not in taken)
    return replace(found, name=next(free))


def require_work(command: Sequence[str], options: Mapping[str, Any]) -> None:
    """Refuse a new task that has nothing to run."""
    if not (command or options.get("tool") or options.get("steps")):
        raise InputError(
            "A task needs a command.",
            where="command",
            next_step='Write: ncp schedule create "every day at 9am" -- /usr/bin/true',
        )


def require_one_text(found: Task) -> None:
    """Refuse words for a shell, which would run the first and take the rest for its arguments."""
    if found.shell and len(found.command) > 1:
        raise InputError(
            "A shell takes one text, not words.",
            where="--shell",
            next_step=f"Write: --shell -- {shlex.quote(' '.join(found.command))}",
        )


def changed(before: Task, changes: Mapping[str, Any], *, moved: bool) -> Task:
    """Change fields of a task, which starts anew where it moves to another timing.

    So does a completed one that gets another end, and both are active then. A
    name that was made from the command follows it.
    """
    found = replace(before, **_instead(changes), **changes)
    if "name" not in changes and NUMBERED.sub("", before.name) == _name(before):
        found = replace(found, name=_name(found))
    revived = before.status == "completed" and (moved or not ENDS.isdisjoint(changes))
    if revived:
        found = replace(found, status="active")
    return replace(found, active_since=now()) if moved or revived else found


def paused(found: Task, *, with_all: bool) -> Task | None:
    """Pause a task, alone or with all others; None where that changes nothing.

    One that all others were paused with is then paused by itself, when it is named.
    """
    marked = found.status == "paused" and found.paused_with_all and not with_all
    if found.status != "active" and not marked:
        return None
    return replace(found, status="paused", paused_with_all=with_all)


def resumed(found: Task, timing: Timing, *, with_all: bool) -> Task | None:
    """Resume a task that is named, or of all those that a pause of all found active; else None."""
    if with_all:
        wanted = found.status == "paused" and found.paused_with_all
    else:
        wanted = found.status in {"paused", "error"}
    return _active(found, timing) if wanted else None


def _active(found: Task, timing: Timing) -> Task:
    """Make a task active from now on; its trouble is over."""
    if found.original is not None or timing.recurrence.never:
        raise InputError(
            f'"{found.name}" cannot be resumed: {found.error_message or "its timing never comes"}.',
            where=f'tasks["{found.id}"]',
            next_step=f"Mend it: ncp schedule update {found.id} --schedule '0 9 * * *'",
        )
    return replace(
        found, status="active", active_since=now(), error_message=None, paused_with_all=False
    )


def _instead(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a new command, steps or tool take the place of, unless that is given too."""
    others: dict[str, Any] = {}
    if changes.get("command"):
        others = {"steps": (), **NO_TOOL}
    if changes.get("steps"):
        others = {**NO_COMMAND, **NO_TOOL}
    if changes.get("tool"):
        others = {"steps": (), **NO_COMMAND, "stdin": None}
    return {name: value for name, value in others.items() if name not in changes}


def now() -> str:
    """The present instant as the document carries it."""
    return views.iso(datetime.now(UTC))


def _name(found: Task) -> str:
    words = [
        masking.line(step.command[0]) if step.shell else _joined(step.command)
        for step in found.steps
    ]
    said = " && ".join(words) if words else _joined(found.command)
    text = found.tool or " ".join(said.split())
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def _joined(command: Sequence[str]) -> str:
    """A command as a shell would read it, what looks like a secret masked."""
    return shlex.join(masking.arguments(command))
