"""Whose lines stand in the user's table: those of each home of ncp, and the launcher they call."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from ncp.model import Tenant
from ncp.targets.cron import deploy, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Observed

_CALL = re.compile(r"(?:@reboot|[0-9*,/ -]+) (?P<call>/bin/sh .* _timing-run (?P<what>[a-z0-9-]+))")

survey = deploy.survey


def tenants(observed: Observed) -> tuple[Tenant, ...]:
    """List the homes whose blocks hold lines; none where the table cannot be read."""
    found: dict[tuple[str, str], list[str]] = {}
    for tag, line in _lines(deploy.whole(observed)):
        call = _CALL.fullmatch(line)
        words = [] if call is None else _words(call["call"])
        if call is not None and len(words) == 4:
            key = "@reboot" if call["what"] == "--missed" else call["what"]
            found.setdefault((tag, words[1]), []).append(key)
    return tuple(Tenant(tag, launcher, tuple(keys)) for (tag, launcher), keys in found.items())


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield (tag, line) of the lines between the markers of each home."""
    inside: str | None = None
    for line in text.splitlines():
        marker = table.MARKER.fullmatch(line)
        if marker is not None:
            inside = (marker["tag"] or "") if marker["sign"] == table.BEGIN else None
        elif inside is not None:
            yield inside, line


def _words(call: str) -> list[str]:
    r"""Read a command as cron and then the shell do: `\%` is a percent sign."""
    try:
        return shlex.split(call.replace(r"\%", "%"))
    except ValueError:  # a quote that was opened by hand
        return []
