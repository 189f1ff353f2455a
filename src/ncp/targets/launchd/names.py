"""What an agent is called, and where it lives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncp.model import Host

OWNER = "io.ncp-scheduler"
ID = "[a-z0-9][a-z0-9-]{0,62}"


def domain(host: Host) -> str:
    """The launchd domain of the user's login session."""
    return f"gui/{host.uid}"


def prefix(host: Host) -> str:
    """What the labels of this home start with. Ids hold no dot, so homes cannot collide."""
    return f"{OWNER}.{host.tag}." if host.tag else f"{OWNER}."


def label(timing_id: str, host: Host) -> str:
    """The label of a timing's agent."""
    return f"{prefix(host)}{timing_id}"


def folder(host: Host) -> str:
    """Where the agents of a user live."""
    return f"{host.user_home}/Library/LaunchAgents"


def path(timing_id: str, host: Host) -> str:
    """The property list of a timing's agent."""
    return f"{folder(host)}/{label(timing_id, host)}.plist"


def label_of(file: str, host: Host) -> str | None:
    """The label that belongs to a file, or None where the name is not one of this home's."""
    name = file.rpartition("/")[2].removesuffix(".plist")
    return name if re.fullmatch(re.escape(prefix(host)) + ID, name) else None
