"""The minutes of a day as arithmetic progressions: starts, intervals, counts.

One trigger of Task Scheduler says one time of day, or one progression of them
(Repetition), and a task holds at most 48 triggers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncp.model import Rule

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True)
class Times:
    """A start in minutes after midnight, and how many times in all, `interval` minutes apart."""

    start: int
    interval: int = 0
    count: int = 1

    @property
    def round_the_clock(self) -> bool:
        """Whether it goes on from day to day, at the same minutes of every hour."""
        whole = self.interval * self.count == MINUTES_PER_DAY
        return whole and MINUTES_PER_HOUR % self.interval == 0


def plain(rule: Rule) -> list[Times]:
    """Every time of day by itself."""
    return [Times(minute) for minute in _minutes(rule)]


def progressions(rule: Rule) -> list[Times]:
    """The same times in fewer pieces: hour by hour, minute by minute, or across hours."""
    minutes, hours = _values(rule)
    by_hour = [
        Times(MINUTES_PER_HOUR * hour + piece.start, piece.interval, piece.count)
        for hour in hours
        for piece in _pieces(minutes)
    ]
    by_minute = [
        Times(
            MINUTES_PER_HOUR * piece.start + minute, MINUTES_PER_HOUR * piece.interval, piece.count
        )
        for minute in minutes
        for piece in _pieces(hours)
    ]
    return min(by_hour, by_minute, _across(minutes, hours) or by_hour, key=len)


def hull(rule: Rule) -> list[Times]:
    """One progression that holds all times of the rule, and others where they are uneven."""
    return [_hull(_minutes(rule))]


def hulls(minutes: Iterable[int]) -> list[Times]:
    """One progression for the minutes of each day or so, given ascending."""
    return [_hull(group) for group in _by_day(minutes)]


def pieces(minutes: Iterable[int]) -> list[Times]:
    """As many progressions as it takes to hold these minutes, given ascending, and no others."""
    return [piece for group in _by_day(minutes) for piece in _pieces(group)]


def _by_day(minutes: Iterable[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for minute in minutes:
        if groups and minute - groups[-1][0] < MINUTES_PER_DAY:
            groups[-1].append(minute)
        else:
            groups.append([minute])
    return groups


def _hull(minutes: Sequence[int]) -> Times:
    interval = reduce(gcd, (after - before for before, after in pairwise(minutes)), 0)
    count = (minutes[-1] - minutes[0]) // interval + 1 if interval else 1
    return Times(minutes[0], interval, count)


def _values(rule: Rule) -> tuple[Sequence[int], Sequence[int]]:
    return rule.minutes or range(60), rule.hours or range(24)


def _minutes(rule: Rule) -> list[int]:
    minutes, hours = _values(rule)
    return [MINUTES_PER_HOUR * hour + minute for hour in hours for minute in minutes]


def _pieces(values: Sequence[int]) -> list[Times]:
    """Cut a set of values into progressions, from the lowest on, the longest each time."""
    rest, pieces = sorted(values), []
    while rest:
        piece = max((_from(rest, second) for second in rest), key=lambda found: found.count)
        pieces.append(piece)
        taken = {piece.start + piece.interval * n for n in range(piece.count)}
        rest = [value for value in rest if value not in taken]
    return pieces


def _from(values: list[int], second: int) -> Times:
    """The progression that begins with the lowest value and this second one."""
    first = values[0]
    interval = second - first
    if interval == 0:
        return Times(first)
    count = 2
    while first + interval * count in values:
        count += 1
    return Times(first, interval, count)


def _across(minutes: Sequence[int], hours: Sequence[int]) -> list[Times]:
    """Run on across full hours; empty where the minutes do not go round the hour evenly."""
    interval, uneven = divmod(MINUTES_PER_HOUR, len(minutes))
    start = minutes[0]
    round_the_hour = list(range(start, MINUTES_PER_HOUR, interval))
    if uneven or start >= interval or list(minutes) != round_the_hour:
        return []
    runs: list[list[int]] = []
    for hour in hours:
        if runs and hour == runs[-1][-1] + 1:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return [
        Times(MINUTES_PER_HOUR * run[0] + start, interval, len(run) * len(minutes)) for run in runs
    ]
