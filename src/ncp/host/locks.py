"""Whether a process holds the lock of a file, without making the file or keeping the lock."""

from __future__ import annotations

import importlib
import os


def is_held(path: str) -> bool:
    """Try the lock of a file and let it go at once; a file that is not there is not locked.

    The lock is shared, so that two who look do not take each other for its holder.
    """
    try:
        file = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    except OSError:
        return False
    try:
        _try(file)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _try(file: int) -> None:
    if os.name == "nt":
        locking = importlib.import_module("msvcrt").locking
        locking(file, 2, 1)  # LK_NBLCK
        locking(file, 0, 1)  # LK_UNLCK
    else:
        import fcntl  # noqa: PLC0415  not on Windows

        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
