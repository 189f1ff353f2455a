"""The objects inside a task, such as its retries: generated from the model, as the task is."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache
from types import GenericAlias
from typing import Any, get_type_hints

import msgspec

from ncp.fields import camel
from ncp.model import ActiveHours, After, Complaint, Hook, Limits, Retries, Stage

KINDS: dict[str, Any] = {
    "retries": Retries,
    "active_hours": ActiveHours,
    "limits": Limits,
    "on_failure": Hook,
    "on_success": Hook,
}
"""The fields of a task that hold such an object, and its type."""
LISTS: dict[str, Any] = {"after": After, "steps": Stage, "complaints": Complaint}
"""The fields that hold a list of such objects."""


@cache
def _shape(kind: Any) -> Any:
    hints = get_type_hints(kind)
    keys = [
        (f.name, hints[f.name])
        if f.default is MISSING
        else (f.name, hints[f.name], msgspec.field(default=f.default))
        for f in fields(kind)
    ]
    return msgspec.defstruct(f"{kind.__name__}Shape", keys, rename="camel", kw_only=True)


SHAPES: dict[str, Any] = {
    **{name: _shape(kind) | None for name, kind in KINDS.items()},
    **{name: GenericAlias(tuple, (_shape(kind), ...)) for name, kind in LISTS.items()},
}
DEFAULTS = {
    camel(name): {
        camel(f.name): msgspec.to_builtins(f.default)
        for f in fields(kind)
        if f.default is not MISSING
    }
    for name, kind in (KINDS | LISTS).items()
}
"""By the key in the task."""
NAMES = (*KINDS, *LISTS)
"""The fields of a task that `value` turns into objects."""


def value(name: str, shape: Any) -> Any:
    """Turn what JSON held for a field of a task into the model's object, if it is one."""
    if name in LISTS:
        return tuple(_made(LISTS[name], one) for one in shape)
    return shape if name not in KINDS or shape is None else _made(KINDS[name], shape)


def _made(kind: Any, shape: Any) -> Any:
    return kind(**{f.name: getattr(shape, f.name) for f in fields(kind)})


def tree(found: Any) -> Any:
    """An object of the model under its JSON keys; anything else as it is."""
    if type(found) is tuple:
        return tuple(tree(one) for one in found)
    if type(found) not in {*KINDS.values(), *LISTS.values()}:
        return found
    return {camel(f.name): getattr(found, f.name) for f in fields(found)}
