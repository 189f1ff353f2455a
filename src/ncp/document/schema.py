"""The JSON Schema of schedule.json, generated from the shapes that read it."""

from __future__ import annotations

from typing import Any

import msgspec

from ncp.document import shape
from ncp.fields import TASK
from ncp.fields import parts as parts_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = {
    "TaskShape": "task",
    "StageShape": "step",
    "RetriesShape": "retries",
    "HookShape": "hook",
    "ActiveHoursShape": "activeHours",
    "LimitsShape": "limits",
    "AfterShape": "after",
    "ComplaintShape": "complaint",
    "_TimingShape": "timing",
    "Shape": "every",
}
"""What the shapes are called in a schema."""
OF_INTERVALS = {
    "count": {"minimum": 1},
    "unit": {"enum": ["minute", "hour", "day", "week", "month"]},
}
VALUES: dict[str, dict[str, Any]] = {
    name: {row.key: dict(row.kind.schema) for row in rows if row.kind is not None}
    for name, rows in {
        "task": TASK,
        "step": parts_of.STEPS,
        "hook": parts_of.HOOKS,
        "retries": parts_of.RETRIES,
        "activeHours": parts_of.HOURS,
        "limits": parts_of.LIMITS,
        "after": parts_of.AFTER,
        "complaint": parts_of.COMPLAINTS,
    }.items()
} | {"every": OF_INTERVALS}
"""What values may be, beyond their types."""


def parts() -> dict[str, dict[str, Any]]:
    """The definitions of a task, of a timing and of all that is inside them, made anew."""
    _, found = msgspec.json.schema_components(
        [shape.TASK, shape.TIMING], schema_hook=_anything, ref_template="#/$defs/{name}"
    )
    return {NAMES[name]: _named(part, NAMES[name]) for name, part in found.items()}


def schedule() -> dict[str, Any]:
    """The schema of schedule.json; keys that it does not know are allowed, as ncp keeps them."""
    by_id = {
        name: {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{name[:-1]}"}}
        for name in ("tasks", "timings")
    }
    return {
        "$schema": DRAFT,
        "title": "schedule.json of ncp",
        "type": "object",
        "properties": {"version": {"type": "string"}, **by_id},
        "$defs": parts(),
    }


def _anything(_: type) -> dict[str, Any]:
    """Where the model says `object`: the parameters of a tool."""
    return {"description": "anything"}


def _named(part: dict[str, Any], name: str) -> dict[str, Any]:
    """Put our names and values into a definition."""
    properties = {
        key: _narrowed(_renamed(value), VALUES.get(name, {}).get(key, {}))
        for key, value in part["properties"].items()
    }
    return {"type": "object", "properties": properties, "required": part["required"]}


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one) for one in value]
    if isinstance(value, str) and value.startswith("#/$defs/"):
        return f"#/$defs/{NAMES[value.removeprefix('#/$defs/')]}"
    return value


def _narrowed(value: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    """Lay limits over a type, or over the one beside null."""
    if "anyOf" in value:
        first, *others = value["anyOf"]
        return {**value, "anyOf": [{**first, **limits}, *others]}
    return {**value, **limits}
