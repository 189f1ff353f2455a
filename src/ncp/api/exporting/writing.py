"""An export put into files: nothing is replaced unasked, and no link is followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(data: Mapping[str, bytes], path: Path, *, folder: bool, force: bool) -> list[Path]:
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
    goals = {path / name if inside else path: one for name, one in data.items()}
    try:
        files.write_new(goals, force=force)
    except FileExistsError as error:
        raise _taken(Path(error.filename), force=force) from None
    return [*goals]


def _taken(path: Path, *, force: bool) -> InputError:
    """Say that something is there already; only a file can be replaced."""
    plain = path.is_file() and not path.is_symlink() and not force
    return InputError(
        "It is there already." if plain else "It is no plain file, and is left as it is.",
        where=str(path),
        next_step="Add --force to replace it." if plain else "Name another file with --output.",
    )
