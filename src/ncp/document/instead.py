"""What was meant by a value that cannot be used, as JSON to write in its place.

Computed from the value by the readers of its row, so that pasting it does what was meant; where
that cannot be known, the answer is None and the complaint's own example stands.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ncp.fields import KINDS, meant

if TYPE_CHECKING:
    from collections.abc import Callable

BY_TYPE: dict[str, Callable[[Any], object]] = {
    "bool": meant.as_flag,
    "str": meant.as_text,
    "int": meant.as_count,
    "float": meant.as_number,
}
"""By the type that msgspec wanted."""


def written(key: str, wanted: str, value: object) -> str | None:
    """JSON for the value of a key, or of the type that is wanted there; None if unknown."""
    reader = _reader(key) or BY_TYPE.get(wanted)
    found = reader(value) if reader else None
    same = type(found) is type(value) and found == value
    return None if found is None or same else json.dumps(found, ensure_ascii=False)


def inside(key: str, value: object) -> object:
    """Say what was meant by a value of the right type that is out of bounds; None if unknown."""
    reader = _reader(key)
    found = reader(value) if reader else value
    bounds = KINDS[key].bounds if key in KINDS else None
    if isinstance(found, int | float) and bounds is not None:
        least, most = bounds
        found = min(max(found, least), most)
    return None if found == value else found


def _reader(key: str) -> Callable[[Any], object] | None:
    return KINDS[key].meant if key in KINDS else None
