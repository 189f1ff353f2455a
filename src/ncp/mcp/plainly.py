"""Whether parameters are plainly what a schema wants, without the library that judges the rest.

Most schemas of tools say little more than types and names; loading the library for them would
be a fifth of the time that making a task takes. What is not plain here may still be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
SILENT = frozenset({"$schema", "title", "description", "default", "examples"})
"""Keywords that say nothing about what is right."""


def right(schema: Any, value: Any) -> bool:
    """Tell whether it is plain that a value is right; false is "ask the library"."""
    if not isinstance(schema, dict):
        return False
    return all(key in SILENT or (key in JUDGED and JUDGED[key](schema, value)) for key in schema)


def _type(schema: Any, value: Any) -> bool:
    kinds = KINDS.get(schema["type"]) if isinstance(schema["type"], str) else None
    return kinds is not None and type(value) in kinds


def _required(schema: Any, value: Any) -> bool:
    names = schema["required"]
    return isinstance(names, list) and isinstance(value, dict) and all(n in value for n in names)


def _properties(schema: Any, value: Any) -> bool:
    known = schema["properties"]
    if not (isinstance(known, dict) and isinstance(value, dict)):
        return False
    return all(right(known[name], one) for name, one in value.items() if name in known)


def _additional(schema: Any, value: Any) -> bool:
    if schema["additionalProperties"] is True:
        return True
    known = schema.get("properties", {})
    closed = schema["additionalProperties"] is False and "patternProperties" not in schema
    return closed and isinstance(value, dict) and isinstance(known, dict) and {*value} <= {*known}


def _items(schema: Any, value: Any) -> bool:
    return isinstance(value, list) and all(right(schema["items"], one) for one in value)


def _enum(schema: Any, value: Any) -> bool:
    choices = schema["enum"]
    return isinstance(value, str) and isinstance(choices, list) and value in choices


JUDGED: dict[str, Callable[[Any, Any], bool]] = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "enum": _enum,
}
