"""A timing to lines of the user's crontab, with a line before them that says what they are."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ncp.cron import zones
from ncp.cron.expression import alternatives
from ncp.errors import HomeError
from ncp.model import Artifact, Command, Entry, File
from ncp.targets.contract import header
from ncp.targets.cron import cover, daemons, table
from ncp.targets.zones import same_clock, superset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Host, Recurrence, Timing

TABLE = "crontab"
"""The name of the table, where other targets have the path of a file."""
LONGEST_COMMAND = 998
"""Bytes. MAX_COMMAND is 1000 in Vixie cron; Debian's crontab refuses the 999th byte."""
REBOOT = "@reboot"
"""The key of the line that wakes once when the machine has started, for all timings."""
WHY = "# Written by ncp to catch up on what was missed while the machine was off."
ADD = "{{ cat; crontab -l 2>/dev/null; }} | {install}"
REMOVE = 'table=$(crontab -l) && printf "%s\\n" "$table" | sed "$1" | {install}'


def emit(timing: Timing, host: Host) -> Artifact:
    """Compile one timing into a marked block with its lines.

    Raises HomeError where the home's path does not fit into a crontab.
    """
    lines = (f"{fields} {command(timing.id, host)}\n" for fields in _fields(timing, host))
    entry = f"# {header(timing)}\n{''.join(lines)}"
    text = table.block([entry], host)
    begin, end = (table.marker(sign, host) for sign in (table.BEGIN, table.END))
    install = shlex.join(daemons.of(host).install)
    add, remove = (way.format(install=install) for way in (ADD, REMOVE))
    return Artifact(
        target="cron",
        timing=timing,
        files=(File(TABLE, text),),
        load=(Command(("/bin/sh", "-c", add), stdin=text),),
        unload=(Command(("/bin/sh", "-c", remove, "sh", f"/^{begin}$/,/^{end}$/d")),),
    )


def wanted(artifacts: Sequence[Artifact], host: Host) -> tuple[Entry, ...]:
    """One entry for each timing, its lines without the markers around them, and one for starts."""
    begin, end = (f"{table.marker(sign, host)}\n" for sign in (table.BEGIN, table.END))
    timings = tuple(
        Entry(artifact.timing.id, artifact.files[0].text.removeprefix(begin).removesuffix(end))
        for artifact in sorted(artifacts, key=lambda artifact: artifact.timing.id)
    )
    if not timings or not daemons.of(host).reboot:
        return timings
    return (Entry(REBOOT, f"{WHY}\n{REBOOT} {command('--missed', host)}\n"), *timings)


def _fields(timing: Timing, host: Host) -> tuple[str, ...]:
    """Write the five fields of each line: one, or one for each expression of a union."""
    recurrence, zone = timing.recurrence, timing.zone or host.zone
    if timing.zone is not None:
        zones.zone(timing.zone)
    if recurrence.at is None and same_clock(zone, host.zone, host.now):
        return tuple(map(_line, alternatives(recurrence))) or (cover.cover(recurrence.rules),)
    return (cover.cover(superset(recurrence, zone, host.zone, host.now)),)


def _line(one: Recurrence) -> str:
    return one.cron if cover.says(one.rules) else cover.cover(one.rules)


def command(timing_id: str, host: Host) -> str:
    """Write what cron runs; HomeError where no crontab line can hold it."""
    text = f"/bin/sh {quoted(host.launcher)} _timing-run {timing_id}"
    if "\n" in host.launcher:
        raise _refused("The home's path holds a line break, which no crontab line can.", host)
    size = len(text.encode(errors="surrogateescape"))
    if size > LONGEST_COMMAND:
        what = f"The home's path makes a crontab line of {size} bytes; cron runs {LONGEST_COMMAND}."
        raise _refused(what, host)
    return text


def quoted(path: str) -> str:
    r"""Quote a path for the shell, and its `%` for cron, which ends a command at one.

    Cron drops the backslash of `\%`, also within quotes, but takes one after
    another backslash for itself; so each `%` stands outside of the quotes.
    """
    return r"\%".join(shlex.quote(piece) if piece else "" for piece in path.split("%"))


def _refused(what: str, host: Host) -> HomeError:
    return HomeError(
        what, where=host.home, next_step="Set NCP_HOME to a shorter, plainer path, or use --target."
    )
