from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from ncp.cron import calendar, expression
from ncp.model import Recurrence
from targets.expressions import on_day, random_crons

if TYPE_CHECKING:
    from ncp.model import Rule

ZONES = {
    "UTC": ["2024-02-27", "2026-12-30"],
    "Europe/Berlin": ["2026-03-28", "2027-03-27", "2026-10-24", "2030-10-26"],
    "America/New_York": ["2026-03-07", "2028-03-11", "2026-10-31"],
    "America/Santiago": ["2026-04-03", "2026-09-05"],
    "Asia/Kathmandu": ["2026-06-01"],
    "Africa/Casablanca": ["2026-02-14", "2026-03-21"],
    "Pacific/Chatham": ["2026-04-04", "2026-09-26"],
}
MINUTE, TICK = timedelta(minutes=1), timedelta(seconds=1)
LABEL = "%Y-%m-%d %H:%M"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ours(cron: str, zone: str, after: str, count: int) -> list[str]:
    found = calendar.following(expression.parse(cron), zone, at(after), count)
    return [slot.strftime(LABEL) for slot in found]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", range(8))
def test_slots_are_those_of_cronsim_across_clock_changes(zone: str, seed: int) -> None:
    random = Random(f"{zone}{seed}")
    for cron in random_crons(random, 40):
        start = datetime.fromisoformat(random.choice(ZONES[zone])).replace(tzinfo=ZoneInfo(zone))
        start += timedelta(minutes=random.randint(0, 2880))
        witness = CronSim(cron, start)
        expected = [next(witness).astimezone(UTC).strftime(LABEL) for _ in range(8)]
        after = start.astimezone(UTC)
        found = calendar.following(expression.parse(cron), zone, after, 8)
        assert [slot.strftime(LABEL) for slot in found] == expected, (cron, start)


@pytest.mark.parametrize("year", range(1990, 2090, 4))
def test_slots_are_those_of_cronsim_in_any_year(year: int) -> None:
    random = Random(year)
    for cron in random_crons(random, 30):
        start = datetime(year, random.randint(1, 12), random.randint(1, 28), tzinfo=UTC)
        witness = CronSim(cron, start)
        expected = [next(witness) for _ in range(5)]
        assert calendar.following(expression.parse(cron), "UTC", start, 5) == expected, cron


def by_definition(cron: str, zone: str, start: datetime, hours: int) -> list[str]:
    """Walk the minutes of real time; for changes by half an hour, which cronsim does not know."""
    rules, info = expression.parse(cron).rules, ZoneInfo(zone)
    seen, due = set[datetime](), list[str]()
    for number in range(hours * 60):
        utc = start + number * MINUTE
        label, before = (t.astimezone(info).replace(tzinfo=None) for t in (utc, utc - MINUTE))
        skipped = [before + n * MINUTE for n in range(1, (label - before) // MINUTE)]
        wall = [] if label in seen else [label, *skipped]
        seen.add(label)
        if any(
            matches(rule, one)
            for rule in rules
            for one in ([label] if rule.follows == "elapsed" else wall)
        ):
            due.append(utc.strftime(LABEL))
    return due


def matches(rule: Rule, label: datetime) -> bool:
    return (
        label.minute in (rule.minutes or range(60))
        and label.hour in (rule.hours or range(24))
        and on_day(rule, label.replace(tzinfo=UTC))
    )


@pytest.mark.parametrize("change", ["2026-04-04T10:00", "2026-10-03T10:00"])
@pytest.mark.parametrize("seed", range(8))
def test_a_change_by_half_an_hour_follows_the_definition(change: str, seed: int) -> None:
    zone, start = "Australia/Lord_Howe", at(change)
    for time in random_times(Random(seed), 6):
        cron = f"{time} * * *"
        expected = by_definition(cron, zone, start, 12)
        found = calendar.between(
            expression.parse(cron), zone, start - TICK, start + timedelta(hours=12) - TICK
        )
        assert [slot.strftime(LABEL) for slot in found] == expected, cron


def random_times(random: Random, count: int) -> list[str]:
    """Minute and hour fields that are due around two in the morning."""
    minutes = ["*", "*/7", "0", "15", "0,45", "10-50/20", "5/15"]
    hours = ["*", "*/2", "1", "2", "1-2", "0,2", "1/1"]
    return [f"{random.choice(minutes)} {random.choice(hours)}" for _ in range(count)]


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        # a wall slot in the gap runs right after the jump, and only once that night
        ("30 2 * * *", "Europe/Berlin", "2026-03-29", ["2026-03-29 01:00", "2026-03-30 00:30"]),
        ("10,20 2 * * *", "Europe/Berlin", "2026-03-29", ["2026-03-29 01:00", "2026-03-30 00:10"]),
        # an elapsed slot in the gap does not exist
        ("*/30 2 * * *", "Europe/Berlin", "2026-03-29", ["2026-03-30 00:00", "2026-03-30 00:30"]),
        # a wall slot of the repeated hour runs the first time, an elapsed one both times
        ("30 2 * * *", "Europe/Berlin", "2026-10-25", ["2026-10-25 00:30", "2026-10-26 01:30"]),
        ("*/30 2 * * *", "Europe/Berlin", "2026-10-24T23:59",
         ["2026-10-25 00:00", "2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30"]),
        # a gap of half an hour, and one of a whole day
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", ["2026-10-03 15:30"]),
        ("0 9 30 12 *", "Pacific/Apia", "2011-12-01", ["2011-12-30 10:00", "2012-12-29 19:00"]),
        # a day field with a star in front needs both, others either
        ("0 0 */2 * 1", "UTC", "2026-11-01", ["2026-11-09 00:00", "2026-11-23 00:00"]),
        ("0 0 13 * 5", "UTC", "2026-11-07", ["2026-11-13 00:00", "2026-11-20 00:00"]),
        # L and #
        ("0 0 L 2 *", "UTC", "2027-01-01", ["2027-02-28 00:00", "2028-02-29 00:00"]),
        ("0 9 * * 1#5", "UTC", "2026-11-01", ["2026-11-30 09:00", "2027-03-29 09:00"]),
        ("0 9 * * 5L", "UTC", "2026-11-01", ["2026-11-27 09:00", "2026-12-25 09:00"]),
        ("0 0 */2 * 1#2", "UTC", "2026-11-01", ["2026-11-09 00:00", "2027-01-11 00:00"]),
        ("0 0 1 * 1#1", "UTC", "2026-11-01T12:00", ["2026-11-02 00:00", "2026-12-01 00:00"]),
        # rare days
        ("0 0 29 2 *", "UTC", "2096-03-01", ["2104-02-29 00:00", "2108-02-29 00:00"]),
        ("0 0 29 2 */7", "UTC", "2088-03-01", ["2128-02-29 00:00"]),
        ("0 0 */28 2 1", "UTC", "2077-01-01", ["2077-02-01 00:00", "2083-02-01 00:00"]),
    ],
)  # fmt: skip
def test_slots_that_the_policy_names(cron: str, zone: str, after: str, expected: list[str]) -> None:
    assert ours(cron, zone, after, len(expected)) == expected


def test_slots_are_strictly_after_the_instant() -> None:
    assert ours("0 9 * * *", "UTC", "2026-11-20T09:00", 1) == ["2026-11-21 09:00"]
    assert ours("0 9 * * *", "UTC", "2026-11-20T08:59:59.999", 1) == ["2026-11-20 09:00"]
    assert ours("* * * * *", "UTC", "2026-11-20T08:59:59.999", 1) == ["2026-11-20 09:00"]


def test_an_instant_of_another_zone_is_that_instant() -> None:
    berlin = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    found = calendar.following(expression.parse("0 9 * * *"), "UTC", berlin, 1)
    assert found == [at("2026-11-20T09:00")]


def test_two_rules_that_meet_make_one_slot() -> None:
    assert ours("0 0 13 * 5", "UTC", "2026-03-12", 2) == ["2026-03-13 00:00", "2026-03-20 00:00"]


def test_a_one_off_comes_once() -> None:
    once, day = Recurrence(at=at("2026-12-24T07:30")), timedelta(days=1)
    assert once.at is not None
    assert calendar.following(once, "Asia/Tokyo", once.at - day, 5) == [once.at]
    assert calendar.following(once, "Asia/Tokyo", once.at, 5) == []


def test_between_holds_its_end_and_not_its_start() -> None:
    found = calendar.between(
        expression.parse("0 * * * *"), "UTC", at("2026-11-20T08:00"), at("2026-11-20T10:00")
    )
    assert list(found) == [at("2026-11-20T09:00"), at("2026-11-20T10:00")]
    once = Recurrence(at=at("2026-11-20T09:00"))
    assert list(calendar.between(once, "UTC", at("2026-11-20"), at("2026-11-21"))) == [once.at]


@pytest.mark.parametrize(
    ("cron", "before", "expected"),
    [
        ("* * * * *", "2026-11-20T08:00", "2026-11-20T07:59"),
        ("0 9 * * *", "2026-11-20T09:00", "2026-11-19T09:00"),
        ("0 0 1 1 *", "2026-11-20", "2026-01-01T00:00"),
        ("0 0 29 2 *", "2027-01-01", "2024-02-29T00:00"),
        ("0 0 */28 2 1", "2077-01-01", "2072-02-29T00:00"),
    ],
)
def test_the_newest_slot_before_an_instant_is_found(cron: str, before: str, expected: str) -> None:
    assert calendar.previous(expression.parse(cron), "UTC", at(before)) == at(expected)


def test_a_one_off_that_is_still_to_come_has_no_newest_slot() -> None:
    once = Recurrence(at=at("2026-12-24T07:30"))
    assert calendar.previous(once, "UTC", at("2026-11-20")) is None


def test_a_slot_is_shown_on_the_wall_clock_of_a_zone() -> None:
    assert (
        calendar.local(at("2026-07-01T07:00"), "Europe/Berlin").strftime("%H:%M %Z") == "09:00 CEST"
    )
