"""A schedule of another zone as rules of the machine's own zone: a superset.

A scheduler that knows only the machine's zone has to wake at every slot of the
other zone. The difference between the two zones takes a few values over the
next ten years; each rule is shifted by every one of them. Days and weekdays
move with it where midnight is crossed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from ncp.cron import zones
from ncp.cron.expression import LONGEST
from ncp.cron.fields import DAYS_PER_WEEK, LAST_WEEK
from ncp.model import LAST_DAY, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Recurrence

    Axis = Literal["hours", "minutes"]
    Offsets = tuple[tuple[int, int], ...]

YEARS = 15
"""How many years artifacts are made and proven for; at least ten of them lie ahead."""
EVERY = 5
"""Artifacts that hold dates change every five years, not every year."""
HOUR, DAY = 60, 1440
HOURS, MONTHS = 24, 12
FEBRUARY = 2
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
WEEKS = {
    **{
        week: frozenset(range(7 * week - 6, min(7 * week, LONGEST_MONTH) + 1))
        for week in range(1, LAST_WEEK)
    },
    LAST_WEEK: frozenset(range(SHORTEST_MONTH - 6, LONGEST_MONTH + 1)),
}
"""The days of the month on which the nth (the last) of a weekday can fall."""


def superset(
    recurrence: Recurrence, zone: str, machine_zone: str, now: datetime
) -> tuple[Rule, ...]:
    """List rules of the machine's zone that wake at every slot of a recurrence in `zone`.

    It holds for the `period` that artifacts are made for. A rule that follows
    "elapsed" must wake in both passes of an hour that the machine's zone repeats;
    for one that follows "wall" the first pass, or none, will do.
    """
    start, end = period(now)
    machine = offsets(machine_zone, start, end)
    if recurrence.at is not None:
        return (_follow(_label(zones.minutes(recurrence.at), machine), _repeated(machine)),)
    theirs = offsets(zone, start, end)
    differences = _differences(theirs, machine)
    moves = {(rule, by) for rule in recurrence.rules for by in differences}
    moves |= {gap for rule in recurrence.rules for gap in _gaps(rule, theirs, machine)}
    ordered = sorted(moves, key=repr)  # any order that stays, so that artifacts do
    moved = [new for rule, by in ordered for new in shifted(rule, by)]
    repeated = _repeated(machine)
    return tuple(_follow(rule, repeated) for rule in merged(moved))


def period(now: datetime) -> tuple[datetime, datetime]:
    """The years that artifacts are made and proven for: (start, end), UTC."""
    first = now.year - now.year % EVERY
    start = datetime(first, 1, 1, tzinfo=UTC)
    return start, start.replace(year=first + YEARS)


def offsets(zone: str, start: datetime, end: datetime) -> Offsets:
    """List the offsets of a zone in [start, end): `cron.zones.transitions`."""
    return zones.transitions(zone, start, end)


def same_clock(zone: str | None, machine_zone: str, now: datetime) -> bool:
    """Tell whether two zones always show the same time in the `period`; None is the machine's."""
    if zone in {None, machine_zone}:
        return True
    span = period(now)
    return offsets(zone or machine_zone, *span) == offsets(machine_zone, *span)


def possible_last_days(months: tuple[int, ...] | None) -> frozenset[int]:
    """Which days of the month can be the last one."""
    lengths = {LONGEST[month] for month in months or LONGEST}
    february = months is None or FEBRUARY in months
    return frozenset(lengths | ({SHORTEST_MONTH} if february else set()))


def spread(rule: Rule) -> tuple[Rule, ...]:
    """Replace nth and last weekdays by weekdays within a range of days, a superset."""
    codes = rule.weekdays or ()
    weeks = sorted({code // DAYS_PER_WEEK for code in codes})
    if not any(weeks):
        return (rule,)
    parts = (_in_week(rule, week) for week in weeks)
    return tuple(part for part in parts if part.days != ())


def _in_week(rule: Rule, week: int) -> Rule:
    codes = tuple(c % DAYS_PER_WEEK for c in rule.weekdays or () if c // DAYS_PER_WEEK == week)
    days = rule.days
    if week:
        possible = WEEKS[week] | ({LAST_DAY} if max(WEEKS[week]) >= SHORTEST_MONTH else set())
        days = tuple(sorted(WEEKS[week] if days is None else possible & set(days)))
    return replace(rule, days=days, weekdays=codes)


def offset_at(offsets: Offsets, minute: int) -> int:
    """The offset that holds at a UTC minute."""
    return offsets[max(bisect_right(offsets, (minute, DAY * 2)) - 1, 0)][1]


def _differences(theirs: Offsets, machine: Offsets) -> list[int]:
    """List every value that machine minus theirs takes, in minutes."""
    moments = {moment for moment, _ in (*theirs, *machine)}
    return sorted({offset_at(machine, moment) - offset_at(theirs, moment) for moment in moments})


def _jumps(offsets: Offsets) -> Iterator[tuple[int, int, int]]:
    """Yield (moment, local minute of the day before it, minutes jumped over or repeated)."""
    for (_, before), (moment, after) in pairwise(offsets):
        yield moment, (moment + before) % DAY, after - before


def _gaps(rule: Rule, theirs: Offsets, machine: Offsets) -> set[tuple[Rule, int]]:
    """Find the slots in gaps: a rule for the label they have, and how far they move.

    Labels after midnight in a gap that crosses it belong to the next day already.
    """
    if rule.follows == "elapsed":
        return set()
    found: set[tuple[Rule, int]] = set()
    for moment, start, length in _jumps(theirs):
        end = start + length
        difference = offset_at(machine, moment) - offset_at(theirs, moment)
        for first, last, landing in ((start, min(end, DAY), length), (0, end - DAY, end - DAY)):
            if any(_matches(rule, minute) for minute in range(first, last)):
                hour, minute = divmod(first, HOUR)
                label = replace(rule, minutes=(minute,), hours=(hour,))
                found.add((label, landing + difference))
    return found


def _repeated(machine: Offsets) -> frozenset[int]:
    """Collect the local minutes of the day that the machine's zone repeats."""
    return frozenset(
        minute % DAY
        for _, start, length in _jumps(machine)
        for minute in range(start + length, start)
    )


def _matches(rule: Rule, minute: int) -> bool:
    hour, minute = divmod(minute, HOUR)
    return (rule.hours is None or hour in rule.hours) and (
        rule.minutes is None or minute in rule.minutes
    )


def _follow(rule: Rule, repeated: frozenset[int]) -> Rule:
    twice = any(_matches(rule, minute) for minute in repeated)
    return replace(rule, follows="elapsed" if twice else "wall")


def _label(minute: int, machine: Offsets) -> Rule:
    at = zones.instant(minute + offset_at(machine, minute))
    return Rule((at.minute,), (at.hour,), (at.day,), (at.month,), None, "wall")


def months(some: Iterable[int]) -> tuple[int, ...] | None:
    """Write months as a rule does: None is every month."""
    found = tuple(sorted(set(some)))
    return None if len(found) == MONTHS else found


def shifted(rule: Rule, by: int) -> Iterator[Rule]:
    """Move a rule by minutes: the minutes split by hour, then the hours split by day."""
    for hour_carry, minutes in _carried(rule.minutes, by % HOUR, HOUR):
        for day_carry, hours in _carried(rule.hours, by // HOUR + hour_carry, HOURS):
            yield from _on_day(replace(rule, minutes=minutes, hours=hours), day_carry)


def _carried(
    values: tuple[int, ...] | None, by: int, size: int
) -> list[tuple[int, tuple[int, ...]]]:
    """Add to each value and group the results by what they carry over."""
    groups: dict[int, list[int]] = {}
    for value in range(size) if values is None else values:
        carry, rest = divmod(value + by, size)
        groups.setdefault(carry, []).append(rest)
    return [(carry, tuple(rest)) for carry, rest in sorted(groups.items())]


def _on_day(rule: Rule, carry: int) -> Iterable[Rule]:
    """Move a rule by whole days."""
    if carry == 0:
        return [rule]
    step = _next_day if carry > 0 else _previous_day
    rules: Iterable[Rule] = spread(rule)
    for _ in range(abs(carry)):
        rules = [moved for each in rules for moved in step(each)]
    return rules


def _turned(rule: Rule, by: int) -> Rule:
    if rule.weekdays is None:
        return rule
    weekdays = tuple(sorted((day + by) % DAYS_PER_WEEK for day in rule.weekdays))
    return replace(rule, weekdays=weekdays)


def _beside(some: Iterable[int], by: int) -> tuple[int, ...] | None:
    return months((month - 1 + by) % MONTHS + 1 for month in some)


def _next_day(rule: Rule) -> Iterator[Rule]:
    rule = _turned(rule, 1)
    if rule.days is None and rule.months is None:
        yield rule
        return
    inside = (
        None if rule.days is None else tuple(day + 1 for day in rule.days if day < LONGEST_MONTH)
    )
    if inside != ():
        yield replace(rule, days=inside)
    ending = [month for month in rule.months or LONGEST if _may_end(rule.days, month)]
    if ending:
        yield replace(rule, days=(1,), months=_beside(ending, 1))


def _may_end(days: tuple[int, ...] | None, month: int) -> bool:
    """Tell whether one of the days can be the last day of that month."""
    return days is None or bool({LAST_DAY, *possible_last_days((month,))} & set(days))


def _previous_day(rule: Rule) -> Iterator[Rule]:
    rule = _turned(rule, -1)
    if rule.days is None and rule.months is None:
        yield rule
        return
    inside = _days_before(rule)
    if inside != ():
        yield replace(rule, days=inside)
    if rule.days is None or 1 in rule.days:
        yield replace(rule, days=(LAST_DAY,), months=_beside(rule.months or LONGEST, -1))


def _days_before(rule: Rule) -> tuple[int, ...] | None:
    if rule.days is None:
        return None
    days = {day - 1 for day in rule.days if 1 < day < LAST_DAY}
    if LAST_DAY in rule.days:
        days |= {day - 1 for day in possible_last_days(rule.months)}
    return tuple(sorted(days))


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Join rules that differ in their hours only, then in their minutes only."""
    joined = _joined([replace(rule, follows="wall") for rule in rules], "hours", HOURS)
    return _joined(joined, "minutes", HOUR)


def _joined(rules: Iterable[Rule], axis: Axis, size: int) -> list[Rule]:
    groups: dict[Rule, set[int]] = {}
    for rule in rules:
        values = rule.hours if axis == "hours" else rule.minutes
        groups.setdefault(_with(rule, axis, None), set()).update(values or range(size))
    return [
        _with(rest, axis, None if len(values) == size else tuple(sorted(values)))
        for rest, values in groups.items()
    ]


def _with(rule: Rule, axis: Axis, values: tuple[int, ...] | None) -> Rule:
    return replace(rule, hours=values) if axis == "hours" else replace(rule, minutes=values)
