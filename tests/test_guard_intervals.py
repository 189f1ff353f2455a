"""The guard's integers keep the slots that `cron/calendar` does, and cronsim before both."""

from __future__ import annotations

import itertools
import random
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ncp import guard
from ncp.cron import calendar, expression, intervals, zones
from ncp.cron.masks import encode
from ncp.errors import ExpressionError

if TYPE_CHECKING:
    from ncp.model import Recurrence

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Africa/Casablanca", "America/Santiago", "Asia/Beirut", "Pacific/Apia", "Europe/Dublin"),
)
CRONS = (
    *("0 9 * * 1", "30 2 * * *", "*/30 * * * *", "0 0 L * *", "15 1-3 * * 0", "30 0 1,15 * 1"),
    *("0 9 * * 1#1", "*/20 0-3 * * 1,4", "0 0 29 2 *", "0 9 * * * | 30 17 * * *"),
)
LIMITED = ("* * * * *", "* * * * 1-5", "* 9-16 * * *", "* * * 1,6 *", "* 1-3 L * *", "* * 13 * 5")
END = datetime(2035, 6, 1, tzinfo=UTC)


def random_recurrence(chance: random.Random) -> Recurrence:
    """A random interval, tried until one comes at all."""
    unit = chance.choice(intervals.UNITS)
    day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    count = chance.choice([1, 2, 3, 5, 7, 11, 14, 36, 45, 90])
    if unit in intervals.TIMED:
        cron, anchor = chance.choice(LIMITED), f"{day}T{chance.randint(0, 23):02}:07Z"
    else:
        cron, anchor = chance.choice(CRONS), day
    try:
        return intervals.spaced(expression.parse(cron), count, unit, anchor)
    except ExpressionError:
        return random_recurrence(chance)


@cache
def offsets(zone: str) -> guard.Offsets:
    return zones.transitions(zone, datetime(2024, 1, 1, tzinfo=UTC), END)


def following(recurrence: Recurrence, zone: str, after: int, count: int) -> list[int]:
    rules, every = encode(recurrence.rules), intervals.compiled(recurrence.every)
    found: list[int] = []
    while len(found) < count:
        slot = guard.following(rules, offsets(zone), after, every)
        if slot is None:
            break
        found.append(slot)
        after = slot
    return found


def upcoming(recurrence: Recurrence, zone: str, start: datetime, count: int) -> list[int]:
    slots = calendar.following(recurrence, zone, start, count)
    return [zones.minutes(slot) for slot in slots if slot < END]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", range(12))
def test_slots_are_those_of_the_calendar_and_latest_and_count_agree(zone: str, seed: int) -> None:
    chance = random.Random(f"{zone}{seed}")
    recurrence = random_recurrence(chance)
    start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(2 * 525_600))
    expected = upcoming(recurrence, zone, start, 12)
    floor = zones.minutes(start)
    assert following(recurrence, zone, floor, len(expected)) == expected, recurrence.text
    rules, every = encode(recurrence.rules), intervals.compiled(recurrence.every)
    for number, (slot, later) in enumerate(itertools.pairwise(expected), 1):
        now = chance.randint(slot, later - 1)
        assert guard.latest(rules, offsets(zone), now, floor, every) == slot
        assert guard.latest(rules, offsets(zone), now, slot, every) is None
        assert guard.count(rules, offsets(zone), floor, now, every) == number


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"])
@pytest.mark.parametrize("seed", range(3))
def test_every_minute_of_a_week_with_a_change_is_decided_as_the_calendar_does(
    zone: str, seed: int
) -> None:
    chance = random.Random(f"minutes{zone}{seed}")
    recurrence = random_recurrence(chance)
    moment = chance.choice([m for m, _ in offsets(zone)[1:-1]])
    begin = moment - chance.randrange(3 * 1440)
    slots = calendar.between(
        recurrence, zone, zones.instant(begin - 1), zones.instant(begin + 5 * 1440)
    )
    due = {zones.minutes(slot) for slot in slots}
    rules, every = encode(recurrence.rules), intervals.compiled(recurrence.every)
    for minute in range(begin, begin + 5 * 1440):
        found = guard.latest(rules, offsets(zone), minute, minute - 1, every)
        assert (found is not None) is (minute in due), (recurrence.text, minute)


def test_a_slot_years_away_is_found_at_once() -> None:
    recurrence = intervals.spaced(expression.parse("0 9 1 1 *"), 120, "month", "2026-01-01")
    rules, every = encode(recurrence.rules), intervals.compiled(recurrence.every)
    after = zones.minutes(datetime(2026, 1, 2, tzinfo=UTC))
    begin = time.process_time()
    slot = guard.following(rules, ((0, 0),), after, every)
    assert time.process_time() - begin < 0.02
    assert slot == zones.minutes(datetime(2036, 1, 1, 9, tzinfo=UTC))


def test_a_grid_wider_than_a_day_is_found_in_both_directions() -> None:
    rules, every = encode(expression.parse("* * * * *").rules), (0, 10_000, 1234)
    assert guard.following(rules, ((0, 0),), 1235, every) == 11_234
    assert guard.latest(rules, ((0, 0),), 21_233, 0, every) == 11_234
    assert guard.count(rules, ((0, 0),), 0, 31_234, every) == 4


def test_the_text_of_an_interval_reads_back() -> None:
    assert guard.loads_every(guard.dumps([(2, 3, 1)])) == (2, 3, 1)
    assert guard.loads_every("") == guard.ALWAYS


@pytest.mark.parametrize("every", [(0, 7, 3), (1, 3, 2), (2, 2, 1), (3, 5, 4)])
def test_a_decision_about_an_interval_takes_well_under_a_fifth_of_a_millisecond(
    every: tuple[int, int, int],
) -> None:
    rules = encode(expression.parse("* * * * *").rules)
    now = zones.minutes(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    costs = []
    for _ in range(20):
        begin = time.process_time_ns()
        for _ in range(20):
            guard.latest(rules, offsets("Europe/Berlin"), now, now - 1440, every)
        costs.append((time.process_time_ns() - begin) / 20)
    assert min(costs) < 200_000
