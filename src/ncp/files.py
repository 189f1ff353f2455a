"""Files that are never half written: beside, fsync, rename; a symlink is followed first."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

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
    goal = Path(os.path.realpath(path))
    goal.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=LEFTOVER, dir=goal.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, mode) if hasattr(os, "fchmod") else None
            file.write(data)
            file.flush()
            os.fsync(handle)
        Path(name).replace(goal)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(goal.parent)


def sweep(folder: Path) -> None:
    """Remove what a killed write left beside its goal; call it under the lock only."""
    for path in folder.glob(f"{LEFTOVER}*"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
