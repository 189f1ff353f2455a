from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import available_timezones

import pytest

from ncp.cron import expression, naming
from ncp.errors import InputError
from ncp.model import Recurrence

VALID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

IDS = {
    "0 9 * * *": "daily-9am",
    "*/5 * * * *": "every-5min",
    "* * * * *": "every-minute",
    "0 * * * *": "hourly",
    "15 * * * *": "hourly-at-15",
    "0 */2 * * *": "every-2hr",
    "30 14 * * 1-5": "weekdays-2-30pm",
    "0 10 * * 0,6": "weekends-10am",
    "0 12 * * 1": "weekly-mon-noon",
    "0 9 * * 1,3,5": "weekly-mon-wed-fri-9am",
    "0 0 1 * *": "monthly-1st-midnight",
    "0 9,17 * * *": "daily-9am-5pm",
    "5 0,12 * * *": "daily-12-05am-12-05pm",
    "0 0 1,15 * *": "monthly-1st-15th-midnight",
    "0 0 L * *": "monthly-last-day-midnight",
    "0 0 11,22,23,L * *": "monthly-11th-22nd-23rd-last-day-midnight",
    "0 0 */2 * *": "monthly-odd-days-midnight",
    "0 0 2-30/2 * *": "monthly-even-days-midnight",
    "0 0 1-7 * *": "monthly-1st-to-7th-midnight",
    "0 0 1 1 *": "yearly-jan-1st-midnight",
    "0 0 L 2 *": "yearly-feb-last-day-midnight",
    "0 0 1 */3 *": "monthly-1st-midnight-in-jan-apr-jul-oct",
    "0 9 * 1 *": "daily-9am-in-jan",
    "*/5 * * 6-8 *": "every-5min-in-jun-to-aug",
    "0 9 * */2 *": "daily-9am-in-jan-to-nov-by-2",
    "0 9 * * 1-6": "weekly-mon-to-sat-9am",
    "0 9 * * 1#1": "monthly-first-mon-9am",
    "0 9 * * 5L": "monthly-last-fri-9am",
    "0 9 * * 1,2#1": "weekly-mon-first-tue-9am",
    "0 0 13 * 5": "monthly-13th-or-fri-midnight",
    "0 0 */2 * 1": "monthly-odd-days-and-mon-midnight",
    "0 0 13 1 5": "monthly-13th-or-fri-midnight-in-jan",
    "*/15 9-16 * * 1-5": "weekdays-every-15min-9am-to-5pm",
    "* 23 * * *": "every-minute-11pm-to-midnight",
    "*/30 9,17 * * *": "every-30min-9am-to-10am-5pm-to-6pm",
    "0 9-17 * * *": "hourly-9am-to-5pm",
    "30 9-17,20 * * *": "hourly-9-30am-to-5-30pm-8-30pm",
    "0 1-23/2 * * *": "every-2hr-1am-to-11pm",
    "30 */6 * * *": "every-6hr-at-30",
    "5,20 9-17 * * *": "hourly-at-5-20-9am-to-6pm",
    "*/7 * * * *": "hourly-at-0-to-56-by-7",
    "0,30 9,17 * * *": "daily-9am-9-30am-5pm-5-30pm",
    "0,20,40 9,17 * * *": "every-20min-9am-to-10am-5pm-to-6pm-wall",
    "0 9,11,13,15,18 * * *": "daily-9am-11am-1pm-3pm-6pm",
}

ATYPICAL = [
    ("0 */2 * * *", "0 0-22/2 * * *", "every-2hr", "every-2hr-wall"),
    ("0 */12 * * *", "0 0,12 * * *", "every-12hr", "daily-midnight-noon"),
    ("* 9 * * *", "0-59 9 * * *", "every-minute-9am-to-10am", "every-minute-9am-to-10am-wall"),
    ("15 * * * *", "15 0-23 * * *", "hourly-at-15", "hourly-at-15-wall"),
    ("*/30 9 * * *", "0,30 9 * * *", "every-30min-9am-to-10am", "daily-9am-9-30am"),
    ("*/40 9 * * *", "0,40 9 * * *", "daily-9am-9-40am-elapsed", "daily-9am-9-40am"),
]

ZONES = {
    "America/New_York": "daily-9am-america-new-york",
    "Etc/GMT+5": "daily-9am-etc-gmt-plus-5",
    "Etc/GMT-5": "daily-9am-etc-gmt-minus-5",
    "America/Port-au-Prince": "daily-9am-america-port-au-prince",
    "UTC": "daily-9am-utc",
}


def timing_id(cron: str, zone: str | None = None) -> str:
    return naming.timing_id(expression.parse(cron), zone)


def hashed(identity: str, digits: int = 8) -> str:
    return sha256(identity.encode()).hexdigest()[:digits]


def once(text: str) -> Recurrence:
    return Recurrence(at=datetime.fromisoformat(text).astimezone(UTC))


@pytest.mark.parametrize(("cron", "expected"), IDS.items())
def test_ids_read_like_the_schedule(cron: str, expected: str) -> None:
    assert timing_id(cron) == expected


@pytest.mark.parametrize(("elapsed", "wall", "elapsed_id", "wall_id"), ATYPICAL)
def test_following_elapsed_time_or_the_wall_clock_makes_two_ids(
    elapsed: str, wall: str, elapsed_id: str, wall_id: str
) -> None:
    assert (timing_id(elapsed), timing_id(wall)) == (elapsed_id, wall_id)


@pytest.mark.parametrize(("zone", "expected"), ZONES.items())
def test_a_named_zone_is_a_suffix(zone: str, expected: str) -> None:
    assert timing_id("0 9 * * *", zone) == expected


def test_a_label_over_40_characters_is_a_hash_of_the_identity() -> None:
    cron = "1,5,20,44 3,5,9,22 * * *"
    assert timing_id(cron) == f"custom-{hashed(f'{cron}|local')}"
    assert timing_id(cron, "Asia/Tokyo") == f"custom-{hashed(f'{cron}|Asia/Tokyo')}-asia-tokyo"


def test_forty_characters_fit_and_one_more_does_not() -> None:
    assert timing_id("* 8 L * *") == "monthly-last-day-every-minute-8am-to-9am"
    assert timing_id("* 9 L * *") == f"custom-{hashed('* 9 L * *|local')}"


def test_a_label_that_does_not_fit_beside_a_long_zone_is_a_hash() -> None:
    zone = "America/Argentina/ComodRivadavia"
    cron = "0 0 1 1-10/3 *"
    expected = f"custom-{hashed(f'{cron}|{zone}')}-america-argentina-comodrivadavia"
    assert timing_id(cron, zone) == expected


@pytest.mark.parametrize("zone", ["A" * 70, "Europe/Z\u00fcrich", "europe/berlin", "../x", "-"])
def test_a_zone_that_cannot_be_written_in_an_id_is_part_of_the_hash(zone: str) -> None:
    assert timing_id("0 9 * * *", zone) == f"custom-{hashed(f'0 9 * * *|{zone}')}"


@pytest.mark.parametrize("cron", ["0 9 * * *", "0 0 11,22,23,L * *", "1,5,20,44 3,5,9,22 * * *"])
def test_every_zone_gives_a_valid_id_of_its_own(cron: str) -> None:
    ids = [timing_id(cron, zone) for zone in available_timezones()]
    assert len(set(ids)) == len(ids)
    assert not [text for text in ids if not VALID.fullmatch(text)]


@pytest.mark.parametrize(
    ("instant", "zone", "machine_zone", "expected"),
    [
        ("2026-12-24T07:30Z", None, "Europe/Berlin", "once-2026-12-24-0830"),
        ("2026-12-24T07:30Z", None, "UTC", "once-2026-12-24-0730"),
        ("2026-12-24T07:30Z", "Asia/Tokyo", "UTC", "once-2026-12-24-1630-asia-tokyo"),
        ("2026-10-25T00:30Z", None, "Europe/Berlin", "once-2026-10-25-0230"),
        ("2026-10-25T01:30Z", None, "Europe/Berlin", "once-2026-10-25-0230-second"),
    ],
)
def test_a_one_off_carries_its_instant_by_the_clock_of_its_zone(
    instant: str, zone: str | None, machine_zone: str, expected: str
) -> None:
    assert naming.timing_id(once(instant), zone, machine_zone=machine_zone) == expected


def test_a_one_off_in_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="Nowhere"):
        naming.timing_id(once("2026-12-24T07:30Z"), "Mars/Nowhere")


def test_an_identity_is_the_canonical_recurrence_and_its_zone() -> None:
    recurrence = expression.parse("00 9 * * MON-FRI")
    assert naming.identity(recurrence, "Europe/Berlin") == "0 9 * * 1-5|Europe/Berlin"
    assert naming.identity(recurrence, None) == "0 9 * * 1-5|local"
    assert naming.identity(once("2026-12-24T07:30Z"), None) == "2026-12-24T07:30Z|local"


def test_a_free_id_and_one_held_by_the_same_identity_are_given() -> None:
    assert naming.unique_id("daily-9am", "me", {}) == "daily-9am"
    assert naming.unique_id("daily-9am", "me", {"daily-9am": "me"}) == "daily-9am"


def test_a_taken_id_gets_as_many_hash_digits_as_it_takes() -> None:
    taken = {"daily-9am": "other", f"daily-9am-{hashed('me')}": "third"}
    assert naming.unique_id("daily-9am", "me", taken) == f"daily-9am-{hashed('me', 9)}"


def test_an_id_with_hash_digits_still_fits_63_characters() -> None:
    base = "a" * 63
    assert naming.unique_id(base, "me", {base: "other"}) == f"{'a' * 54}-{hashed('me')}"
