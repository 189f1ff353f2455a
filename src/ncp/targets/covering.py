"""An interval as a calendar that holds all of its slots: what the targets compile.

No native scheduler counts weeks or runs a grid of 90 minutes through midnight,
so each wakes at a calendar around them, and the guard decides. The calendar is
tight: 14 days are always the same weekday, 5 hours keep their minute, and 90
minutes divide a day, so in UTC they are the same times every day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from math import gcd
from typing import TYPE_CHECKING

from ncp.cron import intervals
from ncp.errors import ExpressionError
from ncp.targets import zones

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.model import Every, Recurrence, Rule, Timing

DAY, WEEK, YEAR = 1440, 7, 12


def plain(timing: Timing, machine_zone: str, now: datetime) -> Timing:
    """Give a timing whose rules alone, without its interval, wake at every slot.

    Its rules may be those of another zone than the timing's: an interval of real
    time that is not limited to days or hours lies in UTC. ExpressionError where
    it never meets the hours that it is limited to.
    """
    every = timing.recurrence.every
    if every is None:
        return timing
    if every.unit not in intervals.TIMED:
        return replace(timing, recurrence=_on_days(timing.recurrence, every))
    if all(_unlimited(rule) for rule in timing.recurrence.rules):
        rules = tuple(_on_grid(timing.recurrence.rules, every, [0]))
        return replace(
            timing, recurrence=replace(timing.recurrence, rules=rules, cron=""), zone="UTC"
        )
    offsets = possible_offsets(timing.zone or machine_zone, now)
    rules = tuple(_on_grid(timing.recurrence.rules, every, offsets))
    if not rules:
        raise ExpressionError(
            "This never comes: the interval passes the hours of the expression by.",
            where=timing.recurrence.text,
            next_step='Write more hours, for example "* * * * *", or an anchor at which it comes.',
        )
    return replace(timing, recurrence=replace(timing.recurrence, rules=rules, cron=""))


def possible_offsets(zone: str, now: datetime) -> list[int]:
    """List the UTC offsets, in minutes, that a zone has in the `zones.period`."""
    return sorted({offset for _, offset in zones.offsets(zone, *zones.period(now))})


def _unlimited(rule: Rule) -> bool:
    return rule.hours is None and rule.days is None and rule.months is None and not rule.weekdays


def _on_grid(rules: Sequence[Rule], every: Every, offsets: Sequence[int]) -> Iterator[Rule]:
    """Keep of each rule the times of day at which the grid can lie, at each offset."""
    _, count, phase = intervals.compiled(every)
    step = gcd(count, DAY)
    for offset in offsets:
        times = range((phase + offset) % step, DAY, step)
        for rule in rules:
            for minutes, hours in _pieces(times, rule.hours):
                yield replace(rule, minutes=minutes, hours=hours)


def _pieces(
    times: Sequence[int], during: tuple[int, ...] | None
) -> Iterator[tuple[tuple[int, ...] | None, tuple[int, ...] | None]]:
    """Write times of day within hours as (minutes, hours), hours of the same minutes together."""
    minutes: dict[int, list[int]] = {}
    for time in times:
        minutes.setdefault(time // 60, []).append(time % 60)
    hours: dict[tuple[int, ...], list[int]] = {}
    for hour, some in minutes.items():
        if during is None or hour in during:
            hours.setdefault(tuple(some), []).append(hour)
    for same, inside in hours.items():
        yield None if len(same) == 60 else same, None if len(inside) == 24 else tuple(inside)


def _on_days(recurrence: Recurrence, every: Every) -> Recurrence:
    """Leave out the weekdays or the months that an interval never meets."""
    anchor = date.fromisoformat(every.anchor)
    rules = recurrence.rules
    if every.unit == "day" and every.count % WEEK == 0:
        rules = tuple(_on_weekday(rule, anchor.isoweekday() % WEEK) for rule in rules)
    if every.unit == "month":
        step = gcd(every.count, YEAR)
        months = {month for month in range(1, YEAR + 1) if (month - anchor.month) % step == 0}
        rules = tuple(_in_months(rule, months) for rule in rules)
    rules = tuple(rule for rule in rules if rule.months != () and rule.weekdays != ())
    return recurrence if rules == recurrence.rules else replace(recurrence, rules=rules, cron="")


def _on_weekday(rule: Rule, weekday: int) -> Rule:
    if rule.weekdays is None:
        return replace(rule, weekdays=(weekday,))
    return replace(rule, weekdays=tuple(c for c in rule.weekdays if c % WEEK == weekday))


def _in_months(rule: Rule, months: set[int]) -> Rule:
    kept = months & set(rule.months or months)
    return replace(rule, months=None if len(kept) == YEAR else tuple(sorted(kept)))
