"""Another user of this machine: files of theirs, and programs under their id. Needs root."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UID = 12345
"""An id that has no entry in the password file."""
SOURCE = Path(__file__).parent.parent / "src"


def _python_of(uid: int, program: str) -> bool:
    try:
        answer = subprocess.run(
            [program, "-I", "-S", "-c", "import json"],
            user=uid,
            group=uid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0


@functools.cache
def interpreter() -> str | None:
    """An interpreter of this version that another user may run; one below /root is none."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    minor = f"python3.{sys.version_info.minor}"
    found = (sys.executable, f"/usr/bin/{minor}", f"/usr/local/bin/{minor}")
    return next((one for one in found if _python_of(UID, one)), None)


needs_root = pytest.mark.skipif(
    interpreter() is None, reason="needs root, and an interpreter that other users may run"
)


@contextmanager
def open_room() -> Iterator[Path]:
    """Open a folder that every user may enter."""
    room = Path(tempfile.mkdtemp(prefix="ncp-others-"))
    room.chmod(0o755)
    try:
        yield room.resolve()
    finally:
        shutil.rmtree(room)


def python_as(
    uid: int, environment: Mapping[str, str], *argv: str, cwd: Path | str = "/", umask: int = 0o022
) -> subprocess.CompletedProcess[str]:
    """Run the interpreter as that user, with these variables and no others."""
    path = f"{SOURCE}:{sysconfig.get_path('purelib')}"
    return subprocess.run(
        [interpreter() or "", *argv],
        env={"PATH": os.defpath, "TZ": "UTC", "PYTHONPATH": path, **environment},
        cwd=cwd,
        user=uid,
        group=uid,
        extra_groups=[],
        umask=umask,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ncp_as(
    uid: int, environment: Mapping[str, str], *argv: str, cwd: Path | str = "/", umask: int = 0o022
) -> subprocess.CompletedProcess[str]:
    """Run ncp as that user."""
    return python_as(uid, environment, "-m", "ncp", *argv, cwd=cwd, umask=umask)


def folder_of(uid: int, path: Path, mode: int = 0o700) -> Path:
    """Make a folder that belongs to a user."""
    path.mkdir()
    path.chmod(mode)
    os.chown(path, uid, uid)
    return path
