"""Values of a declarative file as people write them, to those that schedule.json has.

`timeout: 10m`, `memory: 512MB`, `retries: 3`, `activeHours: mon-fri 09:00-17:00`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ncp import fields
from ncp.cron import points
from ncp.document.text import shown
from ncp.errors import InputError, Location
from ncp.fields import hours
from ncp.fields.meant import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHORT = {row.short.key: row.key for row in fields.TASK if row.short is not None}
"""Keys of a task, and the keys of schedule.json that they stand for."""
INSIDE = {
    name: {row.short.key: row.key for row in fields.INSIDE[name] if row.short is not None}
    for name in ("retries", "limits", "steps")
}
"""The same, of the objects in a task."""
FLAG_KEYS = tuple(row.key for row in fields.TASK if row.option and row.option.takes == "flag")
AMOUNTS: dict[str, Callable[[str], float]] = {
    row.key: row.option.read for row in fields.FIELDS if row.option and row.option.read
}
TASK = Location("task")


def long(raw: Mapping[str, Any], now: datetime, zone: str) -> dict[str, Any]:
    """Give a task the keys and values of schedule.json; InputError names the key."""
    tree = _renamed(raw, SHORT, TASK)
    memory = tree.pop("memory", None)
    if memory is not None:
        tree["limits"] = _with_memory(memory, tree.get("limits") or {})
    if isinstance(tree.get("retries"), int) and not isinstance(tree["retries"], bool):
        tree["retries"] = {"attempts": tree["retries"]}
    if isinstance(tree.get("activeHours"), str):
        tree["activeHours"] = _hours(tree["activeHours"])
    if isinstance(tree.get("endDate"), str):
        tree["endDate"] = _end(tree["endDate"], now, zone)
    for key, names in INSIDE.items():
        tree |= {key: _inside(tree[key], names, TASK + f".{key}")} if key in tree else {}
    return tree


def _inside(value: Any, names: Mapping[str, str], where: Location) -> Any:
    if isinstance(value, list):
        return [_inside(one, names, where + f"[{number}]") for number, one in enumerate(value)]
    return _renamed(value, names, where) if isinstance(value, dict) else value


def _renamed(raw: Mapping[str, Any], names: Mapping[str, str], where: Location) -> dict[str, Any]:
    for short, long_ in names.items():
        if short in raw and long_ in raw:
            raise InputError(
                f"It has {short} and {long_}.",
                where=where + f".{long_}",
                next_step="Remove one of them.",
            )
    return {
        names.get(key, key): _value(names.get(key, key), value, where + f".{key}")
        for key, value in raw.items()
    }


def _value(key: str, value: Any, where: Location) -> Any:
    """Read an amount with its unit, and what YAML 1.1 took for true and false."""
    if isinstance(value, str) and key in AMOUNTS:
        return amount(AMOUNTS[key], where.key.rpartition(".")[2], value, where)
    return truth(value) if key in FLAG_KEYS else value


def _with_memory(memory: object, limits: Any) -> dict[str, Any]:
    """Lay `memory` of a task into its limits."""
    if not isinstance(limits, dict) or {"memory", "memoryMb"} & {*limits}:
        raise InputError(
            "It has memory and limits of memory.",
            where=TASK + ".memory",
            next_step="Remove one of them.",
        )
    return {**limits, "memoryMb": _value("memoryMb", memory, TASK + ".memory")}


def truth(value: object) -> object:
    """True or false for what people write for them; anything else as it is."""
    return FLAGS.get(value.lower(), value) if isinstance(value, str) else value


def amount(read: Callable[[str], float], key: str, text: str, where: Location) -> float:
    """Read an amount; InputError says where, and what to write after its key."""
    try:
        found = read(text)
    except InputError as error:
        value = error.next_step.removeprefix("Write: ")
        step = f"Write: {key}: {value}"
        raise InputError(error.what, where=where, next_step=step) from None
    return int(found) if float(found).is_integer() else found


def _hours(text: str) -> Any:
    found = hours.read(text)
    if found is None:
        raise InputError(
            f"{shown(text)} is not a part of the week.",
            where=TASK + ".activeHours",
            next_step="Write: activeHours: mon-fri 09:00-17:00",
        )
    return {"start": found.start, "end": found.end, "days": list(found.days)}


def _end(text: str, now: datetime, zone: str) -> str:
    """Only a point in time that is the same whenever the file is read can be kept."""
    try:
        found = points.read(text, now=now, zone=zone, ahead=True)
    except ValueError:
        return text  # which its check refuses, with what to write
    if not re.match(r"\d{4}-?\d{2}-?\d{2}", text):
        raise InputError(
            f"{shown(text)} is another point in time whenever it is read.",
            where=TASK + ".endDate",
            next_step=f"Write: endDate: {found:%Y-%m-%d}",
        )
    return text if datetime.fromisoformat(text).tzinfo else found.isoformat()
