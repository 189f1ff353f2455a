"""Sets of days and minutes against walking the calendar day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from ncp.cron import expression
from ncp.model import DAYS_IN_CYCLE
from ncp.proof import days
from targets.expressions import on_day, random_crons

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def due(cron: str, minute: int) -> bool:
    """Tell whether a minute of local time (since 1970) matches, rule by rule."""
    at = EPOCH + timedelta(minutes=minute)
    return any(
        on_day(rule, at)
        and (rule.hours is None or at.hour in rule.hours)
        and (rule.minutes is None or at.minute in rule.minutes)
        for rule in expression.parse(cron).rules
    )


def bits(minutes: list[bool]) -> int:
    return sum(1 << number for number, found in enumerate(minutes) if found)


def test_every_day_of_400_years_is_counted_once() -> None:
    known = days.table()
    assert days.count(known.inside) == DAYS_IN_CYCLE
    assert len(known.places) == 14
    for month, many in ((2, 97 * 29 + 303 * 28), (4, 12_000), (12, 12_400)):
        assert days.count(known.months[month] & known.inside) == many


@pytest.mark.parametrize("seed", range(8))
def test_labels_are_the_minutes_that_match(seed: int) -> None:
    source = Random(seed)
    for cron in random_crons(source, 5):
        start = source.randrange(28_000_000, 38_000_000)
        expected = [due(cron, start + n) for n in range(1700)]
        assert days.labels(days.parts(expression.parse(cron).rules), start, 1700) == bits(expected)


@pytest.mark.parametrize("by", [0, 1, 59, 330, 1439, 1440, 1500, -1, -60, -1440, -1560])
def test_another_clock_sees_the_same_minutes_earlier(by: int) -> None:
    """Across the ends of years and of February too."""
    for cron in (*random_crons(Random(by), 4), "0 0 1 1 *", "30 23 L 2,12 *"):
        some = days.parts(expression.parse(cron).rules)
        for year in (2027, 2028, 2100):
            start = int((datetime(year, 2, 27, tzinfo=UTC) - EPOCH).total_seconds()) // 60
            for first in (start, start - 58 * 1440):
                seen = days.labels(days.moved(some, by), first, 4000)
                assert seen == days.labels(some, first + by, 4000), (cron, year)
