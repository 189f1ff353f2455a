"""What a home's units are called, where they lie, and which of them are its own.

Two homes of one user share one folder. `ncp-1a2b3c4d-daily.timer` belongs to
the home with the tag 1a2b3c4d, or to the default home and its timing
1a2b3c4d-daily: only the service that the timer names tells them apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncp.model import Host

SIGNATURE = "# Written by ncp"
_ID = r"[a-z0-9][a-z0-9-]{0,62}"
_TAGGED = re.compile(r"ncp-[0-9a-f]{8}-")
_SERVICE = re.compile(
    rf"^Unit=(?P<prefix>ncp(?:-[0-9a-f]{{8}})?)@(?P<id>{_ID})\.service$", re.MULTILINE
)


def folder(host: Host) -> str:
    """The folder of the user's units."""
    return f"{host.config_home}/systemd/user"


def service(host: Host) -> str:
    """The template unit that all timers of a home share."""
    return f"{host.prefix}@.service"


def instance(timing_id: str, host: Host) -> str:
    """The service that the timer of one timing starts."""
    return f"{host.prefix}@{timing_id}.service"


def timer(timing_id: str, host: Host) -> str:
    """The timer of one timing."""
    return f"{host.prefix}-{timing_id}.timer"


def path(unit: str, host: Host) -> str:
    """Where a unit lies."""
    return f"{folder(host)}/{unit}"


def wanting(host: Host) -> str:
    """The folder of links to what starts with the user manager, as `systemctl enable` fills it."""
    return f"{folder(host)}/timers.target.wants"


def overriding(host: Host) -> tuple[str, ...]:
    """The folders in which people put drop-ins (systemd.unit(5), UNIT FILE LOAD PATH)."""
    return (folder(host), "/etc/systemd/user", f"/run/user/{host.uid}/systemd/user")


def link(unit: str, host: Host) -> str:
    """Where the link lies that makes a timer start with the user manager."""
    return f"{wanting(host)}/{unit}"


def unit(key: str) -> str:
    """The name of the unit at a path."""
    return key.rpartition("/")[2]


def fits(name: str, host: Host) -> bool:
    """Tell whether this home could give that name to one of its units."""
    pattern = rf"{re.escape(host.prefix)}-{_ID}\.timer"
    return name == service(host) or re.fullmatch(pattern, name) is not None


def ours(name: str, text: str, host: Host) -> bool:
    """Tell whether this home wrote the unit of that name, as far as its text shows."""
    if not text.startswith(SIGNATURE):
        return False
    if name == service(host):
        return True
    named = _SERVICE.search(text)
    if named is not None and f"{named['prefix']}-{named['id']}.timer" == name:
        return named["prefix"] == host.prefix
    return called_ours(name, host)  # edited by hand


def called_ours(name: str, host: Host) -> bool:
    """Tell it from the name alone: ours, unless it may be another home's."""
    return bool(host.tag) or not _TAGGED.match(name)
