"""An interval in JSON: `{"count": 2, "unit": "week", "anchor": "2026-11-23"}`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from ncp.cron import intervals
from ncp.errors import DocumentError, InputError

if TYPE_CHECKING:
    from ncp.errors import Location
    from ncp.model import Recurrence


class Shape(msgspec.Struct, kw_only=True):
    """The keys and their types."""

    count: int
    unit: str
    anchor: str


def spaced(found: Recurrence, every: Shape, where: Location) -> Recurrence:
    """Give a recurrence its interval; DocumentError names the key."""
    try:
        return intervals.spaced(found, every.count, every.unit, every.anchor)
    except InputError as error:
        place = where + f".{error.where}" if error.where else where
        raise DocumentError(error.what, where=place, next_step=error.next_step) from None


def values(recurrence: Recurrence) -> dict[str, Any] | None:
    """An interval under its keys, None where there is none."""
    return None if recurrence.every is None else asdict(recurrence.every)
