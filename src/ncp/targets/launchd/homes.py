"""Whose agents lie in the user's folder: those of each home of ncp, and the launcher they call."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from ncp.model import Survey, Tenant
from ncp.targets.launchd import names

if TYPE_CHECKING:
    from ncp.model import Host, Observed

_NAME = re.compile(rf"{re.escape(names.OWNER)}\.(?:(?P<tag>[0-9a-f]{{8}})\.)?{names.ID}\.plist")
_CALL = re.compile(
    r"<string>/bin/sh</string>\s*<string>(?P<path>[^<]*)</string>"
    r"\s*<string>_timing-run</string>"
)


def survey(host: Host) -> Survey:
    """Look at the agents of all homes."""
    return Survey(folders=((names.folder(host), f"{names.OWNER}.*.plist"),))


def tenants(observed: Observed) -> tuple[Tenant, ...]:
    """List the homes that have agents there."""
    found: dict[tuple[str, str], list[str]] = {}
    for path, text in sorted(observed.files.items()):
        name, call = _NAME.fullmatch(path.rpartition("/")[2]), _CALL.search(text)
        if name and call:
            found.setdefault((name["tag"] or "", unescape(call["path"])), []).append(path)
    return tuple(Tenant(tag, launcher, tuple(keys)) for (tag, launcher), keys in found.items())
