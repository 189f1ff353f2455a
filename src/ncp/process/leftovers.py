"""Find and end processes by a variable that they were started with: Linux, from /proc.

After a runner has died this finds what its pid files cannot: a child that was
started but not noted yet, a group whose leader has ended, what left its group.
A program that clears its environment is not found, and neither is anything
where there is no /proc (macOS, Windows).
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

MOST_ROUNDS = 50
"""A process may fork while it is being found: it is looked for this often at most."""
QUIET_ROUNDS = 2
PAUSE_SECONDS = 0.005
"""In the middle of an exec a process shows no environment: one look is not enough."""
_KILL = 9


def end_marked(variable: str, values: Collection[str]) -> int:
    """Kill this user's processes whose environment gives a variable one of these values.

    Returns how many were killed.
    """
    wanted = {f"{variable}={value}".encode() for value in values}
    killed: set[int] = set()
    quiet = 0
    for _ in range(MOST_ROUNDS):
        found = [pid for pid in _pids() if not wanted.isdisjoint(_environment(pid))]
        quiet = 0 if found else quiet + 1
        if quiet == QUIET_ROUNDS:
            break
        for pid in found:
            _kill(pid)
        killed.update(found)
        time.sleep(PAUSE_SECONDS)
    return len(killed)


def _pids() -> list[int]:
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    return [int(name) for name in names if name.isdigit() and int(name) != os.getpid()]


def _environment(pid: int) -> list[bytes]:
    """Read what a process was started with; nothing of those that have ended or are not ours."""
    try:
        file = os.open(f"/proc/{pid}/environ", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return []
    parts = []
    try:
        while part := os.read(file, 65536):
            parts.append(part)
    except OSError:
        return []  # it ended meanwhile
    finally:
        os.close(file)
    return b"".join(parts).split(b"\0")


def _kill(pid: int) -> None:
    """Kill a process and its group, in which some may be too young to be told."""
    try:
        group = os.getpgid(pid)
        if group != os.getpgrp():
            os.killpg(group, _KILL)
        os.kill(pid, _KILL)
    except (ProcessLookupError, PermissionError):
        return
