"""`ncp daemon run`: the embedded scheduler, in the foreground."""

from __future__ import annotations

from ncp.cli import output
from ncp.cli.opening import opened

EXAMPLE = "ncp daemon run"


def command() -> int:
    """Fire what is due, in the foreground.

    Runs until it is stopped (Ctrl-C or SIGTERM), and needs no other scheduler.
    """
    return opened().upkeep.serve(ready=output.talk, note=output.note)
