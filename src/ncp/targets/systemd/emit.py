"""A timing to a systemd user timer, and the one service that all timers share."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ncp.cron import zones
from ncp.model import Artifact, Command, Entry, File
from ncp.rendering import render
from ncp.targets import changes
from ncp.targets.contract import header
from ncp.targets.systemd import calendar, names, seasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Host, Timing

STOP_TIMEOUT = "15min"
"""Above any sensible kill grace: the runner ends its own tasks, this only ends the runner."""
USER = ("systemctl", "--user")
UTC = "UTC"


def emit(timing: Timing, host: Host) -> Artifact:
    """Compile one timing into its timer and the service of its home."""
    timer = names.timer(timing.id, host)
    return Artifact(
        target="systemd",
        timing=timing,
        files=(_service(host), File(names.path(timer, host), _timer(timing, host))),
        load=(Command((*USER, "daemon-reload")), Command((*USER, "enable", "--now", timer))),
        unload=(
            Command((*USER, "disable", "--now", timer)),
            Command((*USER, "clean", "--what=state", timer)),
        ),
    )


def wanted(artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:  # noqa: ARG001  the contract's form
    """One entry for each file; the shared service comes once."""
    files = {file.path: file.text for artifact in artifacts for file in artifact.files}
    return tuple(Entry(path, files[path]) for path in sorted(files))


def quoted(path: str) -> str:
    r"""Quote a path for `ExecStart=` (systemd.service(5), COMMAND LINES).

    `%` begins a specifier and `$` a variable, even within quotes; a character
    that is not printable is written as its bytes (`\xff`).
    """
    doubled = path.translate({ord(sign): sign * 2 for sign in "\\%$"}).replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _bytes(c) for c in doubled) + '"'


def _bytes(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode(errors="surrogateescape"))


def _service(host: Host) -> File:
    return File(names.path(names.service(host), host), _service_text(host.launcher))


@lru_cache(maxsize=8)
def _service_text(launcher: str) -> str:
    return render("systemd.service.j2", launcher=quoted(launcher), stop_timeout=STOP_TIMEOUT)


def _timer(timing: Timing, host: Host) -> str:
    if timing.zone is not None:
        zones.zone(timing.zone)  # refuses what systemd would skip with a line in the journal
    lines, utc, dates = _calendar(timing, host)
    return render(
        "systemd.timer.j2",
        header=header(timing),
        id=timing.id,
        calendar=lines,
        utc=utc,
        dates=dates,
        service=names.instance(timing.id, host),
    )


def _calendar(timing: Timing, host: Host) -> tuple[tuple[str, ...], ...]:
    """Write the lines of the zone, those of UTC, and dated ones for slots right after a jump.

    What names a time that the clock skips or repeats is written in UTC (`seasons`).
    """
    recurrence, zone = timing.recurrence, timing.zone or host.zone
    if recurrence.at is not None or not changes.jumps(zone, host.now):
        return calendar.calendar(recurrence, timing.zone), (), ()
    same = changes.in_utc(recurrence, zone, host.now)
    parts = [seasons.split(rule, zone, host.now) for rule in recurrence.rules]
    local = tuple(rule for sure, _ in parts for rule in sure)
    utc = tuple(rule for _, unsure in parts for rule in unsure)
    if same:
        local, utc = (), (same,)
    slots = changes.slots(recurrence, zone, zone, host.now, ("gap",))
    return (
        calendar.calendar(replace(recurrence, rules=local), timing.zone),
        calendar.calendar(replace(recurrence, rules=utc), UTC),
        calendar.dated(slots),
    )
