"""Translation validation: does an artifact wake at every due minute, and how often else?

The due rules and the wake-ups that a target's independent reader found are two
sets of local minutes. They are compared over every class of day that the
400-year calendar has (month, day, weekday, length of the month) times the 1440
minutes of a day: finite and complete. A timing whose zone the artifact does
not carry cannot be compared minute by minute; its superset is proven over the
offsets instead (targets/zones).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ncp.cron import calendar
from ncp.cron.expression import day_matches
from ncp.errors import SchedulerError
from ncp.model import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Artifact, Exactness, Recurrence
    from ncp.targets.contract import Wakes

ALL_MINUTES = (1 << 1440) - 1
DAYS_IN_CYCLE = 146_097


@dataclass(frozen=True, slots=True)
class DayClass:
    """One kind of date; `weight` is how often it comes in 400 years."""

    month: int
    day: int
    weekday: int
    length: int
    weight: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What the comparison found: minutes in 400 years."""

    due: int
    wakes: int
    missed: int

    @property
    def extra_per_day(self) -> float:
        """Mean number of wake-ups a day that are not due."""
        return round((self.wakes - self.due) / DAYS_IN_CYCLE, 2)

    @property
    def exactness(self) -> Exactness:
        """`exact` only where the two sets are equal."""
        return "exact" if self.missed == 0 and self.wakes == self.due else "guarded"


@cache
def day_classes() -> tuple[DayClass, ...]:
    """Count every class of date of the Gregorian 400-year cycle."""
    counts: dict[tuple[int, int, int, int], int] = {}
    weekday = 6  # 1 January 2000 was a Saturday
    for year in range(2000, 2400):
        for month in range(1, 13):
            length = _length(year, month)
            for day in range(1, length + 1):
                key = (month, day, weekday, length)
                counts[key] = counts.get(key, 0) + 1
                weekday = (weekday + 1) % 7
    return tuple(DayClass(*key, weight) for key, weight in counts.items())


def _length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def minute_mask(rule: Rule) -> int:
    """The minutes of a day at which a rule can match, as 1440 bits."""
    hour_bits = sum(1 << minute for minute in (rule.minutes or range(60)))
    return sum(hour_bits << (60 * hour) for hour in (rule.hours or range(24)))


def compare(due: Sequence[Rule], wakes: Sequence[Rule]) -> Proof:
    """Compare two unions of rules over all classes of days and minutes."""
    due_masks = [(rule, minute_mask(rule)) for rule in due]
    wake_masks = [(rule, minute_mask(rule)) for rule in wakes]
    due_count = wake_count = missed = 0
    for kind in day_classes():
        wanted, got = _minutes(due_masks, kind), _minutes(wake_masks, kind)
        due_count += wanted.bit_count() * kind.weight
        wake_count += got.bit_count() * kind.weight
        missed += (wanted & ~got).bit_count()
    return Proof(due_count, wake_count, missed)


def _minutes(masks: list[tuple[Rule, int]], kind: DayClass) -> int:
    found = 0
    for rule, mask in masks:
        if _on(rule, kind):
            found |= mask
    return found


def _on(rule: Rule, kind: DayClass) -> bool:
    if rule.months is not None and kind.month not in rule.months:
        return False
    return day_matches(
        rule.days, rule.weekdays, day=kind.day, weekday=kind.weekday, length=kind.length
    )


def prove(
    artifact: Artifact, readings: Sequence[Wakes], machine_zone: str
) -> tuple[Exactness, float]:
    """Return exactness and extra wake-ups a day, the worst of all readings.

    Raises SchedulerError where a reading misses one due minute: such an
    artifact must not be installed.
    """
    if artifact.timing.recurrence.at is not None:
        return _prove_one_off(artifact, readings, machine_zone)
    zone = artifact.timing.zone or machine_zone
    proofs = [
        _prove_reading(artifact, wakes, foreign=(wakes.zone or machine_zone) != zone)
        for wakes in readings
    ]
    exact = all(exactness == "exact" for exactness, _ in proofs)
    return ("exact" if exact else "guarded"), max(extra for _, extra in proofs)


def _prove_reading(artifact: Artifact, wakes: Wakes, *, foreign: bool) -> tuple[Exactness, float]:
    proof = compare(artifact.timing.recurrence.rules, wakes.rules)
    if foreign:
        return "guarded", max(proof.extra_per_day, 0.0)
    if proof.missed:
        raise _missing(artifact, wakes.reading)
    return proof.exactness, proof.extra_per_day


def _prove_one_off(
    artifact: Artifact, readings: Sequence[Wakes], machine_zone: str
) -> tuple[Exactness, float]:
    """A one-off is exact where the scheduler knows the year, else it wakes every year."""
    recurrence = artifact.timing.recurrence
    if all(wakes.instants == (recurrence.text,) and not wakes.rules for wakes in readings):
        return "exact", 0.0
    for wakes in readings:
        rule = _label(recurrence, wakes.zone or machine_zone)
        if recurrence.text not in wakes.instants and compare([rule], wakes.rules).missed:
            raise _missing(artifact, wakes.reading)
    return "guarded", max(compare([], wakes.rules).extra_per_day for wakes in readings)


def _label(recurrence: Recurrence, zone: str) -> Rule:
    """The instant of a one-off as a yearly rule on the wall clock of a zone."""
    assert recurrence.at is not None  # noqa: S101  the caller has asked
    at = calendar.local(recurrence.at, zone)
    return Rule(
        minutes=(at.minute,),
        hours=(at.hour,),
        days=(at.day,),
        months=(at.month,),
        weekdays=None,
        follows="wall",
    )


def _missing(artifact: Artifact, reading: str) -> SchedulerError:
    return SchedulerError(
        f"The compiled entry would miss due minutes of {artifact.timing.recurrence.text} "
        f"({reading} reading), so it was not made.",
        where=f"{artifact.target}: {artifact.timing.id}",
        next_step="This is a defect of ncp: please report it, and use another --target until then.",
    )
