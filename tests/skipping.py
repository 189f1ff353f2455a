"""What the tests skip on this machine, and how to have it: pytest says it before it begins."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from real.rooms import CRONS, obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("busybox", "bcron", "cronie", "mcron", "systemd-cron")
SERVERS = Path(__file__).parents[1] / ".mcp-servers" / "node_modules"
PROGRAMS = (
    ("systemd-analyze", "what systemd itself says of calendar lines", "systemd"),
    ("crontab", "what Debian's crontab says of lines", "cron"),
    ("xmllint", "the schema of Task Scheduler", "libxml2-utils"),
    ("plistutil", "property lists read by another program", "libplist-utils"),
    ("cc", "clocks that are stepped", "gcc and libc6-dev"),
    ("flock", "locks that another program holds", "util-linux"),
)
"""Programs, what is tested with them, and the Debian packages that bring them."""


def lines() -> list[str]:
    """Say in a line each what is left out here."""
    found = [f"skipped: {what}" for what in _skipped()]
    return found or ["skipped: nothing for lack of programs or rights"]


def _skipped() -> Iterator[str]:
    if reason := obstacle():
        yield f"real schedulers. {reason}"
    else:
        missing = [kind for kind in KINDS if not (CRONS / kind).exists()]
        if missing:
            yield f"the real {', '.join(missing)}. Run: scripts/crons"
    if not SERVERS.exists():
        yield "real MCP servers. Install node and npm, and run: scripts/servers"
    for program, what, packages in PROGRAMS:
        if shutil.which(program) is None:
            yield f"{what}. Install: {packages}"
    if sys.platform != "linux":
        yield "processes, limits and namespaces of Linux."
    if os.name != "nt":
        yield (
            "what root may read in spite of its mode. Run them as another user, too."
            if os.geteuid() == 0
            else "devices, cgroups and files of other users. They need root."
        )
