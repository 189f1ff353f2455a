"""Find and end processes by a variable that they were started with: Linux, from /proc.

After a runner has died this finds what its pid files cannot: a child that was
started but not noted yet, a group whose leader has ended, what left its group.
A program that clears its environment is not found, and neither is anything
where there is no /proc (macOS, Windows).
"""

from __future__ import annotations

import os
import time

from ncp.process.strays import environment_of, processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

MOST_ROUNDS = 50
"""A process may fork while it is being found: it is looked for this often at most."""
QUIET_ROUNDS = 2
PAUSE_SECONDS = 0.005
"""In the middle of an exec a process shows no environment: one look is not enough."""
_KILL = 9


def found_by(variable: str, values: Collection[str]) -> dict[str, list[int]]:
    """List this user's processes by the value that their environment gives a variable."""
    wanted = {f"{variable}={value}".encode(): value for value in values}
    found: dict[str, list[int]] = {}
    for pid in processes():
        for pair in wanted.keys() & environment_of(pid):
            found.setdefault(wanted[pair], []).append(pid)
    return found


def end_marked(variable: str, values: Collection[str]) -> int:
    """Kill this user's processes whose environment gives a variable one of these values.

    Returns how many were killed.
    """
    wanted = {f"{variable}={value}".encode() for value in values}
    killed: set[int] = set()
    me = os.getpid()
    quiet = 0
    for _ in range(MOST_ROUNDS):
        found = [
            pid for pid in processes() if pid != me and not wanted.isdisjoint(environment_of(pid))
        ]
        quiet = 0 if found else quiet + 1
        if quiet == QUIET_ROUNDS:
            break
        for pid in found:
            _kill(pid)
        killed.update(found)
        time.sleep(PAUSE_SECONDS)
    return len(killed)


def _kill(pid: int) -> None:
    """Kill a process and its group, in which some may be too young to be told."""
    try:
        group = os.getpgid(pid)
        if group != os.getpgrp():
            os.killpg(group, _KILL)
        os.kill(pid, _KILL)
    except (ProcessLookupError, PermissionError):
        return
