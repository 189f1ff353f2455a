"""Whose tasks Task Scheduler has: those of each home of ncp, and the launcher they call."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from ncp.model import Survey, Tenant
from ncp.targets.schtasks import deploy, names

if TYPE_CHECKING:
    from ncp.model import Host, Observed

_NAME = re.compile(rf"\\ncp(?:-(?P<tag>[0-9a-f]{{8}}))?\\{names.ID.pattern}")
_ARGUMENTS = re.compile(r"<Arguments>(?P<text>[^<]*)</Arguments>")
_CALL = re.compile(r'/d /v:off /s /c ""(?P<path>[^"]+)" _timing-run [^ "]+"')


def survey(host: Host) -> Survey:  # noqa: ARG001  as of every target
    """Look at the tasks that Windows has."""
    return Survey(commands=(deploy.QUERY,))


def tenants(observed: Observed) -> tuple[Tenant, ...]:
    """List the homes that have tasks there; none where they cannot be listed."""
    output = observed.outputs.get(deploy.QUERY, deploy.NO_TOOL)
    found: dict[tuple[str, str], list[str]] = {}
    for key, text in deploy.listed(output.stdout if output.code == 0 else ""):
        name, arguments = _NAME.fullmatch(key), _ARGUMENTS.search(text)
        call = _CALL.fullmatch(unescape(arguments["text"])) if arguments else None
        if name and call:
            found.setdefault((name["tag"] or "", call["path"]), []).append(key)
    return tuple(Tenant(tag, launcher, tuple(keys)) for (tag, launcher), keys in found.items())
