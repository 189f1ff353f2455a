"""How an item differs from the task that it is known as, and that task as the item says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ncp.fields import camel
from ncp.importing import known
from ncp.intake.joining import is_same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.intake.items import Item
    from ncp.model import Recurrence, Task, Timing

HOMES = {
    *("id", "captured_environment", "created_at", "active_since"),
    *("status", "paused_with_all", "origin"),
}
"""What may differ from home to home."""
BY_VARIABLES = {"environment", "working_directory", "command", "shell"}
"""What a crontab's variables decide; the rest of a task may have been changed here since."""


def values(item: Item, task: Task) -> dict[str, Any]:
    """The fields in which a task is not what an item says; none for the same line of a crontab."""
    line = known.line(item)
    if line is not None and known.key(item) == known.key(task):
        return {}
    plain = {"shell": False} if line is not None else {}
    said = {**plain, **item.values}
    names = said.keys() - HOMES if line is None else said.keys() & BY_VARIABLES
    return {name: said[name] for name in sorted(names) if getattr(task, name) != said[name]}


def is_moved(
    item: Item, task: Task, timing: Timing, recurrence: Recurrence, zone: str | None
) -> bool:
    """Tell whether an item is due at other times than its task."""
    same_line = known.line(item) is not None and known.key(item) == known.key(task)
    return not same_line and not is_same(item, recurrence, zone, timing)


def names(fields: Mapping[str, Any], task: Task, *, moved: bool) -> Iterator[str]:
    """Name what differs, variables one by one."""
    yield from (camel(name) for name in fields if name != "environment")
    if moved:
        yield "when it is due"
    yield from known.changes(task.environment, fields.get("environment", task.environment))


def updated(task: Task, fields: Mapping[str, Any], item: Item) -> Task:
    """Make a task what an item says."""
    return replace(task, **fields, origin=item.origin or task.origin)
