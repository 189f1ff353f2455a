"""The days of the 400-year calendar as bits, and times of day as bits.

There are fourteen kinds of years (the weekday of 1 January, leap or not). All
their days stand side by side in one integer, with two days of the years before
and after around each, so that a set of days moves by a day with one shift. A
`Part` is a set of days and the minutes of a day at which something is due or
wakes on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from ncp.cron.fields import DAYS_PER_WEEK, LAST_WEEK
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Rule

    Part = tuple[int, int]
    Values = tuple[int, ...] | None

MINUTES = 1440
ALL_MINUTES = (1 << MINUTES) - 1
AROUND = 2
"""Days on either side of a year: no two clocks on Earth are further apart."""
LONGEST_YEAR = 366 + 2 * AROUND
CYCLE = range(2000, 2400)
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Table:
    """Sets of days, one bit for each day; `weights` are (years in 400, days of such years)."""

    places: dict[tuple[int, int], int]
    """Where 1 January stands, by kind of year."""
    inside: int
    months: dict[int, int]
    days: dict[int, int]
    weekdays: dict[int, int]
    weights: tuple[tuple[int, int], ...]


def _kind(year: int) -> tuple[int, int]:
    first = date(year, 1, 1)
    return first.isoweekday() % DAYS_PER_WEEK, (date(year, 12, 31) - first).days + 1


@cache
def table() -> Table:
    """Lay out every kind of year once."""
    examples: dict[tuple[int, int], int] = {}
    counts: dict[tuple[int, int], int] = {}
    for year in CYCLE:
        examples.setdefault(_kind(year), year)
        counts[_kind(year)] = counts.get(_kind(year), 0) + 1
    places = {kind: LONGEST_YEAR * n + AROUND for n, kind in enumerate(examples)}
    sets: dict[str, dict[int, int]] = {"month": {}, "day": {}, "weekday": {}}
    for kind, year in examples.items():
        for (name, value), bits in _year(date(year, 1, 1), kind[1]).items():
            sets[name][value] = sets[name].get(value, 0) | bits << places[kind] - AROUND
    years = {kind: ((1 << kind[1]) - 1) << place for kind, place in places.items()}
    weights = {
        many: reduce(or_, (years[kind] for kind in years if counts[kind] == many))
        for many in sorted(set(counts.values()))
    }
    return Table(
        places,
        reduce(or_, years.values()),
        sets["month"],
        sets["day"],
        sets["weekday"],
        tuple(weights.items()),
    )


def _year(first: date, length: int) -> dict[tuple[str, int], int]:
    """Lay out one year with the days around it: short integers, shifted to their place later."""
    found: dict[tuple[str, int], int] = {}
    for number in range(length + 2 * AROUND):
        for value in _values(first + timedelta(days=number - AROUND)):
            found[value] = found.get(value, 0) | 1 << number
    return found


def _values(day: date) -> Iterator[tuple[str, int]]:
    """Name the values of a rule's day fields that match a date (`model.Rule`)."""
    weekday = day.isoweekday() % DAYS_PER_WEEK
    yield "month", day.month
    yield "day", day.day
    yield "weekday", weekday
    yield "weekday", weekday + DAYS_PER_WEEK * ((day.day - 1) // DAYS_PER_WEEK + 1)
    if (day + timedelta(days=1)).day == 1:
        yield "day", LAST_DAY
    if (day + timedelta(days=DAYS_PER_WEEK)).month != day.month:
        yield "weekday", weekday + DAYS_PER_WEEK * LAST_WEEK


def parts(rules: Iterable[Rule]) -> list[Part]:
    """Write rules as parts, those of the same days together."""
    found: dict[int, int] = {}
    for rule in rules:
        days = _days(rule)
        found[days] = found.get(days, 0) | _minutes(rule)
    return list(found.items())


def _days(rule: Rule) -> int:
    return _days_of(rule.months, rule.days, rule.weekdays)


@lru_cache(maxsize=256)  # what many timings of a home have in common
def _days_of(months: Values, days: Values, weekdays: Values) -> int:
    known, found = table(), (1 << LONGEST_YEAR * len(table().places)) - 1
    for values, sets in (
        (months, known.months),
        (days, known.days),
        (weekdays, known.weekdays),
    ):
        if values is not None:
            found &= reduce(or_, (sets[value] for value in values), 0)
    return found


def _minutes(rule: Rule) -> int:
    return reduce(or_, (_hour(rule.minutes) << 60 * number for number in _or(rule.hours, 24)), 0)


@lru_cache(maxsize=256)
def _hour(minutes: Values) -> int:
    return reduce(or_, (1 << minute for minute in _or(minutes, 60)), 0)


def _or(values: Values, size: int) -> Iterable[int]:
    return range(size) if values is None else values


def moved(some: Iterable[Part], by: int) -> list[Part]:
    """Write parts of one clock in the time of another that is `by` minutes behind it."""
    carry, rest = divmod(by, MINUTES)
    return [
        part
        for days, minutes in some
        for part in (
            (_earlier(days, carry), minutes >> rest),
            (_earlier(days, carry + 1), minutes << (MINUTES - rest) & ALL_MINUTES),
        )
    ]


def _earlier(days: int, by: int) -> int:
    return days >> by if by >= 0 else days << -by


def count(days: int) -> int:
    """Count the days of a set in 400 years."""
    return sum(many * (days & years).bit_count() for many, years in table().weights)


@lru_cache(maxsize=4096)
def place(day: int) -> int:
    """The place of a day, given as days since 1970-01-01."""
    found = date.fromordinal(EPOCH + day)
    return table().places[_kind(found.year)] + found.timetuple().tm_yday - 1


def labels(some: Iterable[Part], start: int, length: int) -> int:
    """The minutes of local time from `start` (minutes since 1970) that match, as bits."""
    first, skipped = divmod(start, MINUTES)
    bits = 0
    for number in range((skipped + length - 1) // MINUTES + 1):
        where = place(first + number)
        for days, minutes in some:
            if days >> where & 1:
                bits |= minutes << MINUTES * number
    return bits >> skipped & ((1 << length) - 1)
