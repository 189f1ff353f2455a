"""The values of a task that types cannot check, by the field table."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import msgspec

from ncp.document import actions, instead
from ncp.document.text import shown
from ncp.errors import DocumentError
from ncp.fields import CHECKED, camel
from ncp.fields.task import VARIABLE
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.errors import Location


def _values(found: Any, name: str, where: Location) -> Iterator[tuple[Any, Location]]:
    """Follow the dots to values and their places; None where an object on the way is absent.

    What comes after a list, a key or `[]`, is followed in each of its items.
    """
    part, _, rest = name.partition(".")
    part, each, _ = part.partition("[]")
    value = None if found is None else getattr(found, part)
    where = where + f".{camel(part)}"
    if isinstance(value, tuple) and (rest or each):
        places = [(item, where + f"[{number}]") for number, item in enumerate(value)]
    else:
        places = [(value, where)]
    for one, place in places:
        yield from _values(one, rest, place) if rest else ((one, place),)


DEFAULTS = {
    f.name: f.default if f.default_factory is MISSING else f.default_factory()
    for f in fields(Task)
    if f.default is not MISSING or f.default_factory is not MISSING
}
_ROWS = [(re.split(r"[.\[]", row[0])[0], *row) for row in CHECKED]


def _complaint(
    complaint: str, value: Any, place: Location, good: Callable[[Any], object]
) -> DocumentError:
    """Complain about a value: what to write is computed from it where that would be taken."""
    what, _, next_step = complaint.partition(". ")
    if complaint is VARIABLE:
        name = next(name for name, one in value.items() if not good({name: one}))
        value, place = name, place + f"[{shown(name)}]"  # what it holds may be a secret
    found = instead.inside(place.key.rpartition(".")[2], value)
    if found is not None and good(found):
        next_step = f"Write {shown(found)}."
    return DocumentError(f"{shown(value)} {what}.", where=place, next_step=next_step)


def check(found: Task, where: Location) -> None:
    """Check the values that types do not; DocumentError names the key."""
    # Most values of most tasks are the defaults, which are good: a document may hold thousands.
    usual = {name for name, default in DEFAULTS.items() if getattr(found, name) == default}
    for field, name, good, complaint in _ROWS:
        if field in usual:
            continue
        for value, place in _values(found, name, where):
            if not good(value):
                raise _complaint(complaint, msgspec.to_builtins(value), place, good)
    actions.check_action(found, where)
