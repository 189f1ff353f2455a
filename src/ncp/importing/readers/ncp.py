"""A schedule.json of ncp's: an export, or the file of another home (docs/formats.md).

Tasks keep their ids, and so do timings where those are free. Each task is
checked alone, so that a bad one is refused and the others come.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ncp.document import shape, text
from ncp.errors import InputError, Location
from ncp.intake import foreign
from ncp.intake.items import Found, Item, Refusal
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.intake.items import Options
    from ncp.intake.opening import Opened
    from ncp.model import Timing

MAJOR = "2."
OTHERS = {"timing_id", "active_since"}
"""What belongs to the home: where the task is, and since when it counts there."""


def recognises(opened: Opened) -> bool:
    """Tell whether it is a JSON object that speaks of timings, or of the jobs of old."""
    start = opened.loose.lstrip("\ufeff \t\r\n")
    return start.startswith("{") and ('"timings"' in start or '"jobs"' in start)


def read(opened: Opened, options: Options) -> Found:
    """List the tasks of the document; InputError where it is none."""
    tree = text.parse(opened.text, options.where)
    foreign.require_ours(tree, options.where)
    if isinstance(tree, dict) and "jobs" in tree:
        raise InputError(
            "It has version 1; ncp reads version 2.",
            where=options.where,
            next_step=foreign.migration(opened),
        )
    tasks, timings = _section(tree, "tasks", options), _section(tree, "timings", options)
    version = str(tree.get("version", MAJOR))
    if not version.startswith(MAJOR):
        raise InputError(
            f"It has version {version}; ncp reads version 2.",
            where=options.where,
            next_step="Upgrade ncp, for example with: pipx upgrade ncp-scheduler",
        )
    return Found(tuple(_item(key, tree, timings) for key, tree in tasks.items()))


def _section(tree: Any, name: str, options: Options) -> dict[str, Any]:
    found = tree.get(name, {}) if isinstance(tree, dict) else None
    if not isinstance(found, dict):
        raise InputError(
            f"{name} is not an object.",
            where=options.where,
            next_step='Write {"version": "2.0.0", "tasks": {}, "timings": {}}.',
        )
    return found


def _item(key: str, tree: Any, timings: Mapping[str, Any]) -> Item:
    place = Location(task=key)
    name = tree.get("name") if isinstance(tree, dict) else None
    named = name if isinstance(name, str) and name.strip() else key
    try:
        task = shape.task(key, tree, place)
        timing = _timing(task.timing_id, timings)
    except InputError as error:
        key = error.key if error.task else error.where
        return Item(str(place), named, refusal=Refusal.of(error, key))
    values = {f.name: getattr(task, f.name) for f in fields(Task) if f.name not in OTHERS}
    return Item(
        place=str(place),
        name=task.name,
        origin=task.origin or "",
        schedule=timing.recurrence,
        timezone=timing.zone,
        values=values,
        timing=timing,
    )


def _timing(key: str, timings: Mapping[str, Any]) -> Timing:
    if key not in timings:
        raise InputError(f"Its timing {key} is missing.", next_step="Add it to timings.")
    return shape.timing(key, timings[key], Location(f'timings["{key}"]'))
