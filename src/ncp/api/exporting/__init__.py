"""A home as text that others can read: ncp itself, people, cron, any target's scheduler.

What a format cannot say is not lost silently: `Exported.warnings` names it. No secret
that stands elsewhere is looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import targets
from ncp.api.exporting import artifacts, crontab, declarative, whole
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.api.exporting.exported import Exported
    from ncp.applying.site import Site

FORMATS: dict[str, Callable[[Site], Exported]] = {
    "ncp": whole.export,
    "yaml": declarative.export,
    "crontab": crontab.export,
}
"""Beside them, each target is one."""


def export(site: Site, kind: str) -> Exported:
    """Write a home in a format or as the artifacts of a target; InputError for an unknown one."""
    if kind in FORMATS:
        return FORMATS[kind](site)
    if kind not in targets.NAMES:
        raise InputError(
            f'"{kind}" is not a format.',
            where="--format",
            next_step=f"Write one of: {', '.join((*FORMATS, *targets.NAMES))}.",
        )
    return artifacts.export(site, kind)
