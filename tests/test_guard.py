from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from ncp import guard
from ncp.cron import expression
from ncp.cron.masks import encode
from ncp.model import Rule

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Santiago")
UTC_ONLY = ((0, 0),)


def minute(text: str) -> int:
    return (datetime.fromisoformat(text + "+00:00") - EPOCH) // MINUTE


def text(slot: int | None) -> str | None:
    return None if slot is None else (EPOCH + slot * MINUTE).strftime("%Y-%m-%dT%H:%M")


@cache
def offsets(zone: str, first_year: int = 2025, last_year: int = 2028) -> guard.Offsets:
    """Scan a zone hour by hour, then minute by minute around each change."""
    info = ZoneInfo(zone)
    found: list[tuple[int, int]] = []
    instant, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 1, 1, tzinfo=UTC)
    while instant < end:
        ahead = instant.astimezone(info).utcoffset() or timedelta(0)
        if not found or found[-1][1] != ahead // MINUTE:
            found.append(((instant - EPOCH) // MINUTE, ahead // MINUTE))
        instant += timedelta(minutes=30)
    return tuple(found)


def masks(cron: str) -> guard.Masks:
    return encode(expression.parse(cron).rules)


def forward(cron: str, zone: str, start: str, number: int) -> list[str | None]:
    rules, after, found = masks(cron), minute(start), []
    for _ in range(number):
        slot = guard.following(rules, offsets(zone), after)
        found.append(text(slot))
        after = slot if slot is not None else after
    return found


def in_zone(label: str, zone: str) -> datetime:
    return datetime.fromisoformat(label).replace(tzinfo=ZoneInfo(zone))


def random_cron(chance: random.Random) -> str:
    def field(low: int, high: int) -> str:
        first = chance.randint(low, high)
        second = chance.randint(first, high)
        return chance.choice(
            [
                "*",
                "*",
                str(first),
                f"{first}-{second}",
                f"{first},{second}",
                f"*/{chance.randint(1, (high - low) // 2)}",
            ]
        )

    weekday = chance.choice([field(0, 6), "*", "1#2", "5L", "1-5"])
    day = chance.choice([field(1, 28), "*", "*", "L", "31", "29"])
    return f"{field(0, 59)} {field(0, 23)} {day} {chance.choice(['*', field(1, 12)])} {weekday}"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", range(40))
def test_slots_are_those_of_cronsim(zone: str, seed: int) -> None:
    chance = random.Random(f"{zone}{seed}")
    cron = random_cron(chance)
    start = in_zone(
        chance.choice(["2026-03-28 12:00", "2026-10-24 12:00", "2026-04-04 01:30"]), zone
    )
    if zone == "America/New_York":
        start = in_zone(chance.choice(["2026-03-07 12:00", "2026-10-31 12:00"]), zone)
    try:
        rules = masks(cron)
    except ValueError:
        pytest.skip("a date that never comes")
    witness = CronSim(cron, start)
    expected = [next(witness).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") for _ in range(12)]
    begin = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    zone_offsets = offsets(zone) if expected[-1] < "2027-12" else offsets(zone, 2025, 2040)
    after, found = minute(begin), []
    for _ in expected:
        after = guard.following(rules, zone_offsets, after) or 0
        found.append(text(after))
    assert found == expected, cron


@pytest.mark.parametrize("seed", range(60))
def test_latest_and_count_agree_with_following(seed: int) -> None:
    chance = random.Random(seed)
    zone = chance.choice([*ZONES, "Australia/Lord_Howe"])
    rules, floor = masks(random_cron(chance)), minute("2026-03-20T00:00") + chance.randint(0, 9999)
    slots, after = [], floor
    for _ in range(30):
        after = guard.following(rules, offsets(zone, 2025, 2040), after) or 0
        slots.append(after)
    where = chance.randrange(len(slots) - 1)
    now = chance.randint(slots[where], slots[where + 1] - 1)
    assert guard.latest(rules, offsets(zone, 2025, 2040), now, floor) == slots[where]
    assert guard.count(rules, offsets(zone, 2025, 2040), floor, now) == where + 1
    assert guard.latest(rules, offsets(zone, 2025, 2040), now, slots[where]) is None


@pytest.mark.parametrize(
    "cron",
    ["*/10 * * * *", "7 1-3 * * *", "15,45 2 * * *", "* 2 * * *", "0 */2 * * 0", "30 2 L * *"],
)
@pytest.mark.parametrize(
    ("zone", "start"),
    [("Australia/Lord_Howe", "2026-04-04T10:00"), ("Australia/Lord_Howe", "2026-10-03T10:00"),
     ("Europe/Berlin", "2026-03-28T20:00"), ("Europe/Berlin", "2026-10-24T20:00")],
)  # fmt: skip
def test_every_minute_around_a_change_follows_the_definition(
    cron: str, zone: str, start: str
) -> None:
    rules = expression.parse(cron).rules
    begin, due = minute(start), set[int]()
    seen: set[datetime] = set()
    for utc in range(begin - 1440, begin + 1440):
        label = (EPOCH + utc * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        before = (EPOCH + (utc - 1) * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        skipped = [before + n * MINUTE for n in range(1, (label - before) // MINUTE)]
        for rule in rules:
            if rule.follows == "elapsed":
                due |= {utc} if matches(rule, label) else set()
            elif label not in seen and any(matches(rule, one) for one in [label, *skipped]):
                due.add(utc)
        seen |= {label, *skipped}
    found, after = set(), begin - 1
    while (after := guard.following(masks(cron), offsets(zone), after) or 0) < begin + 1440:
        found.add(after)
    assert found == {utc for utc in due if utc >= begin}


def matches(rule: Rule, label: datetime) -> bool:
    month_end = (label.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    pairs = ((rule.minutes, label.minute), (rule.hours, label.hour), (rule.months, label.month))
    return all(values is None or value in values for values, value in pairs) and (
        expression.day_matches(rule.days, rule.weekdays, day=label.day,
                               weekday=label.isoweekday() % 7, length=month_end.day)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cron", "zone", "start", "expected"),
    [
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00",
         ["2026-03-29T01:00", "2026-03-30T00:30"]),
        ("0 2-3 * * *", "Europe/Berlin", "2026-03-28T12:00",
         ["2026-03-29T01:00", "2026-03-30T00:00"]),
        ("10,20 2 * * *", "Europe/Berlin", "2026-03-28T12:00",
         ["2026-03-29T01:00", "2026-03-30T00:10"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00",
         ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00",
         ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]),
        ("*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-30T00:00"]),
        ("0 0 29 2 *", "UTC", "2096-03-01T00:00", ["2104-02-29T00:00"]),
        ("0 0 */29 2 1", "UTC", "2088-03-01T00:00", ["2094-02-01T00:00"]),
        ("0 0 1 1,7 *", "UTC", "1971-03-01T00:00", ["1971-07-01T00:00", "1972-01-01T00:00"]),
    ],
)  # fmt: skip
def test_slots_around_daylight_saving_and_leap_days(
    cron: str, zone: str, start: str, expected: list[str]
) -> None:
    assert forward(cron, zone, start, len(expected)) == expected


@pytest.mark.parametrize(("day", "weekday"), [(29, day) for day in range(7)])
def test_a_leap_day_on_a_weekday_is_found_across_2100(day: int, weekday: int) -> None:
    rules = encode([Rule((0,), (0,), (day,), (2,), (weekday,), "wall")])
    slot = guard.following(rules, UTC_ONLY, minute("2072-03-01T00:00"))
    expected = next(
        year for year in range(2073, 2120)
        if year % 4 == 0 and year != 2100
        and datetime(year, 2, 29, tzinfo=UTC).isoweekday() % 7 == weekday
    )  # fmt: skip
    assert text(slot) == f"{expected}-02-29T00:00"


def test_a_wall_slot_inside_the_jump_is_latest_at_the_jump() -> None:
    jump = minute("2026-03-29T01:00")
    rules = masks("30 2 * * *")
    assert guard.latest(rules, offsets("Europe/Berlin"), jump, jump - 60) == jump
    assert guard.latest(rules, offsets("Europe/Berlin"), jump + 30, jump) is None
    assert guard.count(rules, offsets("Europe/Berlin"), jump - 1, jump + 60) == 1


def test_what_never_comes_has_no_slot() -> None:
    never = encode([Rule((0,), (0,), (30,), (2,), None, "wall")])
    assert guard.following(never, UTC_ONLY, 0) is None
    assert guard.latest(never, UTC_ONLY, 99_999, 0) is None


def test_counting_stops_at_most() -> None:
    assert guard.count(masks("* * * * *"), UTC_ONLY, 0, 100 * 1440) == guard.MOST


def test_a_floor_after_now_has_no_slot() -> None:
    assert guard.latest(masks("* * * * *"), UTC_ONLY, 100, 200) is None


def test_text_of_rules_and_offsets_reads_back() -> None:
    rules = masks("*/5 9 1 * 1#2") + masks("0 9 L * 5L")
    assert guard.loads_rules(guard.dumps(rules)) == rules
    assert guard.loads_rules("") == ()
    assert guard.loads_offsets(guard.dumps(offsets("Europe/Berlin"))) == offsets("Europe/Berlin")


@pytest.mark.parametrize("cron", ["*/5 * * * *", "0 9 * * 1-5", "0 0 1 1 *", "0 9 1 * 1"])
def test_a_decision_takes_well_under_a_fifth_of_a_millisecond(cron: str) -> None:
    rules, now = masks(cron), minute("2026-11-20T12:00")
    guard.latest(rules, offsets("Europe/Berlin"), now, now - 1440)
    costs = []
    for _ in range(20):
        begin = time.process_time_ns()
        for _ in range(20):
            guard.latest(rules, offsets("Europe/Berlin"), now, now - 1440)
        costs.append((time.process_time_ns() - begin) / 20)
    assert min(costs) < 200_000


@pytest.mark.parametrize(("minute", "offset"), [(5, 60), (99, 60), (100, 120), (250, -30)])
def test_a_local_minute_has_the_offset_of_its_moment(minute: int, offset: int) -> None:
    assert guard.local(((10, 60), (100, 120), (200, -30)), minute) == minute + offset
