"""End on POSIX systems what a dead runner left behind."""

from __future__ import annotations

import os
import time

from ncp.process.child import group_of, signal_group
from ncp.process.identity import alive, start_of
from ncp.process.strays import descendants, marked, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping

    from ncp.owners import Owner
else:
    import _signal  # the same names without enums, which cost 5 ms


def end_orphan(child: Owner, grace: float, mark: str) -> None:
    """End a child whose runner is dead, all below it and all that carries its mark.

    SIGTERM, grace, SIGKILL.
    """
    left = _tree(child, mark)
    _signal_all(child, left, _signal.SIGTERM)
    until = time.monotonic() + grace
    while _is_there(child, left) and time.monotonic() < until:
        time.sleep(0.02)
    _signal_all(child, {**left, **_tree(child, mark)}, _signal.SIGKILL)


def _tree(child: Owner, mark: str) -> dict[int, str]:
    """List the processes by number, each with its start time."""
    roots = [*([child[1]] if alive(child) else []), *marked(mark)]
    found = {pid for root in roots for pid in [root, *descendants(root)]}
    found.discard(os.getpid())
    return {pid: start for pid in found if (start := start_of(pid))}


def _is_there(child: Owner, left: Mapping[int, str]) -> bool:
    return alive(child) or any(start_of(pid) == start for pid, start in left.items())


def _signal_all(child: Owner, left: Mapping[int, str], number: int) -> None:
    leads = alive(child)  # else the number of its group may be another's by now
    if leads:
        signal_group(child[1], number)
    for pid, start in left.items():
        if start_of(pid) == start and not (leads and group_of(pid) == child[1]):
            send(pid, number)
