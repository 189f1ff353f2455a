"""Files that are never half written: beside, fsync, rename; a symlink is followed first."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
            with _naming(path):
                _begin(path, data, mode, begun)
        for goal, name in begun.items():  # after all: one commit of the disk serves many
            with _naming(goal):
                _sync(name)
        for goal, name in begun.items():
            with _naming(goal):
                Path(name).replace(goal)
    except BaseException:
        for name in begun.values():
            Path(name).unlink(missing_ok=True)
        raise
    for folder in {goal.parent for goal in begun}:
        _sync_folder(folder)


def write_new(contents: Mapping[Path, bytes], *, force: bool = False) -> None:
    """Write files that a person has named, for their owner alone; never through a link.

    Raises FileExistsError where there is something already, but for a file with `force`.
    """
    for path in contents:
        old = path.is_file() and not path.is_symlink()
        if os.path.lexists(path) and not (force and old):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    for path, data in contents.items():
        with _naming(path):
            handle, name = tempfile.mkstemp(prefix=LEFTOVER, dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                _sync(name)
                _put(Path(name), path, force=force)
            finally:
                Path(name).unlink(missing_ok=True)


def _put(new: Path, path: Path, *, force: bool) -> None:
    """Give a file its name: a link that was planted meanwhile is refused, or replaced."""
    if force or os.name == "nt":
        new.replace(path)
    else:
        path.hardlink_to(new)


def _begin(path: Path, data: bytes, mode: int, begun: dict[Path, str]) -> None:
    goal = Path(os.path.realpath(path))
    if goal.is_char_device():  # a masked unit is a link to /dev/null: the link is what goes
        goal = Path(os.path.realpath(path.parent), path.name)
    make_folder(goal.parent, 0o755 if mode & 0o044 else 0o700)
    handle, begun[goal] = tempfile.mkstemp(prefix=LEFTOVER, dir=goal.parent)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode) if hasattr(os, "fchmod") else None
        file.write(data)


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Make a folder and those above it, whatever the umask is, for their owner alone to write."""
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            try:
                folder.mkdir(mode)
            except FileExistsError:  # made meanwhile; or what is made below it will say
                if folder == path and not path.is_dir():
                    raise


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Have an OSError name the file that was wanted, not the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def link_all(goals: Mapping[Path, str]) -> None:
    """Make symbolic links, or replace them, each in one step. An OSError names its path."""
    besides = {path.parent: path.with_name(f"{LEFTOVER}{os.getpid()}") for path in goals}
    for folder, beside in besides.items():
        with _naming(folder):
            make_folder(folder, 0o755)
            beside.unlink(missing_ok=True)
    for path, goal in goals.items():
        with _naming(path):
            besides[path.parent].symlink_to(goal)
            besides[path.parent].replace(path)
    for folder in besides:
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
