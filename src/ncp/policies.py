"""Whether a task starts beside itself: decisions on plain values, for the path of a firing."""

from __future__ import annotations

SKIP, QUEUE, REPLACE, ALLOW = "skip", "queue", "replace", "allow"
OVERLAPS = (SKIP, QUEUE, REPLACE, ALLOW)


def admits(overlap: str, *, running: bool, waiting: bool) -> bool:
    """Tell whether an execution may be planned while others of its task run or wait to start."""
    if overlap == ALLOW:
        return True
    if waiting:
        return False  # one is enough: it starts as soon as it may
    return not running or overlap in {QUEUE, REPLACE}


def waits(overlap: str) -> bool:
    """Tell whether an execution waits for others of its task to be over."""
    return overlap != ALLOW
