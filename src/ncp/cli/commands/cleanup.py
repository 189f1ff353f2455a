"""`ncp schedule cleanup`: forget old executions now."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp import amounts
from ncp.api import cleaning
from ncp.cli import options, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag

EXAMPLE = "ncp schedule cleanup --max-age 7 --dry-run"
KIB = 1024


def command(
    max_age: Annotated[
        int | None,
        typer.Option(
            "--max-age",
            parser=options.reading(amounts.days, "--max-age"),
            metavar="DAYS",
            help="Keep that long: 30, 2w, 30d; default: the setting.",
        ),
    ] = None,
    max_per_task: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Keep that many of each task; default: the setting."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Remove old executions with their output, and old daily logs.

    The newest execution of each task and all counters stay. Firings do this by
    themselves, a little at a time.
    """
    done = cleaning.clean(
        opened().site, max_age=max_age, max_per_task=max_per_task, dry_run=dry_run
    )
    output.acted = not dry_run
    if json:
        output.as_json(done)
        return
    verb = "Would remove" if dry_run else "Removed"
    logs = "" if dry_run else f", daily logs: {done['dailyLogs']}"
    size = f"{done['bytes'] / KIB:.0f} KiB"
    output.line(
        f"{verb} executions: {done['executions']}, output files: {done['outputFiles']}"
        f" ({size}){logs}."
    )
