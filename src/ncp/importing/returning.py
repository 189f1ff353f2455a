"""A deleted task that was imported: the line that it came from stays commented out; say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.errors import NcpError
from ncp.importing import own_crontab
from ncp.importing.crontab.comments import DISABLED, MARKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Host, Task

ORIGIN = "crontab:"


def notes(tasks: Iterable[Task], host: Host) -> tuple[str, ...]:
    """Say of deleted tasks which lines of crontabs stay commented out."""
    imported = [task for task in tasks if (task.origin or "").startswith(ORIGIN)]
    return tuple(_said(imported, _crontab(host))) if imported else ()


def _said(tasks: Iterable[Task], crontab: str) -> Iterator[str]:
    for task in tasks:
        mark = f"{MARKER}{task.id}"
        if f"{mark}." in crontab:
            # All of it is read first: a table that cannot be read must not be emptied.
            script = rf"/^{mark}\./{{N;s/.*\n{DISABLED}//;}}"
            undo = f"t=$(crontab -l) && printf '%s\\n' \"$t\" | sed '{script}' | crontab -"
            yield (
                f'"{task.name}": its line in your crontab stays commented out.'
                f" To let cron run it again: {undo}"
            )
        else:
            yield (
                f'"{task.name}" came from a crontab. Where its import commented out the line, it'
                f' stays so: take "{DISABLED.strip()}" away below "{mark}" there.'
            )


def _crontab(host: Host) -> str:
    """Read the user's own crontab; empty where there is none, or it cannot be read."""
    try:
        return own_crontab.read(host).loose
    except NcpError:
        return ""
