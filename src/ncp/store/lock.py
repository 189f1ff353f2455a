"""One change at a time for each user: the crontab and the unit folder belong to the user."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ncp import files
from ncp.errors import BusyError, HomeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import FileLock

POLL_SECONDS, LATER_SECONDS = 0.02, 0.2
"""How often the lock is asked for: in the first second, and by those who wait longer."""


@contextmanager
def held(folder: Path, what: str, timeout: float) -> Iterator[None]:
    """Hold the user's lock in `folder`; BusyError says who holds it after `timeout` seconds."""
    from filelock import FileLock, Timeout  # noqa: PLC0415  5 ms, and most commands only look

    holder = folder / "lock.holder"
    lock = FileLock(folder / "lock", mode=0o600)
    try:
        files.make_folder(folder)
        _acquire(lock, timeout)
    except Timeout:
        raise BusyError(
            f"Another change is under way ({_described(holder)}); waited {timeout:g} s.",
            where=str(folder / "lock"),
            next_step="Wait for it and try again.",
        ) from None
    except OSError as error:
        raise HomeError(
            f"The lock cannot be made: {error.strerror}.",
            where=str(folder / "lock"),
            next_step="Make the folder writable for you.",
        ) from None
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "what": what, "since": time.time()}))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, timeout: float) -> None:
    """Wait for the lock; hundreds that ask all the time would keep its holder from its work."""
    from filelock import Timeout  # noqa: PLC0415  as in `held`

    try:
        lock.acquire(timeout=min(timeout, 1), poll_interval=POLL_SECONDS)
    except Timeout:
        lock.acquire(timeout=max(0, timeout - 1), poll_interval=LATER_SECONDS)


def _described(holder: Path) -> str:
    try:
        found = json.loads(holder.read_text())
        seconds = time.time() - found["since"]
        return f"{found['what']}, process {found['pid']}, for {seconds:.0f} s"
    except (OSError, ValueError, KeyError, TypeError):
        return "by a process that did not say its name"
