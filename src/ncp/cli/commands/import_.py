"""`ncp schedule import`: take schedules over that were made elsewhere."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ncp import environment
from ncp.cli import imported
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag
from ncp.importing import opening, readers, taking
from ncp.importing.items import Options

EXAMPLE = "ncp schedule import /etc/cron.d/backup --dry-run"


def command(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="What to read; - is standard input."),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"What it is, if it does not show: {', '.join(readers.NAMES)}.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only items of that name.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Take tasks over from a file that something else scheduled them in."""
    source = opening.opened(file)
    row = readers.named(kind) if kind else readers.recognised(source)
    home = opened()
    captured = environment.capture(os.environ, home.site.settings.capture_environment)
    options = Options(home.site.host, source.where, source.path, captured=captured)
    found = taking.chosen(row.reader.read(source, options), only or ())
    report = taking.take(home.site, found, dry_run=dry_run)
    imported.show(report, home.site.host, json=json)
