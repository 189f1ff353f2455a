"""The environment of a task: captured when it was made, never inherited from whoever fires."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.model import Host, Task

PLAIN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def capture(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Take the named variables that are set."""
    return {name: environ[name] for name in names if name in environ}


def umask() -> str:
    """Read this process's umask, as three octal digits."""
    try:
        with open("/proc/self/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  no path
            found = next(line.split()[1] for line in file if line.startswith("Umask:"))
        return f"{int(found, 8):03o}"
    except (OSError, StopIteration):
        mask = os.umask(0o077)  # the only other way is to set it
        os.umask(mask)
        return f"{mask:03o}"


def of_task(task: Task, host: Host) -> dict[str, str]:
    """Build the whole environment of a task, in the order that later ones win.

    A plain one for the user, then what was captured, then the task's own.
    """
    plain = {
        "PATH": PLAIN_PATH,
        "HOME": host.user_home,
        "USER": host.user,
        "LOGNAME": host.user,
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
    }
    return {**plain, **task.captured_environment, **task.environment}
