"""`ncp schedule export`: the schedule in a form that others read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ncp.cli import output
from ncp.cli.opening import opened
from ncp.errors import InputError

EXAMPLE = "ncp schedule export --format yaml --output schedule.yaml"


def command(
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="ncp (default), yaml, crontab, or a target: its artifacts.",
        ),
    ] = "ncp",
    to: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE|DIR", help="Where to; default: standard output."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there. Links are not followed.")
    ] = False,
) -> None:
    """Write the schedule out: to keep, to move, or to leave.

    ncp: all of it, with statistics. yaml: what ncp schedule apply reads. crontab: as far as cron
    can say it. The artifacts of a target go into a folder. No secret is looked up.
    """
    found = opened().export(kind)
    for words in found.warnings:
        output.note(words)
    if to is not None:
        written = found.write(Path(os.path.expanduser(to)), force=force)  # noqa: PTH111  it may find no home to put there
        for path in written:
            output.talk(f"Written: {path}")
        if not written:
            output.talk("Nothing was written: no task is active.")
    elif found.folder:
        raise InputError(
            "The artifacts of a target are files of a folder.",
            where="ncp schedule export",
            next_step=f"Write: ncp schedule export --format {kind} --output DIR",
        )
    else:
        for data in found.files.values():
            output.printed((data,))
