"""What a task and a timing look like in JSON; `complaints` checks types, `checks` values.

The shapes are generated from the model, so a field is declared once.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from ncp.cron import expression, zones
from ncp.document import every, nested
from ncp.document.checks import DEFAULTS, check
from ncp.document.complaints import converted
from ncp.document.text import shown
from ncp.errors import DocumentError, InputError
from ncp.fields import camel
from ncp.fields.values import instant
from ncp.model import Recurrence, Task, Timing

if TYPE_CHECKING:
    from collections.abc import Collection

    from ncp.errors import Location

TIMING_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
TASK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_HINTS = get_type_hints(Task, localns={"Mapping": dict}) | nested.SHAPES


def _default(f: Any) -> Any:
    return f.default if f.default_factory is MISSING else f.default_factory()


_TASK_FIELDS = {f.name: f for f in fields(Task)}
_SHAPE_NAMES = tuple(name for name in _TASK_FIELDS if name != "id")
_TASK_KEYS = {name: camel(name) for name in _TASK_FIELDS}
TASK_DEFAULTS = {
    _TASK_KEYS[name]: msgspec.to_builtins(_default(f))
    for name, f in _TASK_FIELDS.items()
    if f.default is not MISSING or f.default_factory is not MISSING
}
_TaskShape = msgspec.defstruct(
    "TaskShape",
    [
        (name, _HINTS[name]) if _default(f) is MISSING else (name, _HINTS[name], _default(f))
        for name, f in _TASK_FIELDS.items()
        if name != "id"
    ],
    rename="camel",
    kw_only=True,
)


class _TimingShape(msgspec.Struct, rename="camel", kw_only=True):
    name: str = ""
    cron_expression: str | None = None
    every: every.Shape | None = None
    at: str | None = None
    never: bool = False
    timezone: str | None = None
    task_ids: tuple[str, ...] = ()
    created_at: str | None = None


TIMING_DEFAULTS: dict[str, Any] = {
    "cronExpression": None,
    "every": None,
    "at": None,
    "never": False,
    "timezone": None,
    "createdAt": None,
}


TASK: Any = _TaskShape
TIMING: Any = _TimingShape
"""The shapes, for a schema of them."""


def task(key: str, tree: object, where: Location) -> Task:
    """Convert and check one task; DocumentError names the key."""
    _check_id(key, tree, TASK_ID, where)
    shape = converted(tree, _TaskShape, where)
    values = {name: getattr(shape, name) for name in _SHAPE_NAMES}
    for name in nested.NAMES:
        values[name] = nested.value(name, values[name])
    found = Task(id=key, **values)
    check(found, where)
    return found


def task_fields(tree: dict[str, Any], where: Location) -> dict[str, Any]:
    """Convert some keys of a task to fields of the model; DocumentError names the key.

    Types only: `check` looks at the values of a whole task.
    """
    shape = converted({"name": "task", "timingId": "", **tree}, _TaskShape, where)
    names = [name for name, key in _TASK_KEYS.items() if key in tree]
    return {name: nested.value(name, getattr(shape, name)) for name in names}


def timing(key: str, tree: object, where: Location) -> Timing:
    """Convert and check one timing; its expression is parsed here."""
    _check_id(key, tree, TIMING_ID, where)
    shape = converted(tree, _TimingShape, where)
    return Timing(
        id=key,
        name=shape.name or key,
        recurrence=_recurrence(shape, where),
        zone=_zone(shape.timezone, where),
        task_ids=shape.task_ids,
        created_at=shape.created_at,
    )


def task_values(found: Task, kept: Collection[str] = ()) -> dict[str, Any]:
    """A task under its JSON keys: those that are not the default, and those that are `kept`."""
    return {
        key: _plain(key, msgspec.to_builtins(nested.tree(getattr(found, name))))
        for name, key in _TASK_KEYS.items()
        if key in kept or name not in DEFAULTS or getattr(found, name) != DEFAULTS[name]
    }


def _plain(key: str, value: Any) -> Any:
    return value if key == "parameters" else _tidy(value)  # a server may tell 2.0 from 2


def _tidy(value: Any) -> Any:
    """Write 300 rather than 300.0."""
    if isinstance(value, dict):
        return {key: _tidy(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_tidy(one) for one in value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def timing_values(found: Timing) -> dict[str, Any]:
    """A timing under its JSON keys."""
    one_off, never = found.recurrence.at is not None, found.recurrence.never
    return {
        "id": found.id,
        "name": found.name,
        "cronExpression": None if one_off or never else found.recurrence.cron,
        "every": every.values(found.recurrence),
        "at": found.recurrence.text if one_off else None,
        "never": never,
        "timezone": found.zone,
        "taskIds": list(found.task_ids),
        "createdAt": found.created_at,
    }


def _check_id(key: str, tree: object, pattern: re.Pattern[str], where: Location) -> None:
    if not pattern.fullmatch(key):
        raise DocumentError(
            f"{shown(key)} is not an id.",
            where=where,
            next_step=f"Ids match {pattern.pattern}; rename the key.",
        )
    if isinstance(tree, dict) and tree.get("id", key) != key:
        raise DocumentError(
            f"{shown(tree['id'])} differs from the key it stands under.",
            where=where + ".id",
            next_step=f'Write "{key}".',
        )


def _recurrence(shape: _TimingShape, where: Location) -> Recurrence:
    if (shape.cron_expression is not None) + (shape.at is not None) + shape.never != 1:
        raise DocumentError(
            "A timing needs one of cronExpression, at and never.",
            where=where,
            next_step='Write "cronExpression": "0 9 * * 1-5".',
        )
    if shape.never:
        return _never(shape, where)
    found = _one_off(shape.at, where) if shape.at is not None else _cron(shape, where)
    return found if shape.every is None else every.spaced(found, shape.every, where + ".every")


def _never(shape: _TimingShape, where: Location) -> Recurrence:
    if shape.every is not None:
        raise DocumentError(
            "It never comes, and so has no interval.",
            where=where + ".every",
            next_step="Remove it.",
        )
    return Recurrence()


def _cron(shape: _TimingShape, where: Location) -> Recurrence:
    try:
        return expression.parse(shape.cron_expression or "")
    except InputError as error:
        raise DocumentError(
            f"{error.where}: {error.what}",
            where=where + ".cronExpression",
            next_step=error.next_step,
        ) from None


def _one_off(text: str, where: Location) -> Recurrence:
    try:
        return Recurrence(at=zones.instant(zones.minutes_up(instant(text))))
    except ValueError:
        raise DocumentError(
            f"{shown(text)} is not an instant.",
            where=where + ".at",
            next_step='Write "2026-12-24T08:30Z".',
        ) from None


def _zone(name: str | None, where: Location) -> str | None:
    if name is None or name == "local":
        return None
    try:
        return zones.zone(name).key
    except InputError as error:
        raise DocumentError(
            error.what, where=where + ".timezone", next_step=error.next_step
        ) from None
