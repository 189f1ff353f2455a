"""Files that are never half written: beside, fsync, rename; a symlink is followed first."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LEFTOVER = ".ncp-new-"


def read(path: Path) -> bytes | None:
    """Read a file; None where there is none. Raises OSError for anything else.

    A link to nothing is something else: its file may only be away, as on a disk not mounted.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise
        return None


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file in one step; after a crash it is the old or the new one."""
    write_all({path: data}, mode)


def write_all(contents: Mapping[Path, bytes], mode: int = 0o600) -> None:
    """Replace files, each in one step, all of them on disk before the first one counts.

    An OSError names the file that could not be written.
    """
    begun: dict[Path, str] = {}
    try:
        for path, data in contents.items():
            _begin(path, data, mode, begun)
        for name in begun.values():  # after all: one commit of the disk serves many
            _sync(name)
        for goal, name in begun.items():
            Path(name).replace(goal)
    except BaseException:
        for name in begun.values():
            Path(name).unlink(missing_ok=True)
        raise
    for folder in {goal.parent for goal in begun}:
        _sync_folder(folder)


def _begin(path: Path, data: bytes, mode: int, begun: dict[Path, str]) -> None:
    goal = Path(os.path.realpath(path))
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        handle, begun[goal] = tempfile.mkstemp(prefix=LEFTOVER, dir=goal.parent)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode) if hasattr(os, "fchmod") else None
            file.write(data)
    except OSError as error:
        error.filename = str(path)
        raise


def link_all(goals: Mapping[Path, str]) -> None:
    """Make symbolic links, or replace them, each in one step. An OSError names its path."""
    for path, goal in goals.items():
        beside = path.with_name(f"{LEFTOVER}{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            beside.symlink_to(goal)
            beside.replace(path)
        except OSError as error:
            error.filename = str(path)
            raise
    for folder in {path.parent for path in goals}:
        _sync_folder(folder)


def sweep(folder: Path) -> None:
    """Remove what a killed write left beside its goal; call it under the lock only."""
    for path in folder.glob(f"{LEFTOVER}*"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name != "nt":
        _sync(str(folder))


def _sync(path: str) -> None:
    # Windows syncs only what is open for writing, and no folder at all.
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
