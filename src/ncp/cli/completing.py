"""What the shell completes: targets, and names from the home."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp import model
from ncp.api import Schedule
from ncp.cli.output import visible
from ncp.cli.tables import short_ids
from ncp.errors import NcpError

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = re.compile(r"[\w@%+=,./-]+")
"""A name that no shell takes apart."""


def tasks(incomplete: str) -> list[tuple[str, str]]:
    """Complete a task: its name where that is one plain word, else the start of its id."""
    return [pair for pair in _tasks(_model()) if pair[0].startswith(incomplete)]


def tasks_and_timings(incomplete: str) -> list[tuple[str, str]]:
    """Complete a task or the id of a timing; a word that is both, with its kind in front."""
    found = _model()
    timings = [(timing.id, visible(timing.name)) for timing in found.timings.values()]
    tasks = [*_tasks(found)]
    both = {word for word, _ in tasks} & found.timings.keys()
    pairs = [(f"task:{word}" if word in both else word, about) for word, about in tasks]
    pairs += [(f"timing:{word}" if word in both else word, about) for word, about in timings]
    return [pair for pair in pairs if pair[0].startswith(incomplete)]


def tags(incomplete: str) -> list[str]:
    """Complete a tag that a task has."""
    known = dict.fromkeys(tag for task in _model().tasks.values() for tag in task.tags)
    return [tag for tag in known if tag.startswith(incomplete)]


def targets(incomplete: str) -> list[str]:
    """Complete the name of a target."""
    from ncp.api import compiling  # noqa: PLC0415  only where it is asked for

    return [name for name in compiling.TARGETS if name.startswith(incomplete)]


def servers(incomplete: str) -> list[str]:
    """Complete the name of an MCP server."""
    try:
        return [name for name in Schedule().mcp.names if name.startswith(incomplete)]
    except NcpError:
        return []


def _tasks(found: model.Schedule) -> Iterator[tuple[str, str]]:
    words = [*(task.name for task in found.tasks.values()), *found.timings]
    short = short_ids(found.tasks, words)
    for task in found.tasks.values():
        plain = PLAIN.fullmatch(task.name)
        yield (task.name, task.timing_id) if plain else (short[task.id], visible(task.name))


def _model() -> model.Schedule:
    """Read the schedule; where it cannot be read there is nothing to complete."""
    try:
        return Schedule().model
    except NcpError:
        return model.Schedule()
