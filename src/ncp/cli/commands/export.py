"""`ncp schedule export`: the schedule in a form that others read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncp import files, targets
from ncp.api import exporting
from ncp.cli import output
from ncp.cli.opening import opened
from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.api.exporting.exported import Exported

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
    found = exporting.export(opened().site, kind)
    for words in found.warnings:
        output.note(words)
    if to is not None:
        path = Path(os.path.expanduser(to))  # noqa: PTH111  it may find no home to put there
        _write(found, path, folder=kind in targets.NAMES, force=force)
    elif kind in targets.NAMES:
        raise InputError(
            "The artifacts of a target are files of a folder.",
            where="ncp schedule export",
            next_step=f"Write: ncp schedule export --format {kind} --output DIR",
        )
    else:
        for data in found.files.values():
            output.printed((data,))


def _write(found: Exported, path: Path, *, folder: bool, force: bool) -> None:
    """Write one file where it is named, several (and one for a folder that is there) into it."""
    if path.is_symlink():
        raise InputError(
            f"It is a link to {os.path.realpath(path)}, and links are not followed.",
            where=str(path),
            next_step="Name another file or folder with --output.",
        )
    if folder and path.is_file():
        raise InputError(
            "It is a file; the artifacts of a target are files of a folder.",
            where=str(path),
            next_step="Name a folder with --output.",
        )
    if folder:
        path.mkdir(parents=True, exist_ok=True)
    inside = folder or path.is_dir()
    goals = {path / name if inside else path: data for name, data in found.files.items()}
    try:
        files.write_new(goals, force=force)
    except FileExistsError as error:
        raise _taken(Path(error.filename), force=force) from None
    for goal in goals:
        output.talk(f"Written: {goal}")
    if not goals:
        output.talk("Nothing was written: no task is active.")


def _taken(path: Path, *, force: bool) -> InputError:
    """Say that something is there already; only a file can be replaced."""
    plain = path.is_file() and not path.is_symlink() and not force
    return InputError(
        "It is there already." if plain else "It is no plain file, and is left as it is.",
        where=str(path),
        next_step="Add --force to replace it." if plain else "Name another file with --output.",
    )
