"""Slots where clocks change, 2025 to 2037, in zones of every kind.

Witnesses: cronsim, and a look at each real minute where cronsim is not right.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

import minutes
from ncp.cron import calendar, expression, zones

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
WHOLE_HOURS = (
    *("Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Moscow", "Europe/Istanbul"),
    *("Europe/Athens", "Atlantic/Azores", "Africa/Casablanca", "Africa/Cairo", "Africa/Lagos"),
    *("Asia/Beirut", "Asia/Jerusalem", "Asia/Tokyo", "Asia/Shanghai", "Asia/Gaza"),
    *("America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/Santiago"),
    *("America/Havana", "America/Asuncion", "America/Nuuk", "America/Phoenix"),
    *("Australia/Sydney", "Pacific/Auckland", "Pacific/Easter", "Pacific/Kiritimati"),
    *("Antarctica/Troll", "Etc/GMT+12", "UTC"),
)
PARTS_OF_HOURS = (
    *("Australia/Lord_Howe", "Australia/Adelaide", "Australia/Eucla", "Pacific/Chatham"),
    *("America/St_Johns", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran", "Pacific/Marquesas"),
)
WALL = ("30 2 * * *", "0,15,45 0-3 * * *", "59 1-2,23 * * 0,6", "0 0 * * *", "5 3 1-31 3,10 *")
ELAPSED = ("*/30 * * * *", "*/20 0-3 * * *", "15 */2 * * *", "10 * * * 0", "*/7 2 L * *")


def changes(zone: str) -> list[datetime]:
    """The moments at which a zone's clock changes; some quiet ones where it never does."""
    found = [zones.instant(minute) for minute, _ in zones.transitions(zone, START, END)[1:]]
    return found or [START + timedelta(days=700 * n) for n in range(4)]


def slots(cron: str, zone: str, low: datetime, high: datetime) -> list[datetime]:
    minute = timedelta(minutes=1)
    return [*calendar.between(expression.parse(cron), zone, low - minute, high - minute)]


@pytest.mark.parametrize("zone", WHOLE_HOURS)
def test_slots_around_each_change_are_those_of_cronsim(zone: str) -> None:
    source = Random(zone)
    for moment in changes(zone):
        low, high = moment - timedelta(hours=5), moment + timedelta(hours=5)
        for cron in (source.choice(WALL[:4]), source.choice(ELAPSED[:4])):
            expected = [*minutes.by_cronsim(cron, zone, low, high)]
            assert slots(cron, zone, low, high) == expected, (cron, moment)


@pytest.mark.parametrize(
    "zone", [*PARTS_OF_HOURS, "Europe/Berlin", "Europe/Dublin", "Africa/Cairo"]
)
def test_slots_around_each_change_are_those_of_each_minute(zone: str) -> None:
    source = Random(zone)
    for moment in changes(zone)[::3]:
        low, high = moment - timedelta(minutes=150), moment + timedelta(minutes=150)
        for cron in (source.choice(WALL), source.choice(ELAPSED)):
            expected = [*minutes.due(expression.parse(cron), zone, low, high)]
            assert slots(cron, zone, low, high) == expected, (cron, moment)


@pytest.mark.parametrize(
    ("cron", "zone", "day", "expected"),
    [
        # the clock went from 00:00 to 01:00: midnight itself did not exist
        ("0 0 * * *", "America/Sao_Paulo", "2018-11-04", ["03:00"]),
        ("0,30 0 * * *", "America/Sao_Paulo", "2018-11-04", ["03:00"]),
        ("*/30 0 * * *", "America/Sao_Paulo", "2018-11-04", []),
        ("15 0 * * *", "Asia/Beirut", "2026-03-28", ["22:00"]),
        ("45 0 * * 5", "Africa/Cairo", "2026-04-23", ["22:00"]),
        # half an hour is skipped, and half an hour repeated
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03", ["15:30"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04", ["14:45"]),
        (
            "*/15 1 * * *",
            "Australia/Lord_Howe",
            "2026-04-04",
            ["14:00", "14:15", "14:30", "14:45", "15:00", "15:15"],
        ),
        # clocks go back for Ramadan and on again after it
        ("30 2 * * *", "Africa/Casablanca", "2026-02-15", ["01:30"]),
        ("30 2 * * *", "Africa/Casablanca", "2026-03-22", ["02:00"]),
        # winter time is the exception in Dublin's tables, and nothing else differs
        ("30 1 * * *", "Europe/Dublin", "2026-03-29", ["01:00"]),
        ("30 1 * * *", "Europe/Dublin", "2026-10-25", ["00:30"]),
    ],
)
def test_known_changes_by_hand(cron: str, zone: str, day: str, expected: list[str]) -> None:
    """UTC times on a UTC day."""
    low = datetime.fromisoformat(f"{day}T00:00Z")
    found = slots(cron, zone, low, low + timedelta(days=1))
    assert [f"{slot:%H:%M}" for slot in found] == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_all_skipped_times_of_a_timing_are_one_slot(zone: str) -> None:
    """The one difference from Debian's cron, which runs the job once for each of them."""
    pairs = pairwise(zones.transitions(zone, START, END))
    jumps = [zones.instant(moment) for (_, before), (moment, after) in pairs if after > before]
    for jump in jumps:
        low, high = jump - timedelta(minutes=1), jump + timedelta(minutes=1)
        assert slots("5,15,25 2 * * *", zone, low, high) == [jump]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Casablanca", "Pacific/Chatham"])
def test_each_slot_is_the_previous_one_of_its_successor(zone: str) -> None:
    for cron in ("30 2 * * *", "*/30 1-3 * * *"):
        recurrence = expression.parse(cron)
        for moment in changes(zone)[:4]:
            found = calendar.following(recurrence, zone, moment - timedelta(hours=4), 8)
            for earlier, later in pairwise(found):
                assert calendar.previous(recurrence, zone, later) == earlier
