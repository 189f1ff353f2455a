"""The `systemd --user` that runs here for a user."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ncp.model import Manager

PROC = Path("/proc")


def manager(uid: int, config_home: str) -> Manager | None:
    """Find the user manager of a user, with the folders that it was started with.

    One in another mount namespace is a container's. Where its folder of settings is
    `config_home` by another path, it is given as `config_home`.
    """
    for folder in PROC.glob("[0-9]*"):
        try:
            if _is_manager(folder, uid):
                return _described(folder, uid, config_home)
        except OSError:  # it ended meanwhile, or is not ours to look at
            continue
    runtime = f"/run/user/{uid}"
    return Manager(runtime, "") if _listens(f"{runtime}/systemd/private") else None


def _listens(path: str) -> bool:
    """Tell whether somebody listens there: where /proc hides the manager, its socket shows it."""
    if not Path(path).exists():
        return False
    import socket  # noqa: PLC0415  3 ms, and it is there where the manager was not seen

    with socket.socket(socket.AF_UNIX) as asked, contextlib.suppress(OSError):
        asked.settimeout(1)
        asked.connect(path)
        return True
    return False


def _is_manager(folder: Path, uid: int) -> bool:
    if (folder / "comm").read_bytes() != b"systemd\n" or folder.stat().st_uid != uid:
        return False
    if b"--user" not in (folder / "cmdline").read_bytes().split(b"\0"):
        return False
    return (folder / "ns/mnt").readlink() == (PROC / "self/ns/mnt").readlink()


def _described(folder: Path, uid: int, config_home: str) -> Manager:
    pairs = (
        os.fsdecode(one).partition("=") for one in (folder / "environ").read_bytes().split(b"\0")
    )
    found = {name: value for name, _, value in pairs}
    home = found.get("HOME", "")
    config = found.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else config_home)
    same = os.path.realpath(config) == os.path.realpath(config_home)
    runtime = found.get("XDG_RUNTIME_DIR") or f"/run/user/{uid}"
    return Manager(runtime, config_home if same else config)
