"""Instants as people write and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import calendar, points

if TYPE_CHECKING:
    from datetime import datetime


def read(text: str, *, now: datetime, zone: str, ahead: bool = False) -> datetime:
    """Read a point in time (a date, a clock time, an age); ValueError for anything else.

    A duration counts back from now, or with `ahead` forward.
    """
    return points.read(text, now=now, zone=zone, ahead=ahead)


def local(instant: datetime, zone: str) -> datetime:
    """An aware instant on the clock of a zone."""
    return calendar.local(instant, zone)
