"""Times of day that a zone's clock skips or repeats, as rules in UTC.

systemd hands such a label to mktime, and what that answers depends on what it
was asked before: the label may come out as either pass of a repeated hour, the
rest of a day may be lost after a gap (Casablanca, Dublin), or the timer ends
with "Resource deadlock avoided" (Chatham; systemd 252, measured). In UTC no
label is special. An offset that a month never has costs no wake-up there.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ncp.cron.zones import instant, minutes
from ncp.targets import zones

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.model import Rule
    from ncp.targets.zones import Offsets


def split(rule: Rule, zone: str, now: datetime) -> tuple[list[Rule], list[Rule]]:
    """Part a rule into rules for the zone's clock and rules for UTC; either may be empty."""
    offsets = zones.offsets(zone, *zones.period(now))
    unsure = _unsure_hours(offsets)
    hours = range(zones.HOURS) if rule.hours is None else rule.hours
    sure = tuple(hour for hour in hours if hour not in unsure)
    if len(sure) == len(hours):
        return [rule], []
    local = [replace(rule, hours=sure)] if sure else []
    night = replace(rule, hours=tuple(hour for hour in hours if hour in unsure))
    return local, _in_utc(night, offsets, now)


def _unsure_hours(offsets: Offsets) -> set[int]:
    """The hours of the day in which the clock ever skips or repeats a minute."""
    return {
        label % zones.DAY // zones.HOUR
        for (_, before), (moment, after) in pairwise(offsets)
        for label in range(moment + min(before, after), moment + max(before, after))
    }


def _in_utc(rule: Rule, offsets: Offsets, now: datetime) -> list[Rule]:
    months: dict[frozenset[int], list[int]] = {}
    for month, some in _offsets_of_months(offsets, now).items():
        if rule.months is None or month in rule.months:
            months.setdefault(some, []).append(month)
    moved = [
        each
        for some, which in months.items()
        for by in sorted(some)
        for each in zones.shifted(replace(rule, months=zones.months(which)), -by)
    ]
    return zones.merged(moved)


def _offsets_of_months(offsets: Offsets, now: datetime) -> dict[int, frozenset[int]]:
    """Which offsets each month of the zone's clock has, in any year of the period."""
    end = zones.period(now)[1]
    found: dict[int, set[int]] = {month: set() for month in range(1, 13)}
    ends = [moment for moment, _ in offsets[1:]] + [minutes(end)]
    for (start, offset), stop in zip(offsets, ends, strict=True):
        for minute in range(start, min(stop, start + 366 * zones.DAY), zones.DAY):
            found[instant(minute + offset).month].add(offset)
        found[instant(stop - 1 + offset).month].add(offset)
    return {month: frozenset(some) for month, some in found.items()}
