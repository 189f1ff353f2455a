"""A task that waits to be mended becomes one like others, once nothing of its trouble is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.api import making
from ncp.document import waiting
from ncp.model import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.model import Task, Timing

IDLE = {"paused", "completed"}
"""What was not active before stays paused when it is mended."""
BY_FIELD = {
    "endDate": "end_date",
    "fireOnce": "fire_once",
    "maxExecutions": "max_executions",
    "name": "name",
    "parameters": "parameters",
}
"""The keys whose complaint ends when the field is given anew."""


def mended(task: Task, timing: Timing, changes: Mapping[str, object]) -> Task:
    """Let a task that waited to be mended be one like others, once nothing of its trouble is left.

    It is active then, unless what it was made from was not.
    """
    if task.original is None:
        return task
    comes = not timing.recurrence.never
    left = tuple(_left(task, changes, comes=comes))
    if left or not (comes and task.acts):
        left = left or tuple(_lacks(task, comes=comes))
        return replace(task, complaints=left, error_message=waiting.said(left))
    return replace(
        task,
        status="paused" if waiting.status_before(task) in IDLE else "active",
        status_before=None,
        original=None,
        complaints=(),
        error_message=None,
        active_since=making.now(),
    )


def _left(task: Task, changes: Mapping[str, object], *, comes: bool) -> Iterator[Complaint]:
    """Find the complaints that a change has not ended."""
    ended = {
        **dict.fromkeys(("cronExpression", "timezone"), comes),
        "tool": task.acts,
        **{key: field in changes for key, field in BY_FIELD.items()},
    }
    for one in waiting.complaints(task):
        if not ended.get(one.key, comes and task.acts):
            yield one


def _lacks(task: Task, *, comes: bool) -> Iterator[Complaint]:
    if not comes:
        yield Complaint("cronExpression", "it is missing")
    if not task.acts:
        yield Complaint("tool", "it is missing")
