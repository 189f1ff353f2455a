"""`ncp schedule pause`: stop tasks from firing."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import given, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, References

EXAMPLE = "ncp schedule pause backup"


def command(
    tasks: References = None,
    everything: Annotated[bool, typer.Option("--all", help="Every task that is active.")] = False,
    json: JsonFlag = False,
) -> None:
    """Stop tasks, or all of a timing, from firing until they are resumed."""
    references = given.some(tasks, everything=everything, example=EXAMPLE)
    home = opened()
    report.changed(home, home.pause(*references, everything=everything), "Paused", json=json)
