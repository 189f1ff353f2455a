"""A whole document: its text to the model and back.

The raw tree is kept, so that unknown keys survive a round trip.
"""

from __future__ import annotations

import itertools
import marshal
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ncp.document import nested, relations, shape, text
from ncp.document.checks import check
from ncp.document.relations import disorders, require_order, waiting_for
from ncp.document.repairs import repaired
from ncp.errors import DocumentError, Location
from ncp.model import Schedule, Task, Timing

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "2.0.0"
MAJOR = 2
MAJORS = re.compile(r"[1-9][0-9]{0,3}")

__all__ = [
    "VERSION",
    "Document",
    "check",
    "disorders",
    "dump",
    "parse",
    "require_order",
    "task_tree",
    "timing_tree",
    "waiting_for",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: the schedule, and the raw tree and the text it came from.

    `repairs` say what the tree had to be put right in, `counters` what its tasks
    said of how often they ran, both where the old tool wrote it.
    """

    schedule: Schedule = field(default_factory=Schedule)
    tree: Mapping[str, Any] = field(default_factory=dict)
    source: str | bytes | None = field(default=None, compare=False, repr=False)
    repairs: tuple[str, ...] = field(default=(), compare=False)
    counters: tuple[tuple[str, Mapping[str, Any]], ...] = field(default=(), compare=False)


def parse(
    source: str | bytes, where: str = "schedule.json", *, known: Document | None = None
) -> Document:
    """Read a document; DocumentError names the line and column, or the key.

    `known` is one that was read before: what reads the same there is not
    converted and checked again.
    """
    before = Document() if known is None else known
    if source == before.source:
        return before
    tree = text.parse(source, where)
    if not isinstance(tree, dict):
        raise DocumentError(
            "The document is not an object.", where=where, next_step='Write {"version": "2.0.0"}.'
        )
    _check_version(tree.get("version", VERSION), where)
    mended = repaired(tree)
    tree = mended.tree
    timings = {
        key: replace(before.schedule.timings[key], task_ids=tuple(value.get("taskIds", ())))
        if _is_known(before, "timings", key, value)
        else shape.timing(key, value, Location(f'timings["{key}"]', file=where))
        for key, value in _section(tree, "timings", where).items()
    }
    tasks = {
        key: before.schedule.tasks[key]
        if _is_known(before, "tasks", key, value)
        else shape.task(key, value, Location(task=key, file=where))
        for key, value in _section(tree, "tasks", where).items()
    }
    for task in tasks.values():
        _require_timing(task, timings, where)
    schedule = Schedule(tasks, _grouped(tasks, timings))
    relations.require_order(schedule, where)
    return Document(schedule, tree, source, mended.notes, mended.counters)


def _is_known(before: Document, section: str, key: str, value: Any) -> bool:
    """Tell whether a value is the one that was read before; `==` takes true for 1."""
    old = before.tree.get(section, {}).get(key)
    return old is not None and marshal.dumps(old, 2) == marshal.dumps(value, 2)


def dump(document: Document, schedule: Schedule) -> str:
    """Write a schedule over the tree of the document it came from."""
    old_tasks, old_timings = (document.tree.get(name, {}) for name in ("tasks", "timings"))
    tree = {
        **document.tree,
        "version": document.tree.get("version", VERSION),
        "tasks": {key: task_tree(task, old_tasks.get(key)) for key, task in schedule.tasks.items()},
        "timings": {
            key: timing_tree(timing, old_timings.get(key))
            for key, timing in schedule.timings.items()
        },
    }
    return text.dump(tree)


def task_tree(task: Task, old: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Lay a task over its old tree; a value that is the default is not written anew."""
    before = old or {}
    values = shape.task_values(task, before)
    for key, defaults in nested.DEFAULTS.items():
        if key not in values:
            continue
        if isinstance(values[key], tuple):
            values[key] = _each_laid_over(values[key], defaults, before.get(key) or [])
        elif values[key] is not None:
            values[key] = _laid_over(values[key], defaults, before.get(key))
    return _laid_over(values, shape.TASK_DEFAULTS, old)


def _each_laid_over(
    values: tuple[dict[str, Any], ...], defaults: Mapping[str, Any], old: list[dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Lay each over the old one of its place, unless its first key says that it is another one."""
    pairs = itertools.zip_longest(values, old[: len(values)])
    return tuple(
        _laid_over(value, defaults, before if _is_same(value, before or {}) else None)
        for value, before in pairs
    )


def _is_same(value: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    key, found = next(iter(value.items()))
    return before.get(key) == (list(found) if isinstance(found, tuple) else found)


def timing_tree(timing: Timing, old: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Lay a timing over its old tree."""
    return _laid_over(shape.timing_values(timing), shape.TIMING_DEFAULTS, old)


def _laid_over(
    values: Mapping[str, Any], defaults: Mapping[str, Any], old: Mapping[str, Any] | None
) -> dict[str, Any]:
    tree = dict(old or {})
    for key, value in values.items():
        if key in tree or key not in defaults or value != defaults[key]:
            tree[key] = value
    return tree


def _check_version(version: object, where: str) -> None:
    major = version.split(".")[0] if isinstance(version, str) else ""
    if not MAJORS.fullmatch(major):
        raise DocumentError(
            f"{text.shown(version)} is not a version.",
            where=f"{where}: version",
            next_step=f'Write "{VERSION}".',
        )
    if int(major) > MAJOR:
        raise DocumentError(
            f"The document has version {version}; this ncp reads up to {MAJOR}.x.",
            where=f"{where}: version",
            next_step="Upgrade ncp, for example with: pipx upgrade ncp-scheduler",
        )


def _section(tree: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    section = tree.get(name, {})
    if not isinstance(section, dict):
        raise DocumentError(
            f"{text.shown(section)} is not an object of {name} by id.",
            where=f"{where}: {name}",
            next_step=f'Write "{name}": {{}}.',
        )
    return section


def _require_timing(task: Task, timings: Mapping[str, Timing], where: str) -> None:
    if task.timing_id not in timings:
        raise DocumentError(
            f'"{task.timing_id}" is not among the timings.',
            where=Location(task=task.id, path=".timingId", file=where),
            next_step=f"Write one of: {', '.join(list(timings)[:5]) or 'an id under timings'}.",
        )


def _grouped(tasks: Mapping[str, Task], timings: Mapping[str, Timing]) -> dict[str, Timing]:
    """Make each timing's task ids say what the tasks say: listed order first."""
    members: dict[str, list[str]] = {key: [] for key in timings}
    for key, timing in timings.items():
        members[key] = [
            i for i in dict.fromkeys(timing.task_ids) if i in tasks and tasks[i].timing_id == key
        ]
    listed = {task_id for ids in members.values() for task_id in ids}
    for task in tasks.values():
        if task.id not in listed:
            members[task.timing_id].append(task.id)
    return {key: replace(t, task_ids=tuple(members[key])) for key, t in timings.items()}
