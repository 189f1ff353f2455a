"""Time zones as integers: which UTC offset holds from which minute on.

The only other owner of zoneinfo in this layer is `calendar`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ncp.errors import ZoneError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PROBE = timedelta(days=1)
"""No zone changes its offset twice within a day (from 1990 on: each looked at every six hours)."""


def zone(name: str) -> ZoneInfo:
    """Find an IANA zone; InputError names the nearest one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name.title(), sorted(available_timezones()), n=1)
        hint = f"Did you mean {near[0]}?" if near else "Write for example Europe/Berlin."
        raise ZoneError(
            f'"{name}" is not an IANA time zone.', where="time zone", next_step=hint
        ) from None


def minutes(instant: datetime) -> int:
    """Whole minutes since the epoch, rounded down."""
    return int((instant - EPOCH) // timedelta(minutes=1))


def minutes_up(instant: datetime) -> int:
    """Whole minutes since the epoch, rounded up: never before the instant."""
    return -int((EPOCH - instant) // timedelta(minutes=1))


def instant(minute: int) -> datetime:
    """The aware UTC instant of a minute since the epoch."""
    return EPOCH + timedelta(minutes=minute)


def offset_minutes(name: str, at: datetime) -> int:
    """The zone's UTC offset at an aware instant, in whole minutes."""
    offset = at.astimezone(zone(name)).utcoffset() or timedelta(0)
    return int(offset // timedelta(minutes=1))


@lru_cache(maxsize=256)
def transitions(name: str, start: datetime, end: datetime) -> tuple[tuple[int, int], ...]:
    """List the offsets of a zone as (first UTC minute, offset in minutes), ascending.

    The first pair covers `start`; the last one covers `end` and everything after.
    """
    clock = zone(name)  # 5500 times in fifteen years: no function in between
    found = [(minutes(start), offset_minutes(name, start))]
    at, last = start, start.astimezone(clock).utcoffset()
    while at < end:
        after = at + PROBE
        offset = after.astimezone(clock).utcoffset()
        if offset != last and offset_minutes(name, after) != found[-1][1]:
            moment = _moment(name, at, after)
            found.append((minutes(moment), offset_minutes(name, moment)))
        at, last = after, offset
    return tuple(found)


def _moment(name: str, before: datetime, after: datetime) -> datetime:
    """Bisect to the first minute that has the later offset."""
    low, high = minutes(before), minutes(after)
    old = offset_minutes(name, before)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_minutes(name, instant(middle)) == old:
            low = middle
        else:
            high = middle
    return instant(high)
