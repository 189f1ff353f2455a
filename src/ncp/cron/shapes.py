"""What a rule looks like to a person: the shape that ids and sentences are written from.

`time_of` sorts the minutes and hours of a rule into one of five shapes, and
every shape keeps all of its rule's minutes and hours, so that no two rules
share a shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from ncp.cron.expression import alternatives
from ncp.cron.fields import DAYS_PER_WEEK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Follows, Recurrence, Rule

MINUTES_PER_HOUR, HOURS_PER_DAY = 60, 24
FEW = 4
"""Up to this many values or times of day read best one by one."""
SHORTEST_RUN = 3


class Run(NamedTuple):
    """The values from `first` to `last`, `step` apart; a single value where both are equal."""

    first: int
    last: int
    step: int = 1

    @property
    def single(self) -> bool:
        """Whether this is one value."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Times:
    """Times of day, as (hour, minute)."""

    clock: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """Every `step` minutes, a divisor of 60, in these runs of hours (none: all day)."""

    step: int
    windows: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class MinutesPast:
    """These minutes of each hour, in these runs of hours (none: all day)."""

    minutes: tuple[int, ...]
    windows: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class EveryHours:
    """These minutes of every `step`-th hour from midnight, a divisor of 24."""

    step: int
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hourly:
    """One minute of the hours in these runs."""

    minute: int
    runs: tuple[Run, ...]


Time = Times | EveryMinutes | MinutesPast | EveryHours | Hourly


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a recurrence (as in `model.Rule`); `join` says how two restrictions combine."""

    days: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None
    months: tuple[int, ...] | None
    join: Literal["or", "and"]

    @property
    def restricted(self) -> bool:
        """Whether some days of a month are left out."""
        return self.days is not None or self.weekdays is not None

    @property
    def yearly(self) -> bool:
        """Whether days of one month are named, such as 1 January."""
        return (
            self.days is not None
            and self.weekdays is None
            and self.months is not None
            and len(self.months) == 1
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """One expression as people would say it."""

    time: Time
    dates: Dates
    follows: Follows


def readings(recurrence: Recurrence) -> tuple[Reading, ...]:
    """Read each expression of a recurrence; times of the same days are told together."""
    found = tuple(
        Reading(time_of(part.rules[0]), dates_of(part), part.rules[0].follows)
        for part in alternatives(recurrence)
    )
    first, clocks = found[0], [one.time.clock for one in found if isinstance(one.time, Times)]
    if len(clocks) < len(found) or len({(one.dates, one.follows) for one in found}) > 1:
        return found
    return (replace(first, time=Times(tuple(sorted(time for clock in clocks for time in clock)))),)


def dates_of(recurrence: Recurrence) -> Dates:
    """Put the day fields of one expression together: two rules are "or", two fields are "and"."""
    first, last = recurrence.rules[0], recurrence.rules[-1]
    join: Literal["or", "and"] = "or" if len(recurrence.rules) > 1 else "and"
    return Dates(first.days, last.weekdays, first.months, join)


def time_of(rule: Rule) -> Time:
    """Sort a rule's minutes and hours into the shape that people would say."""
    minutes = rule.minutes or tuple(range(MINUTES_PER_HOUR))
    hours = rule.hours or tuple(range(HOURS_PER_DAY))
    few = len(minutes) * len(hours) <= FEW
    if len(hours) == HOURS_PER_DAY:
        return _pattern(minutes, ())
    pulse = _pulse(hours, HOURS_PER_DAY)
    if pulse and not (few and rule.follows == "wall"):
        return EveryHours(pulse, minutes)
    if few and (rule.follows == "wall" or not _pulse(minutes, MINUTES_PER_HOUR)):
        return _times(minutes, hours)
    if len(minutes) > 1:
        return _pattern(minutes, _windows(hours))
    runs = runs_of(hours)
    return _times(minutes, hours) if all(run.single for run in runs) else Hourly(minutes[0], runs)


def typical(time: Time) -> Follows:
    """Say what a time of that shape usually follows, so that only the other needs a word."""
    if isinstance(time, EveryMinutes | EveryHours):
        return "elapsed"
    return "elapsed" if isinstance(time, MinutesPast) and not time.windows else "wall"


def _pattern(minutes: tuple[int, ...], windows: tuple[Run, ...]) -> EveryMinutes | MinutesPast:
    step = _pulse(minutes, MINUTES_PER_HOUR)
    return EveryMinutes(step, windows) if step else MinutesPast(minutes, windows)


def _times(minutes: tuple[int, ...], hours: tuple[int, ...]) -> Times:
    return Times(tuple((hour, minute) for hour in hours for minute in minutes))


def _pulse(values: tuple[int, ...], span: int) -> int:
    """Find the step of values that never restart (0, 15, 30, 45 of 60), else 0.

    0, 7, 14 … 56 is not such a set: the next value after 56 is 0, four later.
    """
    step = span // len(values)
    return step if len(values) > 1 and tuple(range(0, span, step)) == values else 0


def runs_of(values: Sequence[int]) -> tuple[Run, ...]:
    """Cut sorted values into what reads best: one even step, ranges, single values."""
    steps = {after - before for before, after in pairwise(values)}
    if len(values) > FEW and len(steps) == 1 and steps != {1}:
        return (Run(values[0], values[-1], steps.pop()),)
    return tuple(
        piece
        for run in _windows(values)
        for piece in (
            [run]
            if run.last - run.first + 1 >= SHORTEST_RUN
            else [Run(value, value) for value in range(run.first, run.last + 1)]
        )
    )


def weekly(codes: Sequence[int]) -> tuple[int, ...]:
    """Pick the weekdays of every week from weekday codes (`model.Rule`)."""
    return tuple(code for code in codes if code < DAYS_PER_WEEK)


def nth(codes: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Pick the weekdays of one week of the month, as (week, weekday)."""
    return tuple(divmod(code, DAYS_PER_WEEK) for code in codes if code >= DAYS_PER_WEEK)


def _windows(values: Sequence[int]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for value in values:
        if runs and value == runs[-1].last + 1:
            runs[-1] = Run(runs[-1].first, value)
        else:
            runs.append(Run(value, value))
    return tuple(runs)
