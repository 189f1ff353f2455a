"""The slots that a target names one by one, against each real minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import minutes
from ncp.cron import expression
from ncp.cron import zones as clocks
from ncp.targets import changes, zones
from targets.expressions import random_crons

if TYPE_CHECKING:
    from ncp.model import Recurrence
    from ncp.targets.changes import Kind

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ALL: tuple[Kind, ...] = ("gap", "first", "second")


def expected(recurrence: Recurrence, zone: str, clock: str) -> set[int]:
    """Every slot that only a jump makes due, or in a minute that a clock shows twice."""
    pairs = zip(
        zones.offsets(clock, *zones.period(NOW)),
        zones.offsets(clock, *zones.period(NOW))[1:],
        strict=False,
    )
    found: set[int] = set()
    for (_, before), (moment, after) in pairs:
        reach = timedelta(minutes=max(0, before - after))
        at = clocks.instant(moment)
        low, high = (at - reach, at + reach) if reach else (at, at + minutes.MINUTE)
        due = minutes.due(recurrence, zone, low, high)
        found |= {
            clocks.minutes(slot) for slot in due if reach or not labelled(recurrence, slot, zone)
        }
    return found


def labelled(recurrence: Recurrence, slot: datetime, zone: str) -> bool:
    """Tell whether a slot right after a jump is due by its own label too."""
    label = slot.astimezone(ZoneInfo(zone))
    return any(minutes.matches(rule, label) for rule in recurrence.rules)


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Africa/Cairo", "Africa/Cairo"),
        ("Australia/Lord_Howe", "Australia/Lord_Howe"),
        ("Africa/Casablanca", "Africa/Casablanca"),
        ("America/New_York", "Europe/Berlin"),
        ("Europe/London", "Europe/Berlin"),
        ("Asia/Tokyo", "America/St_Johns"),
    ],
)
def test_slots_where_a_clock_changes_are_all_found(zone: str, clock: str) -> None:
    for cron in (*random_crons(Random(zone), 4), "*/20 0-3 * * *", "0,30 0-3 * * 0"):
        recurrence = expression.parse(cron)
        found = changes.slots(recurrence, zone, clock, NOW, ALL)
        assert set(found) == expected(recurrence, zone, clock), cron
        assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("kind", "cron", "count", "first"),
    [
        ("gap", "30 2 * * *", 15, "2025-03-30T01:00"),
        ("gap", "*/30 2 * * *", 0, ""),
        ("gap", "0 3 * * *", 0, ""),
        ("gap", "0 2-3 * * *", 0, ""),
        ("second", "*/30 2 * * *", 30, "2025-10-26T01:00"),
        ("second", "0,30 2 * * *", 0, ""),
        ("first", "0,30 2 * * *", 30, "2025-10-26T00:00"),
        ("gap", "30 2 28 3 *", 3, "2027-03-28T01:00"),
        ("gap", "30 2 * * 1", 0, ""),
    ],
)
def test_each_kind_of_slot_is_asked_for_by_name(
    kind: Kind, cron: str, count: int, first: str
) -> None:
    berlin = "Europe/Berlin"
    found = changes.slots(expression.parse(cron), berlin, berlin, NOW, (kind,))
    assert len(found) == count
    assert not first or f"{clocks.instant(found[0]):%Y-%m-%dT%H:%M}" == first


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("*/15 * * * *", "Europe/Berlin", (0, 15, 30, 45)),
        ("* * * * *", "Australia/Lord_Howe", None),
        ("*/30 * * * *", "Australia/Lord_Howe", (0, 30)),
        ("10 * * * *", "Asia/Kathmandu", (25,)),
        ("10 * * * *", "Pacific/Chatham", (25,)),
    ],
)
def test_what_comes_every_hour_is_the_same_in_utc(
    cron: str, zone: str, expected: tuple[int, ...] | None
) -> None:
    rule = changes.in_utc(expression.parse(cron), zone, NOW)
    assert rule is not None
    assert (rule.minutes, rule.hours, rule.days) == (expected, None, None)


@pytest.mark.parametrize(
    ("cron", "zone"),
    [
        ("10 * * * *", "Australia/Lord_Howe"),
        ("*/15 9-17 * * *", "Europe/Berlin"),
        ("*/15 * * * 1", "Europe/Berlin"),
        ("0 */2 * * *", "Europe/Berlin"),
        ("0-59 0-23 * * *", "Europe/Berlin"),
    ],
)
def test_what_names_hours_or_days_or_shifts_by_half_an_hour_is_not(cron: str, zone: str) -> None:
    assert changes.in_utc(expression.parse(cron), zone, NOW) is None


def test_only_zones_whose_clocks_change_have_jumps() -> None:
    assert changes.jumps("Europe/Berlin", NOW)
    assert not changes.jumps("Asia/Tokyo", NOW)


def test_several_expressions_are_not_one_rule_in_utc() -> None:
    union = expression.parse("*/10 * * * * | 5 9 * * *")
    assert len(union.rules) == 2
    assert changes.in_utc(union, "Europe/Berlin", NOW) is None
