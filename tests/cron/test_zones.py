from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.cron import zones
from ncp.errors import InputError

MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_zone_is_found_by_its_iana_name() -> None:
    assert zones.zone("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("europe/berlni", "Did you mean Europe/Berlin?"),
        ("America/NewYork", "Did you mean America/New_York?"),
        ("qqqqqqqqqqqqqq", "Write for example Europe/Berlin."),
        ("", "Write for example Europe/Berlin."),
        ("../../etc/passwd", ""),
        ("/etc/localtime", ""),
        ("Europe", ""),
        ("a\0b", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_zone_that_is_none_is_refused_with_the_nearest_one(name: str, hint: str) -> None:
    with pytest.raises(InputError, match="is not an IANA time zone") as caught:
        zones.zone(name)
    assert hint in caught.value.next_step
    assert caught.value.where == "time zone"


@pytest.mark.parametrize(
    ("text", "down", "up"),
    [
        ("1970-01-01T00:00", 0, 0),
        ("1970-01-01T00:01", 1, 1),
        ("1970-01-01T00:00:59.9", 0, 1),
        ("1969-12-31T23:59:30", -1, 0),
        ("2026-11-20T08:00:00.000001", 29_919_360, 29_919_361),
    ],
)
def test_an_instant_is_minutes_since_the_epoch(text: str, down: int, up: int) -> None:
    assert (zones.minutes(at(text)), zones.minutes_up(at(text))) == (down, up)


@given(st.integers(-(10**7), 10**8))
def test_minutes_and_instants_are_each_other_s_inverse(minute: int) -> None:
    assert zones.minutes(zones.instant(minute)) == zones.minutes_up(zones.instant(minute)) == minute


@pytest.mark.parametrize(
    ("name", "when", "minutes"),
    [
        ("UTC", "2026-07-01", 0),
        ("Europe/Berlin", "2026-07-01", 120),
        ("Europe/Berlin", "2026-12-01", 60),
        ("Asia/Kathmandu", "2026-07-01", 345),
        ("America/New_York", "2026-07-01", -240),
        ("Africa/Monrovia", "1960-01-01", -45),  # -00:44:30, rounded down
    ],
)
def test_an_offset_is_whole_minutes(name: str, when: str, minutes: int) -> None:
    assert zones.offset_minutes(name, at(when)) == minutes


@pytest.mark.parametrize(
    ("name", "start", "end", "changes"),
    [
        ("UTC", "2026-01-01", "2027-01-01", [("2026-01-01T00:00", 0)]),
        (
            "Europe/Berlin",
            "2026-01-01",
            "2027-01-01",
            [("2026-01-01T00:00", 60), ("2026-03-29T01:00", 120), ("2026-10-25T01:00", 60)],
        ),
        (
            "Australia/Lord_Howe",
            "2026-01-01",
            "2027-01-01",
            [("2026-01-01T00:00", 660), ("2026-04-04T15:00", 630), ("2026-10-03T15:30", 660)],
        ),
        (
            "Pacific/Apia",
            "2011-12-01",
            "2012-01-01",
            [("2011-12-01T00:00", -600), ("2011-12-30T10:00", 840)],
        ),
        ("Europe/Berlin", "2026-01-01", "2026-01-01", [("2026-01-01T00:00", 60)]),
        (
            "Europe/Berlin",
            "2026-03-29T00:59",
            "2026-03-29T01:00",
            [("2026-03-29T00:59", 60), ("2026-03-29T01:00", 120)],
        ),
    ],
)
def test_the_changes_of_a_zone_are_found_to_the_minute(
    name: str, start: str, end: str, changes: list[tuple[str, int]]
) -> None:
    expected = tuple((zones.minutes(at(when)), offset) for when, offset in changes)
    assert zones.transitions(name, at(start), at(end)) == expected


@pytest.mark.parametrize("name", sorted(available_timezones())[::23])
def test_changes_agree_with_the_zone_database_every_hour_of_three_years(name: str) -> None:
    start, end = at("2024-01-01"), at("2027-01-01")
    found, info = zones.transitions(name, start, end), ZoneInfo(name)
    starts = [minute for minute, _ in found]
    for hour in range((end - start) // timedelta(hours=1)):
        now = start + timedelta(hours=hour)
        _, offset = found[bisect_right(starts, zones.minutes(now)) - 1]
        assert now.astimezone(info).utcoffset() == offset * MINUTE, now
