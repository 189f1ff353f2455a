"""`ncp schedule migrate`: take over what the first version of the old tool has left."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import imported, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName

EXAMPLE = "ncp schedule migrate --dry-run"


def command(
    path: Annotated[
        str | None,
        typer.Argument(metavar="[PATH]", help="A jobs.json, or its folder; else the home."),
    ] = None,
    target: TargetName = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False,
    json: JsonFlag = False,
) -> int:
    """Make tasks of the jobs of version 1: same ids, counters, history, settings.

    Then jobs.json goes (a copy stays), and the old entries of the OS with it.
    """
    home = opened(migrate=False)
    report = home.migrate(path, dry_run=dry_run, target=target)
    output.acted = not dry_run
    return imported.show(report, home.host, json=json)
