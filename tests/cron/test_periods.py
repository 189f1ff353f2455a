"""The shortest time between two slots."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice, pairwise

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from ncp.cron import expression, intervals, periods
from ncp.model import Recurrence, Rule

DAY = 1440


@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        ("* * * * *", 1),
        ("*/25 * * * *", 10),
        ("0 * * * *", 60),
        ("0 */5 * * *", 240),
        ("0 9 * * *", DAY),
        ("50 23,0 * * *", 60),
        ("55 23 * * 1-5", DAY),
        ("0 9,17 * * 1", 480),
        ("0 9 1 * *", DAY),
        ("0 9 29 2 *", DAY),
        ("0 9 13 * 5", DAY),
    ],
)
def test_it_is_counted_to_the_minute_and_a_day_at_most(cron: str, minutes: int) -> None:
    assert periods.shortest(expression.parse(cron)) == minutes


def test_days_that_meet_once_in_28_years_count_too() -> None:
    evening = Rule((0,), (23,), (28,), (2,), None, "wall")
    morning = Rule((0,), (1,), (29,), (2,), (1,), "wall")  # a Monday: 1988, 2016, 2044
    assert periods.shortest(Recurrence(rules=(evening, morning))) == 120


@pytest.mark.parametrize(
    ("cron", "count", "unit", "anchor", "minutes"),
    [
        ("* * * * *", 90, "minute", "2026-11-20T08:00Z", 90),
        ("* 9-16 * * 1-5", 5, "hour", "2026-11-20T08:00Z", 300),
        ("* * * * *", 100, "hour", "2026-11-20T08:00Z", DAY),
        ("0 9,10 * * *", 2, "week", "2026-11-23", 60),
        ("0 9 * * *", 2, "day", "2026-11-23", DAY),
    ],
)
def test_an_interval_lengthens_it(
    cron: str, count: int, unit: str, anchor: str, minutes: int
) -> None:
    found = intervals.spaced(expression.parse(cron), count, unit, anchor)
    assert periods.shortest(found) == minutes


def test_one_instant_has_a_day() -> None:
    assert periods.shortest(Recurrence(at=datetime(2026, 11, 20, tzinfo=UTC))) == DAY


FIELDS = (
    st.sampled_from(["*", "0", "*/7", "5,58"]),
    st.sampled_from(["*", "0,23", "9-17/4", "6"]),
    st.sampled_from(["*", "1,15", "31"]),
    st.sampled_from(["*", "1", "11-12"]),
    st.sampled_from(["*", "1-5", "0"]),
)


@settings(max_examples=25)
@given(st.tuples(*FIELDS))
def test_no_two_slots_that_cronsim_finds_are_closer(fields: tuple[str, ...]) -> None:
    cron = " ".join(fields)
    slots = islice(CronSim(cron, datetime(2025, 12, 30, tzinfo=UTC)), 400)
    seen = min((later - sooner).total_seconds() // 60 for sooner, later in pairwise(slots))
    assert periods.shortest(expression.parse(cron)) <= min(seen, DAY)
