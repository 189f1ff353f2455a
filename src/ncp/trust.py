"""Who may write what ncp trusts, judged as sshd's StrictModes does (sshd_config(5)).

Whoever may write a folder above a file can put another file in its place.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.errors import HomeError

if TYPE_CHECKING:
    from collections.abc import Iterable

STRICT = os.name != "nt"
ELSEWHERE = "/var/tmp/ncp-{uid}"  # noqa: S108  it is made for its owner alone


def require_private(path: Path) -> None:
    """Refuse a path that users outside its owner's own group may write, as ssh does."""
    state = _looked_at(path) if STRICT else None
    if state is not None:
        _require_own(path, state)
        if _is_open(state):
            raise _writable(path, state, "Other users may write it, and so")


def require_above(path: Path) -> None:
    """Refuse a path below a folder in which others may put another one in its place.

    In one with the sticky bit, as /tmp, only an owner can.
    """
    if not STRICT:
        return
    for folder in reversed(path.parents):
        state = _looked_at(folder)
        if state is not None:
            _require_own(folder, state)
            if _is_open(state) and not state.st_mode & stat.S_ISVTX:
                raise _writable(folder, state, f"Other users may write it, replace {path}, and so")


def require_all(folder: Path, files: Iterable[Path]) -> None:
    """Refuse a folder where others may write it, what is above it, or one of these files."""
    require_above(folder)
    require_private(folder)
    for file in files:
        require_private(file)
        if file.is_symlink():
            require_above(Path(os.path.realpath(file)))


def is_private(folder: Path) -> bool:
    """Whether a folder, there or not yet, is safe from others."""
    try:
        require_all(folder, ())
    except HomeError:
        return False
    return True


def _looked_at(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except PermissionError:
        raise hidden(path) from None
    except OSError:  # not there, or a link that leads nowhere
        return None


def hidden(path: Path) -> HomeError:
    """Say which folder keeps us from looking at a path."""
    seen = (folder for folder in path.parents if os.access(folder.parent, os.X_OK))
    wall = next(seen, path)
    return HomeError(
        f"{wall} belongs to {_name(wall.stat().st_uid)}, and you may not look into it.",
        where=str(path),
        next_step=_way_out(wall, wall.stat().st_uid),
    )


def _require_own(path: Path, state: os.stat_result) -> None:
    if state.st_uid not in {os.getuid(), 0}:
        raise HomeError(
            "It belongs to another user"
            f" ({_name(state.st_uid)}), who could make ncp run anything as {_name(os.getuid())}.",
            where=str(path),
            next_step=_way_out(path, state.st_uid),
        )


def _way_out(path: Path, owner: int) -> str:
    """Give the line to paste: what root has made in one's own folder is taken back."""
    me = os.getuid()
    for folder in (path, *path.parents) if owner == 0 != me else ():
        if folder.stat().st_uid == 0 and folder.parent.stat().st_uid == me:
            return f"Run: sudo chown -R {_name(me)} {quoted(folder)}"
    return f"Use a folder of your own. Run: export NCP_HOME={quoted(_elsewhere(path))}"


def unwritable(path: Path) -> tuple[str, str]:
    """Say whose a folder is that one may not write, if not one's own, and the way out."""
    owner = path.stat().st_uid
    if not STRICT or owner == os.getuid():
        return " Is its disk mounted for writing?", f"Run: chmod u+rwx {quoted(path)}"
    return f" It belongs to {_name(owner)}.", _way_out(path, owner)


def _elsewhere(path: Path) -> Path:
    """Propose a home: below the folder that the password file names, where that is one's own."""
    import pwd  # noqa: PLC0415  not on Windows

    me = os.getuid()
    fallback = Path(ELSEWHERE.format(uid=me))
    try:
        found = Path(pwd.getpwuid(me).pw_dir)
    except KeyError:
        return fallback
    usable = found.is_dir() and found.stat().st_uid == me and not found.is_relative_to(path)
    return found / ".ncp" / "scheduler" if usable else fallback


def _writable(path: Path, state: os.stat_result, what: str) -> HomeError:
    """Say who may write, and what ends that: a folder of root's may be there to be shared."""
    root = "" if os.getuid() in {0, state.st_uid} else "sudo "
    mode = "+t" if root and stat.S_ISDIR(state.st_mode) else "go-w"
    return HomeError(
        f"{what} could make ncp run anything.",
        where=str(path),
        next_step=f"Run: {root}chmod {mode} {quoted(path)}",
    )


def _is_open(state: os.stat_result) -> bool:
    shared = state.st_mode & stat.S_IWGRP and not _own_group(state.st_uid, state.st_gid)
    return bool(state.st_mode & stat.S_IWOTH or shared)


def _own_group(uid: int, gid: int) -> bool:
    import grp  # noqa: PLC0415  not on Windows
    import pwd  # noqa: PLC0415  not on Windows

    try:
        user, group = pwd.getpwuid(uid), grp.getgrgid(gid)
    except KeyError:
        return False
    return user.pw_gid == gid and set(group.gr_mem) <= {user.pw_name}


def _name(uid: int) -> str:
    import pwd  # noqa: PLC0415  not on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def quoted(path: Path) -> str:
    """Write a path as one word of a shell."""
    return "'" + str(path).replace("'", "'\\''") + "'"
