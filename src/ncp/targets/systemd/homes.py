"""Whose timers lie in the user's folder: those of each home of ncp, and the launcher they call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.model import Survey, Tenant
from ncp.targets.systemd import names

if TYPE_CHECKING:
    from ncp.model import Host, Observed

_SERVICE = re.compile(r"ncp(?:-(?P<tag>[0-9a-f]{8}))?@\.service")
_START = re.compile(r'^ExecStart=/bin/sh "(?P<path>.*)" _timing-run %i$', re.MULTILINE)
_ESCAPED = re.compile(rb'\\x(?P<byte>[0-9a-f]{2})|\\[\\"]|%%|\$\$')


def survey(host: Host) -> Survey:
    """Look at the units of all homes."""
    folder = names.folder(host)
    return Survey(folders=((folder, "ncp*@.service"), (folder, "ncp*.timer")))


def tenants(observed: Observed) -> tuple[Tenant, ...]:
    """List the homes that have a service of ncp's there, each with its timers."""
    found = []
    for path, text in sorted(observed.files.items()):
        service, start = _SERVICE.fullmatch(names.unit(path)), _START.search(text)
        if service and start and text.startswith(names.SIGNATURE):
            tag = service["tag"] or ""
            keys = tuple(key for key in sorted(observed.files) if _starts(key, tag, observed))
            found.append(Tenant(tag, _path(start["path"]), keys))
    return tuple(found)


def _starts(path: str, tag: str, observed: Observed) -> bool:
    """Tell whether a unit is a timer that starts the service of the home with that tag."""
    prefix = f"ncp-{tag}" if tag else "ncp"
    return f"\nUnit={prefix}@" in observed.files[path] and path.endswith(".timer")


def _path(quoted: str) -> str:
    """Read a path as `ExecStart=` has it (systemd.service(5), COMMAND LINES)."""
    data = quoted.encode("utf-8", "surrogateescape")
    return _ESCAPED.sub(_plain, data).decode("utf-8", "surrogateescape")


def _plain(match: re.Match[bytes]) -> bytes:
    byte = match["byte"]
    return bytes.fromhex(byte.decode()) if byte else match[0][1:]
