"""Does a calendar hold every slot of an interval, and how many of its minutes are none?

`targets.covering` writes the calendar that targets compile; here it is checked
by walking: days, weeks and months over the 400 years of the calendar, real time
around the minutes of a day. What the artifact makes of the calendar is shown by
`proof`, so that together no slot is missed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING

from ncp.cron import intervals, zones
from ncp.cron.expression import day_matches
from ncp.errors import SchedulerError
from ncp.targets.zones import offsets, period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.model import Every, Rule, Timing, Unit

    Day = tuple[int, int, int, int]
    """Four facts about a day or a month; of a day: month, day, weekday (0 is Sunday), length."""

DAYS_IN_CYCLE = 146_097
PERIODS: dict[Unit, int] = {"day": DAYS_IN_CYCLE, "week": DAYS_IN_CYCLE // 7, "month": 4800}
"""How many of each unit 400 years have, after which the calendar repeats."""
DAY = 1440


def idle(timing: Timing, covering: Timing, machine_zone: str, now: datetime) -> int:
    """Count the minutes that a covering calendar holds in 400 years and that are no slots.

    Raises SchedulerError where it misses one.
    """
    every = timing.recurrence.every
    if every is None:
        return 0
    if every.unit not in intervals.TIMED:
        found = _dated(timing.recurrence.rules, covering.recurrence.rules, every)
    elif covering.zone == "UTC":
        found = _timed(timing.recurrence.rules, covering.recurrence.rules, every, {0: 1.0})
    else:
        shares = _shares(timing.zone or machine_zone, now)
        found = _timed(timing.recurrence.rules, covering.recurrence.rules, every, shares)
    due, held, missed = found
    if missed:
        raise SchedulerError(
            f"The calendar around {timing.recurrence.text} would miss slots of it.",
            where=timing.id,
            next_step="This is a defect of ncp: please report it.",
        )
    return round(held - due)


def _dated(due: Sequence[Rule], held: Sequence[Rule], every: Every) -> tuple[float, int, int]:
    """Count (due minutes, minutes held, missed) over 400 years.

    An interval comes round to each day of the calendar that agrees with it in
    the remainder by `common`, once in count / common cycles (Chinese remainder).
    """
    _, count, phase = intervals.compiled(every)
    common = gcd(count, PERIODS[every.unit])
    slots, minutes, missed = 0, 0, 0
    wanted, got = _masks(due), _masks(held)
    for (day, remainder), often in _days(every.unit if common > 1 else "day", common).items():
        inside = _minutes(got, day)
        minutes += inside.bit_count() * often
        if remainder == phase % common:
            asked = _minutes(wanted, day)
            slots += asked.bit_count() * often
            missed += (asked & ~inside).bit_count()
    return slots * common / count, minutes, missed


@cache
def _days(unit: Unit, common: int) -> dict[tuple[Day, int], int]:
    """Count the days of 400 years by what rules can tell, and the remainder of their position."""
    counts: dict[tuple[Day, int], int] = {}
    for (month, length, weekday, first), often in _months(unit, common).items():
        for number in range(length):
            day = month, number + 1, (weekday + number) % 7, length
            steps = {"day": number, "week": ((weekday - 1) % 7 + number) // 7}.get(unit, 0)
            key = day, (first + steps) % common
            counts[key] = counts.get(key, 0) + often
    return counts


def _months(unit: Unit, common: int) -> dict[Day, int]:
    """Count months by (number, length, weekday of the first, remainder of its position)."""
    counts: dict[Day, int] = {}
    first = date(2000, 1, 1)
    for _ in range(PERIODS["month"]):
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        remainder = intervals.position(unit, first) % common
        key = first.month, (following - first).days, first.isoweekday() % 7, remainder
        counts[key] = counts.get(key, 0) + 1
        first = following
    return counts


def _timed(
    due: Sequence[Rule], held: Sequence[Rule], every: Every, shares: dict[int, float]
) -> tuple[float, int, int]:
    """Count (due minutes, minutes held, missed) over 400 years, at each offset for its share."""
    _, count, phase = intervals.compiled(every)
    grids = {offset: _grid(count, phase + offset) for offset in shares}
    wanted, got = _masks(due), _masks(held)
    slots, minutes, missed = 0.0, 0, 0
    for (day, _), often in _days("day", 1).items():
        asked, inside = _minutes(wanted, day), _minutes(got, day)
        minutes += inside.bit_count() * often
        for offset, share in shares.items():
            slot = asked & grids[offset]
            slots += slot.bit_count() * often * share * gcd(count, DAY) / count
            missed += (slot & ~inside).bit_count()
    return slots, minutes, missed


def _grid(count: int, start: int) -> int:
    """Walk a grid until it has been at every minute of the day that it comes to."""
    found, minute = 0, start % DAY
    while not found >> minute & 1:
        found |= 1 << minute
        minute = (minute + count) % DAY
    return found


def _shares(zone: str, now: datetime) -> dict[int, float]:
    """The share of the coming years that each offset of a zone holds."""
    start, end = period(now)
    stretches = [*offsets(zone, start, end), (zones.minutes(end), 0)]
    shares: dict[int, float] = {}
    for (begin, offset), (stop, _) in pairwise(stretches):
        shares[offset] = shares.get(offset, 0.0) + timedelta(minutes=stop - begin) / (end - start)
    return shares


def _masks(rules: Sequence[Rule]) -> list[tuple[Rule, int]]:
    return [(rule, sum(_bits(rule))) for rule in rules]


def _bits(rule: Rule) -> Iterator[int]:
    for hour in rule.hours or range(24):
        for minute in rule.minutes or range(60):
            yield 1 << 60 * hour + minute


def _minutes(masks: Sequence[tuple[Rule, int]], day: Day) -> int:
    """The minutes of a kind of day at which a rule matches, as bits."""
    month, number, weekday, length = day
    found = 0
    for rule, mask in masks:
        if (rule.months is None or month in rule.months) and day_matches(
            rule.days, rule.weekdays, day=number, weekday=weekday, length=length
        ):
            found |= mask
    return found
