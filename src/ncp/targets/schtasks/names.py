"""What a task is called in Task Scheduler, and where its definition is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncp.model import Host

ID = re.compile("[a-z0-9][a-z0-9-]{0,62}")


def prefix(host: Host) -> str:
    r"""The folder of this home in Task Scheduler, `\ncp` for the default home."""
    return f"\\{host.prefix}\\"


def task(timing_id: str, host: Host) -> str:
    """The full name of a timing's task."""
    return f"{prefix(host)}{timing_id}"


def id_of(name: str, host: Host) -> str | None:
    """The timing id in a task's full name, or None where it is not one of this home's."""
    if not name.startswith(prefix(host)):
        return None
    rest = name.removeprefix(prefix(host))
    return rest if ID.fullmatch(rest) else None


def folder(host: Host) -> str:
    """Where the definitions are kept that schtasks is given."""
    return f"{host.home}{_separator(host)}tasks"


def path(timing_id: str, host: Host) -> str:
    """The file of a timing's definition."""
    return f"{folder(host)}{_separator(host)}{timing_id}.xml"


def _separator(host: Host) -> str:
    return "\\" if host.system == "windows" else "/"
