"""`ncp schedule resume`: let paused tasks fire again."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import given, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, References

EXAMPLE = "ncp schedule resume backup"


def command(
    tasks: References = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every task that pause --all has paused.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Let paused tasks, or all of a timing, fire again; what they missed is not run."""
    references = given.some(tasks, everything=everything, example=EXAMPLE)
    home = opened()
    report.changed(home, home.resume(*references, everything=everything), "Resumed", json=json)
