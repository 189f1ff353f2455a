"""How soon, at the soonest, a slot follows another one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING

from ncp.cron import intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Recurrence, Rule

DAY = 1440
FIRST = date(2001, 1, 1)
DAYS = 28 * 1461 // 4 + 1
"""After 28 years the dates fall on the same weekdays again, and all pairs of days have come."""


@lru_cache(maxsize=256)
def shortest(recurrence: Recurrence) -> int:
    """Find the shortest time between two slots in minutes, a day where it is longer.

    It is that of the clock on the wall, without its changes. Of an interval of
    minutes or hours it is the interval; one of days, weeks or months is taken
    to keep every slot, which may say less than is true and never more.
    """
    if recurrence.every is not None and recurrence.every.unit in intervals.TIMED:
        return min(DAY, intervals.compiled(recurrence.every)[1])
    pairs = set(pairwise(_on_days(recurrence.rules)))
    return min((_gap(today, tomorrow) for today, tomorrow in pairs), default=DAY)


def _on_days(rules: tuple[Rule, ...]) -> Iterable[tuple[Rule, ...]]:
    """Say for each day which rules are due on it."""
    if all((rule.days, rule.months, rule.weekdays) == (None, None, None) for rule in rules):
        return (rules, rules)
    days = (FIRST + timedelta(days=number) for number in range(DAYS))
    return (tuple(rule for rule in rules if intervals.falls_on(rule, day)) for day in days)


def _gap(today: tuple[Rule, ...], tomorrow: tuple[Rule, ...]) -> int:
    times = _times(today) + [DAY + minute for minute in _times(tomorrow)[:1]]
    return min((later - sooner for sooner, later in pairwise(times)), default=DAY)


def _times(rules: tuple[Rule, ...]) -> list[int]:
    """List the minutes of a day at which rules are due."""
    found = {
        60 * hour + minute
        for rule in rules
        for hour, minute in product(rule.hours or range(24), rule.minutes or range(60))
    }
    return sorted(found)
