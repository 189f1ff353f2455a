"""Expressions, phrases and whole schedules to artifacts, for any target on any machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from ncp import compiler, targets
from ncp.api import making, views
from ncp.applying import changing, installing
from ncp.cron import naming, wording
from ncp.errors import NcpError
from ncp.model import Timing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.applying.site import Site
    from ncp.model import Artifact, Command, Host, Proof, Schedule

DRIVE = "C:"
YEARS_IN_CYCLE = 400
TARGETS = targets.NAMES
"""What can be compiled for."""


def host_for(name: str, host: Host) -> Host:
    """Make up the machine that a target needs: this one, or its like on the target's system.

    User, zone and clock stay; folders stay too, written as that system writes them.
    """
    listing = targets.listing(name)
    tools, systems = frozenset(listing.tools), listing.systems or (host.system,)
    if host.system in systems:
        return replace(host, tools=host.tools | tools)
    made = replace(host, system=systems[0], tools=tools, processes=frozenset())
    if (host.system == "windows") == (made.system == "windows"):
        return made
    written = _windows if made.system == "windows" else _posix
    return replace(
        made,
        user_home=written(host.user_home),
        config_home=written(host.config_home),
        home=written(host.home),
    )


def _windows(path: str) -> str:
    return DRIVE + path.replace("/", "\\")


def _posix(path: str) -> str:
    pure = PureWindowsPath(path)
    return pure.as_posix().removeprefix(pure.drive)


def timing(site: Site, text: str, zone: str | None) -> tuple[Timing, tuple[str, ...]]:
    """Read a schedule (cron, ISO instant or words) into a timing without tasks, with notes.

    `zone` is an IANA name, None for the machine's own.
    """
    zone = making.zone_meant(site, text, zone)
    recurrence, notes = making.recurrence(site, text, zone)
    zone, machine_zone = making.zone(zone), site.host.zone
    made = Timing(
        id=naming.timing_id(recurrence, zone, machine_zone=machine_zone),
        name=wording.timing_name(recurrence, zone, machine_zone=machine_zone),
        recurrence=recurrence,
        zone=zone,
    )
    return made, notes


@dataclass(frozen=True, slots=True)
class Compiled:
    """The artifacts of a schedule for one target, and what was assumed."""

    target: str
    artifacts: tuple[Artifact, ...]
    notes: tuple[str, ...] = ()


def compile(  # noqa: A001  what it is called everywhere else
    site: Site, text: str | None, *, target: str | None, zone: str | None
) -> Compiled:
    """Compile a schedule, None: the timings of the home that have an active task."""
    name = chosen(site, target)
    if text is None:
        return Compiled(name, tuple(artifacts(site.document.schedule, name, site.host)))
    made, notes = timing(site, text, zone)
    return Compiled(name, (artifact(made, name, site.host),), notes)


def chosen(site: Site, target: str | None) -> str:
    """Take the target that is asked for, else that of the home."""
    return target or changing.choice(site).name


def artifact(made: Timing, name: str, host: Host) -> Artifact:
    """Compile one timing for a target, whatever machine this is."""
    return compiler.compile_timing(made, name, host_for(name, host))


def artifacts(schedule: Schedule, name: str, host: Host) -> list[Artifact]:
    """Compile the timings of a schedule that have an active task."""
    return installing.artifacts(schedule, name, host_for(name, host))


def batch(
    site: Site, lines: Iterable[str], zone: str | None, name: str
) -> Iterator[dict[str, Any]]:
    """Compile one schedule per line, and yield one object per line, in order.

    `cron` is the line as given, also in the `{"cron", "error"}` of a refused
    one: an empty line is one. No two recurrences share a `timingId`.
    """
    host, taken, zone = host_for(name, site.host), dict[str, str](), making.zone(zone)
    for line in lines:
        try:
            made = _alone(timing(site, line, zone)[0], taken)
            found = compiler.compile_timing(made, name, host)
        except NcpError as error:
            yield {"cron": line, "error": str(error)}
        else:
            yield {**tree(found), "cron": line}


def _alone(made: Timing, taken: dict[str, str]) -> Timing:
    """Give a timing an id that no other recurrence of the batch has."""
    identity = naming.identity(made.recurrence, made.zone)
    made = replace(made, id=naming.unique_id(made.id, identity, taken))
    taken[made.id] = identity
    return made


def title(name: str) -> str:
    """What a target is called in words."""
    return targets.listing(name).title


def tree(found: Artifact) -> dict[str, Any]:
    """Lay out one artifact as the JSON of `ncp compile`; a one-off has `at` beside `cron`."""
    recurrence = found.timing.recurrence
    once = {} if recurrence.at is None else {"at": recurrence.text}
    return {
        "target": found.target,
        "timingId": found.timing.id,
        "cron": recurrence.cron or None,
        **views.interval(recurrence),
        **once,
        "timezone": found.timing.zone,
        "exactness": found.exactness,
        "extraPerDay": found.extra_per_day,
        "proof": _proof(found.proof),
        "files": [{"path": file.path, "text": file.text} for file in found.files],
        "load": [_command(command) for command in found.load],
        "unload": [_command(command) for command in found.unload],
    }


def _proof(found: Proof | None) -> dict[str, Any] | None:
    """Minutes a year are means over the 400-year calendar."""
    if found is None:
        return None
    return {
        "dueMinutesPerYear": round(found.due / YEARS_IN_CYCLE, 2),
        "wakeMinutesPerYear": round(found.wakes / YEARS_IN_CYCLE, 2),
        "missed": found.missed,
        "extraPerDay": found.extra_per_day,
        "lateMinutesAtClockChanges": found.late,
    }


def _command(command: Command) -> dict[str, Any]:
    return {"argv": list(command.argv), "stdin": command.stdin}
