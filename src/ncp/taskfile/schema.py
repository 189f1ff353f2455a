"""The JSON Schema of a declarative file: that of schedule.json, and the short forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.document import schema
from ncp.fields import TASK, hours
from ncp.fields.meant import FLAGS
from ncp.taskfile import entry, reading, shorthand

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITTEN = {"type": ["string", "number", "boolean", "null"]}
"""A text that may look like a number in YAML."""
TEXT = {"type": "string", "minLength": 1}
WORDS = {"type": "array", "items": WRITTEN}
COMMAND = {"anyOf": [{**WORDS, "minItems": 1}, TEXT]}
ONE_TEXT = {
    "if": {"properties": {"command": {"type": "string"}}, "required": ["command"]},
    "then": {"properties": {"shell": {"const": True}}, "required": ["shell"]},
}
"""A command that is one text is for a shell, and says so."""
AMOUNT = {"type": "string", "pattern": amounts.WRITTEN}
"""A number with its unit."""
DURATION = {"anyOf": [{"type": "number", "minimum": 0}, AMOUNT]}
SIZE = {"anyOf": [{"type": "integer", "minimum": 1}, AMOUNT]}
COUNT = {"type": "integer", "minimum": 1, "maximum": 10}
HOURS = {"type": "string", "pattern": f"^\\s*{hours.TEXT}\\s*$"}
LISTS = [row.key for row in TASK if row.type == "list of text"]
FLAG = {"anyOf": [{"type": "boolean"}, {"enum": [*FLAGS]}]}
SHORT: dict[str, dict[str, Any]] = {
    "cron": {**TEXT, "description": "When: a cron expression, such as 0 9 * * 1-5."},
    "schedule": {**TEXT, "description": "When: words, such as weekdays at 9am."},
    "at": {**TEXT, "description": "When: one instant, such as 2030-01-01T08:00Z."},
    "every": {"$ref": "#/$defs/every", "description": "Beside cron: which of its slots count."},
    "timezone": {**TEXT, "description": "An IANA zone; the machine's own without it."},
    "path": {**TEXT, "description": "A folder, in which ./run.sh runs."},
    "args": {**WORDS, "description": "The arguments of ./run.sh."},
    **{
        row.short.key: {**DURATION, "description": row.short.help}
        for row in TASK
        if row.short is not None
    },
    "memory": {**SIZE, "description": "limits.memoryMb: 512MB, 2G, or MB."},
    "enabled": {
        **FLAG,
        "description": "false: the task is paused.",
    },
}
"""What schedule.json does not have."""


def file() -> dict[str, Any]:
    """The schema of a declarative file; unknown keys of a task are refused, as `apply` does."""
    parts = schema.parts()
    del parts["timing"], parts["complaint"]
    for name, short in shorthand.INSIDE.items():
        _written(parts[name.removesuffix("s") if name == "steps" else name]["properties"], short)
    for name in ("step", "hook"):
        parts[name]["properties"]["command"] = COMMAND
        parts[name] |= ONE_TEXT
    parts["task"] = _task(parts["task"]["properties"])
    return {
        "$schema": schema.DRAFT,
        "title": "A declarative schedule of ncp",
        "type": "object",
        "properties": {
            "$schema": {"type": "string"},
            "scheduler": _scheduler(),
            "tasks": {"type": "array", "items": {"$ref": "#/$defs/task"}},
        },
        "patternProperties": {f"^{reading.EXTRA}": True},
        "required": ["tasks"],
        "additionalProperties": False,
        "$defs": parts,
    }


def _scheduler() -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "properties": {
            "default_timeout": {"anyOf": [*DURATION["anyOf"], {"type": "null"}]},
            "log_file": {"type": ["string", "null"]},
        },
        "patternProperties": {f"^{reading.EXTRA}": True},
        "additionalProperties": False,
    }


def _written(properties: dict[str, Any], short: Mapping[str, str]) -> None:
    """Let amounts be numbers or texts with units, also under their short keys."""
    for key in shorthand.AMOUNTS.keys() & properties.keys():
        kinds = properties[key].pop("anyOf", None) or [_kind(properties[key])]
        properties[key]["anyOf"] = [*kinds, AMOUNT]
    properties |= {key: properties[long] for key, long in short.items() if long in properties}


def _kind(value: dict[str, Any]) -> dict[str, Any]:
    """Take what only a number has out of a schema."""
    return {key: value.pop(key) for key in ("type", "minimum", "maximum") if key in value}


def _task(properties: dict[str, Any]) -> dict[str, Any]:
    _written(properties, {})
    known = {key: value for key, value in properties.items() if key in entry.KEYS} | SHORT
    retries, active = known["retries"], known["activeHours"]
    known |= {
        "name": {**WRITTEN, "description": "What it is known by: no two alike."},
        "umask": {"type": ["string", "integer"], "default": "022"},
        **{key: {**known[key], "items": known[key]["items"] | WRITTEN} for key in LISTS},
        "command": COMMAND,
        "environment": {"type": "object", "additionalProperties": WRITTEN},
        "after": {"type": "array", "items": {"anyOf": [TEXT, {"$ref": "#/$defs/after"}]}},
        "retries": {**retries, "anyOf": [COUNT, *retries["anyOf"]]},
        "activeHours": {**active, "anyOf": [HOURS, *active["anyOf"]]},
        "endDate": {"type": ["string", "null"], "default": None},
        **dict.fromkeys(shorthand.FLAG_KEYS, FLAG),
        "catchupMissed": {**FLAG, "default": True},
    }
    return {
        "type": "object",
        "properties": {key: known[key] for key in entry.KEYS},
        "required": ["name"],
        "oneOf": [{"required": [key]} for key in entry.WHEN],
        "anyOf": [{"required": [key]} for key in entry.RUNS],
        **ONE_TEXT,
        "additionalProperties": False,
    }
