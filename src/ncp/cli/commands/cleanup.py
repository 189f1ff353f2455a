"""`ncp schedule cleanup`: forget old executions now."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ncp import amounts
from ncp.cli import options, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag
from ncp.fields import camel

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
    done = opened().cleanup(max_age_days=max_age, max_per_task=max_per_task, dry_run=dry_run)
    output.acted = not dry_run
    if json:
        output.as_json({camel(name): value for name, value in asdict(done).items()})
        return
    verb = "Would remove" if dry_run else "Removed"
    logs = "" if dry_run else f", daily logs: {done.daily_logs}"
    output.line(
        f"{verb} executions: {done.executions}, output files: {done.output_files}"
        f" ({done.bytes / KIB:.0f} KiB){logs}."
    )
