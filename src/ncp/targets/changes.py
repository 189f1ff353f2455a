"""The slots that a scheduler may sleep through because clocks change.

A label that the clock skips has no instant of its own, and one that comes twice
has two; schedulers treat both differently. A target that cannot rely on its own
names these slots one by one, as instants.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ncp.cron.expression import day_matches
from ncp.cron.fields import DAYS_PER_WEEK
from ncp.cron.zones import instant
from ncp.targets import zones

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from datetime import datetime

    from ncp.model import Recurrence, Rule
    from ncp.targets.zones import Offsets

Kind = Literal["gap", "first", "second"]


def slots(
    recurrence: Recurrence, zone: str, clock: str, now: datetime, kinds: Container[Kind]
) -> tuple[int, ...]:
    """List the slots where the zone `clock` changes, as UTC minutes, ascending.

    `zone` is the timing's own; kinds are the passes of a repeated hour and the
    minute right after a jump ("gap"), where no label of its own is due there.
    They are those of the `zones.period`.
    """
    start, end = zones.period(now)
    ours, theirs = zones.offsets(zone, start, end), zones.offsets(clock, start, end)
    hours = _hours(ours, theirs)
    if all(rule.hours is not None and hours.isdisjoint(rule.hours) for rule in recurrence.rules):
        return ()
    return tuple(
        minute
        for minute, kind in _minutes(theirs, kinds)
        if _due(recurrence.rules, ours, minute)
        and not (kind == "gap" and _labelled(recurrence.rules, ours, minute))
    )


@lru_cache(maxsize=256)
def _hours(ours: Offsets, theirs: Offsets) -> frozenset[int]:
    """The hours of the day that a label can have where `theirs` changes."""
    labels = {
        minute + offset
        for minute, _ in _minutes(theirs, ("gap", "first", "second"))
        for offset in range(*_around(ours, minute))
    }
    return frozenset(label % zones.DAY // zones.HOUR for label in labels)


def _around(ours: Offsets, minute: int) -> tuple[int, int]:
    before, after = zones.offset_at(ours, minute - 1), zones.offset_at(ours, minute)
    return min(before, after), max(before, after) + 1


def _labelled(rules: tuple[Rule, ...], ours: Offsets, minute: int) -> bool:
    return any(_matches(rule, minute + zones.offset_at(ours, minute)) for rule in rules)


def jumps(zone: str, now: datetime) -> bool:
    """Tell whether a zone's offset changes in the `zones.period`."""
    return len(zones.offsets(zone, *zones.period(now))) > 1


def in_utc(recurrence: Recurrence, zone: str, now: datetime) -> Rule | None:
    """Write a recurrence that comes at the same minutes of every hour as a rule in UTC.

    UTC has no changes to sleep through. None where it names hours or days, where
    it follows the wall clock, or where its minutes differ in UTC over the year.
    """
    first, *others = recurrence.rules
    limits = (first.hours, first.days, first.months, first.weekdays)
    if others or first.follows == "wall" or any(limit is not None for limit in limits):
        return None
    shifts = {offset % zones.HOUR for _, offset in zones.offsets(zone, *zones.period(now))}
    written = {frozenset(_earlier(first.minutes, shift)) for shift in shifts}
    if len(written) > 1:
        return None
    return replace(first, minutes=first.minutes and tuple(sorted(written.pop())))


def _earlier(minutes: tuple[int, ...] | None, by: int) -> Iterator[int]:
    return ((minute - by) % zones.HOUR for minute in minutes or ())


def _minutes(theirs: Offsets, kinds: Container[Kind]) -> Iterator[tuple[int, Kind]]:
    for (_, before), (moment, after) in pairwise(theirs):
        twice = max(0, before - after)
        spans: tuple[tuple[Kind, range], ...] = (
            ("first", range(moment - twice, moment)),
            ("second", range(moment, moment + twice)),
            ("gap", range(moment, moment + (after > before))),
        )
        for kind, span in spans:
            if kind in kinds:
                yield from ((minute, kind) for minute in span)


def _due(rules: tuple[Rule, ...], ours: Offsets, minute: int) -> bool:
    """Tell whether a UTC minute is a slot, by the policy of `cron/calendar`."""
    offset, before = zones.offset_at(ours, minute), zones.offset_at(ours, minute - 1)
    return any(
        _matches(rule, minute + offset)
        if rule.follows == "elapsed"
        else _is_first(rule, ours, minute, offset)
        or any(_matches(rule, minute + skipped) for skipped in range(before, offset))
        for rule in rules
    )


def _is_first(rule: Rule, ours: Offsets, minute: int, offset: int) -> bool:
    """Tell whether a label matches that no earlier minute had."""
    if not _matches(rule, minute + offset):
        return False
    earlier = {other for _, other in ours if other > offset}
    return all(zones.offset_at(ours, minute + offset - other) != other for other in earlier)


def _matches(rule: Rule, label: int) -> bool:
    """Tell whether a rule matches a local minute, given as minutes since 1970."""
    hour, minute = divmod(label % zones.DAY, zones.HOUR)
    if not _among(rule.minutes, minute) or not _among(rule.hours, hour):
        return False
    day = instant(label)
    return _among(rule.months, day.month) and day_matches(
        rule.days,
        rule.weekdays,
        day=day.day,
        weekday=day.isoweekday() % DAYS_PER_WEEK,
        length=monthrange(day.year, day.month)[1],
    )


def _among(values: tuple[int, ...] | None, value: int) -> bool:
    return values is None or value in values
