"""Phrases that no cron line can say: intervals, and times that need several lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ncp.cron import calendar, phrases
from ncp.model import Every

NOW = datetime(2026, 11, 20, 8, 0, 20, tzinfo=UTC)  # a Friday, 9:00:20 in Berlin
JUST = "2026-11-20T08:00Z"


def parse(text: str) -> phrases.Phrase:
    return phrases.parse(text, now=NOW, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "cron", "count", "unit", "anchor"),
    [
        ("every 90 minutes", "* * * * *", 90, "minute", JUST),
        ("every 7 minutes", "* * * * *", 7, "minute", JUST),
        ("every 7 minutes on weekdays", "* * * * 1-5", 7, "minute", JUST),
        ("every 45 min in january", "* * * 1 *", 45, "minute", JUST),
        ("every 5 hours", "* * * * *", 5, "hour", JUST),
        ("every 300 minutes", "* * * * *", 5, "hour", JUST),
        ("every 48 hours", "* * * * *", 48, "hour", JUST),
        ("every other day", "0 9 * * *", 2, "day", "2026-11-21"),
        ("every 3 days", "0 9 * * *", 3, "day", "2026-11-21"),
        ("every three days at noon", "0 12 * * *", 3, "day", "2026-11-20"),
        ("every 3 days at 9am and 5:30pm", "0 9 * * * | 30 17 * * *", 3, "day", "2026-11-20"),
        ("every 3 days except sunday", "0 9 * * 1-6", 3, "day", "2026-11-21"),
        ("every other monday at 9am", "0 9 * * 1", 2, "week", "2026-11-23"),
        ("every 2 mondays", "0 9 * * 1", 2, "week", "2026-11-23"),
        ("every other mon and thu at 8am", "0 8 * * 1,4", 2, "week", "2026-11-23"),
        ("every other friday at 5pm", "0 17 * * 5", 2, "week", "2026-11-20"),
        ("every 2 weeks on mon and thu", "0 9 * * 1,4", 2, "week", "2026-11-23"),
        ("every two weeks", "0 9 * * 1", 2, "week", "2026-11-23"),
        ("every other week on friday", "0 9 * * 5", 2, "week", "2026-11-27"),
        ("biweekly", "0 9 * * 1", 2, "week", "2026-11-23"),
        ("fortnightly on friday at noon", "0 12 * * 5", 2, "week", "2026-11-20"),
        ("every fortnight", "0 9 * * 1", 2, "week", "2026-11-23"),
        ("every 5 months", "0 9 1 * *", 5, "month", "2026-12-01"),
        ("every 18 months on the 15th", "0 9 15 * *", 18, "month", "2026-12-15"),
        ("every 2 years", "0 9 1 1 *", 24, "month", "2027-01-01"),
        ("every 24 months", "0 9 1 1 *", 24, "month", "2027-01-01"),
    ],
)
def test_an_interval_counts_from_now_or_from_its_first_date(
    text: str, cron: str, count: int, unit: str, anchor: str
) -> None:
    found = parse(text).recurrence
    assert found.cron == cron
    assert found.every == Every(count, unit, anchor)  # type: ignore[arg-type]  # a table of texts


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("at 9am and 5:30pm", "0 9 * * * | 30 17 * * *"),
        ("every monday at 9 and 17:30", "0 9 * * 1 | 30 17 * * 1"),
        ("daily at 9, 10:15 and 17:40", "0 9 * * * | 15 10 * * * | 40 17 * * *"),
        ("on the last day at 6pm and 6:30pm", "0,30 18 L * *"),
        ("every 10 minutes between 9am and 5:30pm", "*/10 9-16 * * * | 0,10,20 17 * * *"),
        ("every 15 minutes between 9:30am and 5pm", "30,45 9 * * * | */15 10-16 * * *"),
        ("every 90 minutes between 9am and 5pm", "0 9,12,15 * * * | 30 10,13,16 * * *"),
        ("every 5 hours from 8am to 8pm", "0 8,13,18 * * *"),
        ("every 25 minutes from 10pm to midnight", "0,25,50 22 * * * | 15,40 23 * * *"),
        ("last friday", "0 9 * * 5L"),
        ("last day of the month", "0 9 L * *"),
        ("first monday of january", "0 9 * 1 1#1"),
        ("second and fourth tuesday", "0 9 * * 2#2,2#4"),
        ("every weekday except in august", "0 9 * 1-7,9-12 1-5"),
        ("every day except december", "0 9 * 1-11 *"),
        ("in june and july except july", "0 9 * 6 *"),
        ("every day except in august except sunday", "0 9 * 1-7,9-12 1-6"),
    ],
)
def test_what_one_cron_line_cannot_say_becomes_several(text: str, cron: str) -> None:
    found = parse(text).recurrence
    assert (found.cron, found.every) == (cron, None)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("every 90 minutes", ["11-20 09:30", "11-20 11:00", "11-20 12:30"]),
        ("every 5 hours", ["11-20 13:00", "11-20 18:00", "11-20 23:00"]),
        ("every other friday at 5pm", ["11-20 16:00", "12-04 16:00", "12-18 16:00"]),
        ("every 2 weeks on mon and thu", ["11-23 08:00", "11-26 08:00", "12-07 08:00"]),
    ],
)
def test_the_first_run_comes_one_interval_from_now_or_on_the_first_date(
    text: str, slots: list[str]
) -> None:
    found = calendar.following(parse(text).recurrence, "Europe/Berlin", NOW, 3)
    assert [f"{slot:%m-%d %H:%M}" for slot in found] == slots


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "every 90 minutes",
            "Counted from now; comes first on Friday 20 November 2026 at 10:30 AM.",
        ),
        ("biweekly on friday", 'Read "biweekly" as every two weeks.'),
        (
            "every 3 days at noon",
            "Counted from its first day, Friday 20 November 2026 at 12:00 PM.",
        ),
    ],
)
def test_a_note_says_what_is_counted_from(text: str, note: str) -> None:
    assert note in parse(text).notes
