"""Witness: cronsim, iterated in the foreign zone over several years."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from ncp.cron import expression
from ncp.cron.expression import day_matches
from ncp.errors import ExpressionError
from ncp.model import LAST_DAY, Recurrence, Rule
from ncp.targets import zones

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOSTILE = (
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/New_York",
    "Europe/Berlin",
    "Africa/Casablanca",
    "America/Nuuk",
    "Africa/Cairo",
    "UTC",
)


def wakes(rules: tuple[Rule, ...], label: datetime, length: int) -> bool:
    return any(
        (r.minutes is None or label.minute in r.minutes)
        and (r.hours is None or label.hour in r.hours)
        and (r.months is None or label.month in r.months)
        and day_matches(
            r.days, r.weekdays, day=label.day, weekday=label.isoweekday() % 7, length=length
        )
        and (r.follows == "elapsed" or label.fold == 0)
        for r in rules
    )


def month_length(label: datetime) -> int:
    following = datetime(label.year + label.month // 12, label.month % 12 + 1, 1, tzinfo=UTC)
    return (following - datetime(label.year, label.month, 1, tzinfo=UTC)).days


def missed(cron: str, zone: str, machine: str, count: int = 1500) -> list[datetime]:
    """Slots (by cronsim) at whose local label no rule wakes."""
    rules = zones.superset(expression.parse(cron), zone, machine, NOW)
    slots = CronSim(cron, NOW.astimezone(ZoneInfo(zone)))
    labels = [next(slots).astimezone(UTC).astimezone(ZoneInfo(machine)) for _ in range(count)]
    return [label for label in labels if not wakes(rules, label, month_length(label))]


@pytest.mark.parametrize(
    "cron",
    [
        "30 2 * * *",
        "30 23 * * 0",
        "15 0 1 * *",
        "0 23 31 * *",
        "59 23 28-31 2,4,12 *",
        "45 1 L * *",
        "10 0 L 2,11 *",
        "0 9 * * 1#2",
        "5 23 * * 5L",
        "5 0 * * 1#1",
        "20 0,12,23 13 6 5",
        "*/30 2 */2 1 1-5",
        "0,30 2 * 3,10 *",
    ],
)
@pytest.mark.parametrize(
    ("zone", "machine"),
    [
        ("America/New_York", "Europe/Berlin"),
        ("Europe/Berlin", "America/New_York"),
        ("Pacific/Kiritimati", "Etc/GMT+12"),
        ("Etc/GMT+12", "Pacific/Kiritimati"),
        ("Asia/Kathmandu", "Australia/Lord_Howe"),
        ("Australia/Lord_Howe", "UTC"),
        ("America/Nuuk", "Africa/Casablanca"),
    ],
)
def test_each_slot_of_another_zone_is_woken_for(cron: str, zone: str, machine: str) -> None:
    assert missed(cron, zone, machine, count=150) == []


def test_random_schedules_in_random_zones_are_woken_for() -> None:
    random_source = random.Random(7)
    for _ in range(150):
        zone, machine = random_source.sample(HOSTILE, 2)
        minute = random_source.choice(["0", "30", "*/15", "7,52", "59"])
        hour = random_source.choice(["*", "0", "2", "23", "1-3", "*/5", "0,12,23"])
        day = random_source.choice(["*", "1", "31", "L", "28-31", "*/2", "2,30"])
        month = random_source.choice(["*", "2", "3,11", "12", "1,4-6"])
        weekday = random_source.choice(["*", "0", "1-5", "6", "1#1", "0#5", "5L", "3,4#2"])
        cron = f"{minute} {hour} {day} {month} {weekday}"
        try:
            expression.parse(cron)
        except ExpressionError:
            continue
        assert missed(cron, zone, machine, count=200) == [], (cron, zone, machine)


def rule(**fields: tuple[int, ...]) -> Rule:
    return Rule(
        minutes=fields.get("minutes"),
        hours=fields.get("hours"),
        days=fields.get("days"),
        months=fields.get("months"),
        weekdays=fields.get("weekdays"),
        follows="wall",
    )


@pytest.mark.parametrize(
    ("cron", "zone", "machine", "expected"),
    [
        ("0 9 * * *", "America/New_York", "Europe/Berlin", [rule(minutes=(0,), hours=(14, 15))]),
        (
            "0 9 * * 1-5",
            "UTC",
            "Asia/Kathmandu",
            [rule(minutes=(45,), hours=(14,), weekdays=(1, 2, 3, 4, 5))],
        ),
        (
            "0 23 * * 5",
            "UTC",
            "Asia/Tokyo",
            [rule(minutes=(0,), hours=(8,), weekdays=(6,))],
        ),
        (
            "0 23 * * 1#2",
            "UTC",
            "Asia/Tokyo",
            [rule(minutes=(0,), hours=(8,), days=tuple(range(9, 16)), weekdays=(2,))],
        ),
        (
            "0 1 * * 1#1",
            "Asia/Tokyo",
            "UTC",
            [
                rule(minutes=(0,), hours=(16,), days=tuple(range(1, 7)), weekdays=(0,)),
                rule(minutes=(0,), hours=(16,), days=(LAST_DAY,), weekdays=(0,)),
            ],
        ),
        (
            "0 1 1 3 *",
            "Asia/Tokyo",
            "UTC",
            [rule(minutes=(0,), hours=(16,), days=(LAST_DAY,), months=(2,))],
        ),
        (
            "0 23 30 * *",
            "UTC",
            "Asia/Tokyo",
            [
                rule(minutes=(0,), hours=(8,), days=(31,)),
                rule(minutes=(0,), hours=(8,), days=(1,), months=(5, 7, 10, 12)),
            ],
        ),
        ("*/5 * * * *", "Europe/Berlin", "UTC", [rule(minutes=tuple(range(0, 60, 5)))]),
        ("* 5-9 * * *", "UTC", "Asia/Tokyo", [rule(hours=(14, 15, 16, 17, 18))]),
    ],
)
def test_rules_move_with_the_difference_of_the_zones(
    cron: str, zone: str, machine: str, expected: list[Rule]
) -> None:
    assert list(zones.superset(expression.parse(cron), zone, machine, NOW)) == expected


def test_slots_in_a_gap_are_woken_for_right_after_the_jump() -> None:
    found = zones.superset(expression.parse("30 2 * * *"), "Europe/Berlin", "UTC", NOW)
    assert set(found) == {
        rule(minutes=(30,), hours=(0, 1)),
        rule(minutes=(0,), hours=(1,)),
    }


def test_an_instant_is_one_label_of_the_machine() -> None:
    at = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    (found,) = zones.superset(Recurrence(at=at), "UTC", "Asia/Kathmandu", NOW)
    assert found == rule(minutes=(15,), hours=(5,), days=(25,), months=(12,))


def test_an_instant_in_a_repeated_hour_must_be_woken_for_in_both_passes() -> None:
    at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    (found,) = zones.superset(Recurrence(at=at), "UTC", "Europe/Berlin", NOW)
    assert found.follows == "elapsed"


def test_a_gap_across_midnight_keeps_the_day_of_each_label() -> None:
    night = expression.parse("15 0 * * 0").rules[0]
    theirs = ((0, 0), (24 * 60 - 30, 60))
    landing = 30 - 60
    assert zones._gaps(night, theirs, ((0, 0),)) == {  # noqa: SLF001  no zone of today has such a gap
        (rule(minutes=(0,), hours=(0,), weekdays=(0,)), landing)
    }
