"""The JSON Schema of a declarative file: that of schedule.json, and the short forms."""

from __future__ import annotations

from typing import Any

from ncp.document import schema
from ncp.importing import declared, declared_file

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
SHORT: dict[str, dict[str, Any]] = {
    "cron": {**TEXT, "description": "When: a cron expression, such as 0 9 * * 1-5."},
    "schedule": {**TEXT, "description": "When: words, such as weekdays at 9am."},
    "at": {**TEXT, "description": "When: one instant, such as 2030-01-01T08:00Z."},
    "every": {"$ref": "#/$defs/every", "description": "Beside cron: which of its slots count."},
    "timezone": {**TEXT, "description": "An IANA zone; the machine's own without it."},
    "path": {**TEXT, "description": "A folder, in which ./run.sh runs."},
    "args": {**WORDS, "description": "The arguments of ./run.sh."},
    "timeout": {"type": "number", "minimum": 0, "description": "Seconds; 0: no deadline."},
    "enabled": {
        "anyOf": [{"type": "boolean"}, {"enum": [*declared.BOOLEANS]}],
        "description": "false: the task is paused.",
    },
}
"""What schedule.json does not have."""


def file() -> dict[str, Any]:
    """The schema of a declarative file; unknown keys of a task are refused, as `apply` does."""
    parts = schema.parts()
    del parts["timing"]
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
        "patternProperties": {f"^{declared_file.EXTRA}": True},
        "required": ["tasks"],
        "additionalProperties": False,
        "$defs": parts,
    }


def _scheduler() -> dict[str, Any]:
    return {
        "type": ["object", "null"],
        "properties": {
            "default_timeout": {"type": ["number", "null"], "minimum": 0},
            "log_file": {"type": ["string", "null"]},
        },
        "patternProperties": {f"^{declared_file.EXTRA}": True},
        "additionalProperties": False,
    }


def _task(properties: dict[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in properties.items() if key in declared.KEYS} | SHORT
    known |= {
        "name": {**WRITTEN, "description": "What it is known by: no two alike."},
        "umask": {"type": ["string", "integer"], "default": "022"},
        "command": COMMAND,
        "environment": {"type": "object", "additionalProperties": WRITTEN},
        "after": {"type": "array", "items": {"anyOf": [TEXT, {"$ref": "#/$defs/after"}]}},
        "catchupMissed": {"type": "boolean", "default": True},
    }
    return {
        "type": "object",
        "properties": {key: known[key] for key in declared.KEYS},
        "required": ["name"],
        "oneOf": [{"required": [key]} for key in declared.WHEN],
        "anyOf": [{"required": [key]} for key in declared.RUNS],
        **ONE_TEXT,
        "additionalProperties": False,
    }
