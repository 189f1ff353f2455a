"""The rows of the tables that people look at most; nothing here costs an import."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Clock = Callable[[Any], str | None]
    """From an instant of the JSON to the machine's clock, None to None."""

CLOCK = "%a %Y-%m-%d %H:%M %Z"
"""A local instant for people: `Mon 2026-11-23 09:00 CET`."""
TASKS = ("NAME", "TIMING", "STATUS", "LAST", "RESULT", "NEXT", "ID")
STATUSES = ("active", "paused", "completed", "error")
OUTCOMES = ("planned", "running", "success", "failure", "timeout", "skipped", "interrupted")
EXECUTIONS = ("STARTED", "TASK", "TIMING", "STATUS", "EXIT", "TOOK", "REASON", "ID")


def task(found: Mapping[str, Any], clock: Clock) -> tuple[object, ...]:
    """Lay out a task for TASKS."""
    return (
        found["name"],
        found["timingId"],
        found["status"],
        clock(found["lastExecutionAt"]),
        found["lastStatus"],
        clock(found["nextExecutionAt"]),
        found["id"][:8],
    )


def execution(found: Mapping[str, Any], clock: Clock) -> tuple[object, ...]:
    """Lay out an execution for EXECUTIONS."""
    return (
        clock(found["startedAt"] or found["slot"]),
        found["taskName"],
        found["timingId"],
        found["status"],
        found["exitCode"],
        took(found["durationMs"]),
        found["reason"],
        found["executionId"],
    )


def took(ms: int | None) -> str | None:
    """A duration for people: `420 ms`, `3.1 s`, `12 min`."""
    if ms is None:
        return None
    if ms < 1000:
        return f"{ms} ms"
    return f"{ms / 1000:.1f} s" if ms < 120_000 else f"{ms / 60_000:.0f} min"
