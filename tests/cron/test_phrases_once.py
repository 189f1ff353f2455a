"""Phrases that name one instant: the instant in UTC, and what a person is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ncp.cron import phrases
from ncp.errors import PhraseError

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""A Friday; 9:00 in Berlin, which is one hour ahead of UTC in winter."""
FRIDAY_NOTE = "That is Friday, 2026-11-20."


def once(text: str, now: datetime = NOW, zone: str = "Europe/Berlin") -> str:
    found = phrases.parse(text, now=now, zone=zone).recurrence
    assert not found.rules
    assert not found.cron
    return found.text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("in 10 minutes", "2026-11-20T08:10Z"),
        ("in ten minutes", "2026-11-20T08:10Z"),
        ("in 10m", "2026-11-20T08:10Z"),
        ("in a minute", "2026-11-20T08:01Z"),
        ("in 2 hours", "2026-11-20T10:00Z"),
        ("in an hour", "2026-11-20T09:00Z"),
        ("in half an hour", "2026-11-20T08:30Z"),
        ("in 1 hour and 30 minutes", "2026-11-20T09:30Z"),
        ("in 1h 30m", "2026-11-20T09:30Z"),
        ("in 90 seconds", "2026-11-20T08:02Z"),
        ("in 60 seconds", "2026-11-20T08:01Z"),
        ("in 3 days", "2026-11-23T08:00Z"),
        ("in 1 day and 2 hours", "2026-11-21T10:00Z"),
        ("in 3 days at 18:30", "2026-11-23T17:30Z"),
        ("in 1 week", "2026-11-27T08:00Z"),
        ("in a week", "2026-11-27T08:00Z"),
        ("tomorrow", "2026-11-21T08:00Z"),
        ("tomorrow at 9am", "2026-11-21T08:00Z"),
        ("9am tomorrow", "2026-11-21T08:00Z"),
        ("tomorrow at noon", "2026-11-21T11:00Z"),
        ("tomorrow morning", "2026-11-21T08:00Z"),
        ("tomorrow at 8 in the morning", "2026-11-21T07:00Z"),
        ("tomorrow evening at 8pm", "2026-11-21T19:00Z"),
        ("tomorrow at midnight", "2026-11-20T23:00Z"),
        ("today at 18:30", "2026-11-20T17:30Z"),
        ("tonight at 9pm", "2026-11-20T20:00Z"),
        ("at 18:30", "2026-11-20T17:30Z"),
        ("at 8am", "2026-11-21T07:00Z"),
        ("at 9am", "2026-11-21T08:00Z"),
        ("9:01am", "2026-11-20T08:01Z"),
        ("at midnight", "2026-11-20T23:00Z"),
        ("at 9 in the evening", "2026-11-20T20:00Z"),
        ("next monday at 9am", "2026-11-23T08:00Z"),
        ("next mon", "2026-11-23T08:00Z"),
        ("next friday at 10am", "2026-11-27T09:00Z"),
        ("next saturday at 10am", "2026-11-21T09:00Z"),
        ("next sunday at 10am", "2026-11-22T09:00Z"),
        ("on 2026-12-24 at 08:00", "2026-12-24T07:00Z"),
        ("on 2026-12-24 at 8am", "2026-12-24T07:00Z"),
        ("2026-12-24 8am", "2026-12-24T07:00Z"),
        ("2026-12-24 08:00 am", "2026-12-24T07:00Z"),
        ("2026-12-24", "2026-12-24T08:00Z"),
        ("2026-12-24 08:00", "2026-12-24T07:00Z"),
        ("2026-12-24T08:00", "2026-12-24T07:00Z"),
        ("2026-07-24T08:00", None),
        ("2027-07-24T08:00", "2027-07-24T06:00Z"),
        ("2026-12-24T08:00Z", "2026-12-24T08:00Z"),
        ("2026-12-24t08:00z", "2026-12-24T08:00Z"),
        ("2026-12-24 08:00Z", "2026-12-24T08:00Z"),
        ("2026-12-24T08:00:00+05:30", "2026-12-24T02:30Z"),
        ("2026-12-24 08:00 +0530", "2026-12-24T02:30Z"),
        ("2026-12-24T08:00-05", "2026-12-24T13:00Z"),
        ("at 2026-12-24T08:00:30Z", "2026-12-24T08:01Z"),
        ("2026-12-24T08:00:00.001Z", "2026-12-24T08:01Z"),
        ("on december 24 2026 at 8am", "2026-12-24T07:00Z"),
        ("december 24, 2026", "2026-12-24T08:00Z"),
        ("dec 24th 2026 at noon", "2026-12-24T11:00Z"),
        ("24 december 2026 at noon", "2026-12-24T11:00Z"),
        ("on the 24th of december 2026 at noon", "2026-12-24T11:00Z"),
        ("last day of february 2028 at noon", "2028-02-29T11:00Z"),
    ],
)
def test_a_phrase_names_this_instant(text: str, instant: str | None) -> None:
    if instant is None:
        with pytest.raises(PhraseError):
            once(text)
    else:
        assert once(text) == instant


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("in 10 minutes", ()),
        ("in 90 seconds", ("Rounded up to 09:02.",)),
        ("2026-12-24T08:00:30+01:00", ("Rounded up to 08:01.",)),
        ("2026-12-24", ("No time given; using 9:00 AM.",)),
        ("today at 18:30", (FRIDAY_NOTE,)),
        ("tonight at 9pm", (FRIDAY_NOTE,)),
        ("tomorrow", ("No time given; using 9:00 AM.", "That is Saturday, 2026-11-21.")),
        ("next monday at 9", ('Read "9" as 9:00 AM.', "That is Monday, 2026-11-23.")),
        ("at 18:30", ('Once, today at 6:30 PM; write "daily" for every day.',)),
        ("at 8am", ('Once, tomorrow at 8:00 AM; write "daily" for every day.',)),
    ],
)
def test_what_was_assumed_is_said(text: str, notes: tuple[str, ...]) -> None:
    assert phrases.parse(text, now=NOW, zone="Europe/Berlin").notes == notes


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "2026-11-20T08:10Z"), (1, "2026-11-20T08:11Z"), (59, "2026-11-20T08:11Z")],
)
def test_seconds_of_now_round_up_to_the_next_whole_minute(seconds: int, expected: str) -> None:
    assert once("in 10 minutes", NOW + timedelta(seconds=seconds)) == expected


def test_now_may_be_given_in_any_zone() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-8)))
    assert once("in 10 minutes", elsewhere) == "2026-11-20T08:10Z"
    assert once("at 18:30", elsewhere) == "2026-11-20T17:30Z"


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert once("today at 9am", late) == "2026-11-21T08:00Z"
    assert once("tomorrow at 9am", late, "Pacific/Kiritimati") == "2026-11-21T19:00Z"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-03-28 01:59", "2027-03-28T00:59Z"),
        ("2027-03-28 02:00", "2027-03-28T01:00Z"),
        ("2027-03-28 02:30", "2027-03-28T01:00Z"),
        ("2027-03-28T02:30:30", "2027-03-28T01:00Z"),
        ("2027-03-28 03:00", "2027-03-28T01:00Z"),
        ("2027-10-31 02:30", "2027-10-31T00:30Z"),
        ("2027-10-31 03:00", "2027-10-31T02:00Z"),
    ],
)
def test_a_time_in_a_gap_moves_right_after_it_and_a_repeated_one_is_the_first(
    text: str, instant: str
) -> None:
    assert once(text) == instant


def test_a_moved_time_is_noted() -> None:
    (note,) = phrases.parse("2027-03-28 02:30", now=NOW, zone="Europe/Berlin").notes
    assert note == ("02:30 does not exist on 2027-03-28, when the clocks go forward; using 03:00.")


def test_days_keep_the_time_of_day_and_hours_pass_as_they_are() -> None:
    before = datetime(2027, 3, 27, 11, 0, tzinfo=UTC)
    assert once("in 1 day", before) == "2027-03-28T10:00Z"
    assert once("in 24 hours", before) == "2027-03-28T11:00Z"
    assert once("tomorrow at noon", before) == "2027-03-28T10:00Z"


def test_the_time_of_day_that_passed_in_the_gap_is_tomorrow() -> None:
    after = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert once("at 2:30", after) == "2027-03-29T00:30Z"


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(PhraseError, match='"Mars/Olympus" is not a time zone') as caught:
        once("in 10 minutes", zone="Mars/Olympus")
    assert caught.value.where == "zone"
    assert caught.value.next_step == 'Write for example "Europe/Berlin".'
