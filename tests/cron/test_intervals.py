from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from ncp.cron import calendar, expression, intervals
from ncp.errors import ExpressionError
from ncp.model import Every, Recurrence

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def spaced(cron: str, count: int, unit: str, anchor: str) -> Recurrence:
    return intervals.spaced(expression.parse(cron), count, unit, anchor)


def local(recurrence: Recurrence, zone: str, count: int, after: datetime = START) -> list[str]:
    found = calendar.following(recurrence, zone, after, count)
    return [calendar.local(slot, zone).strftime("%a %Y-%m-%d %H:%M") for slot in found]


@pytest.mark.parametrize(
    ("cron", "every", "expected"),
    [
        ("0 9 * * 1", (2, "week", "2026-11-23"), ["Mon 2026-11-23 09:00", "Mon 2026-12-07 09:00"]),
        ("0 9 * * 1", (2, "week", "2026-11-22"), ["Mon 2026-11-30 09:00", "Mon 2026-12-14 09:00"]),
        (
            "0 9 * * 0,1",
            (2, "week", "2026-11-25"),
            ["Mon 2026-11-23 09:00", "Sun 2026-11-29 09:00", "Mon 2026-12-07 09:00"],
        ),
        ("0 12 * * *", (3, "day", "2026-11-20"), ["Fri 2026-11-20 12:00", "Mon 2026-11-23 12:00"]),
        ("0 12 * * *", (3, "day", "2020-01-01"), ["Sun 2026-11-22 12:00", "Wed 2026-11-25 12:00"]),
        (
            "0 9 31 * *",
            (5, "month", "2026-12-31"),
            ["Thu 2026-12-31 09:00", "Mon 2027-05-31 09:00"],
        ),
        (
            "0 9 1 1 *",
            (24, "month", "2027-01-01"),
            ["Fri 2027-01-01 09:00", "Mon 2029-01-01 09:00"],
        ),
        (
            "* * * * *",
            (90, "minute", "2026-11-20T07:30Z"),
            ["Fri 2026-11-20 10:00", "Fri 2026-11-20 11:30"],
        ),
        (
            "* 9-16 * * 1-5",
            (5, "hour", "2026-11-20T08:00Z"),
            ["Fri 2026-11-20 14:00", "Mon 2026-11-23 12:00", "Tue 2026-11-24 13:00"],
        ),
        (
            "0 9 * * * | 30 17 * * *",
            (2, "day", "2026-11-20"),
            ["Fri 2026-11-20 17:30", "Sun 2026-11-22 09:00", "Sun 2026-11-22 17:30"],
        ),
        (
            "30 0 1,15 * 1",
            (14, "day", "2026-12-15"),
            ["Tue 2026-12-01 00:30", "Tue 2026-12-15 00:30", "Tue 2027-06-01 00:30"],
        ),
    ],
)
def test_an_interval_keeps_the_slots_that_agree_with_its_anchor(
    cron: str, every: tuple[int, str, str], expected: list[str]
) -> None:
    assert local(spaced(cron, *every), "Europe/Berlin", len(expected)) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # the hour from 2:00 is skipped, then repeated; 45 minutes go on through both
        ("2026-03-29T00:00Z", ["01:30", "03:15", "04:00"]),
        ("2026-10-25T00:00Z", ["02:30", "02:15", "03:00"]),
    ],
)
def test_real_time_goes_on_where_clocks_change(start: str, expected: list[str]) -> None:
    after = datetime.fromisoformat(start)
    found = local(spaced("* * * * *", 45, "minute", "2026-01-01T00:30Z"), "Europe/Berlin", 3, after)
    assert [text[-5:] for text in found] == expected


@pytest.mark.parametrize("zone", ZONES)
def test_dates_that_count_are_cronsims_slots_on_those_dates(zone: str) -> None:
    chance = random.Random(zone)
    for _ in range(12):
        cron = chance.choice(
            ["30 2 * * *", "*/20 1-3 * * *", "0 9 * * 1,4", "0 0 L * *", "5 0 * * 0"]
        )
        count, unit = chance.choice(
            [(2, "week"), (3, "day"), (5, "month"), (7, "week"), (10, "day")]
        )
        anchor = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        try:
            found = spaced(cron, count, unit, anchor.isoformat())
        except ExpressionError:
            continue
        start = datetime(2026, chance.randint(1, 12), 1, tzinfo=ZoneInfo(zone))
        witness = CronSim(cron, start)
        kept = (slot for slot in witness if counts(slot.date(), anchor, count, unit))
        expected = [slot.astimezone(UTC) for slot in islice(kept, 8)]
        assert calendar.following(found, zone, start, 8) == expected, (cron, count, unit, anchor)


def counts(day: date, anchor: date, count: int, unit: str) -> bool:
    """Say it as people do, without numbering anything from an epoch."""
    if unit == "month":
        return ((day.year - anchor.year) * 12 + day.month - anchor.month) % count == 0
    if unit == "week":
        day, anchor = (d - timedelta(days=d.weekday()) for d in (day, anchor))
        count *= 7
    return (day - anchor).days % count == 0


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("count", "unit"), [(7, "minute"), (90, "minute"), (5, "hour")])
def test_a_grid_has_the_same_gap_everywhere(zone: str, count: int, unit: str) -> None:
    found = calendar.following(
        spaced("* * * * *", count, unit, "2026-11-20T08:07Z"), zone, START, 500
    )
    gap = timedelta(minutes=count) * (60 if unit == "hour" else 1)
    assert {after - before for before, after in pairwise(found)} == {gap}
    assert (found[0] - datetime(2026, 11, 20, 8, 7, tzinfo=UTC)) % gap == timedelta(0)


def test_a_limited_grid_is_the_grid_where_the_label_matches() -> None:
    everything = spaced("* * * * *", 50, "minute", "2026-03-20T00:00Z")
    grid = calendar.between(everything, "Europe/Berlin", START, START + timedelta(20))
    inside = [
        s for s in grid if (c := calendar.local(s, "Europe/Berlin")).hour in {9, 10} and c.day == 24
    ]
    found = spaced("* 9,10 24 11 *", 50, "minute", "2026-03-20T00:00Z")
    assert inside
    assert calendar.following(found, "Europe/Berlin", START, len(inside)) == inside


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize(
    ("cron", "every"),
    [
        ("* 9 * * *", (24, "hour", "2026-11-20T20:00Z")),
        ("0 0 1 1 * | 0 0 1 2 *", (24, "month", "2026-02-01")),
        ("*/5 0 1 1 * | 0 0 1 2 *", (24, "month", "2026-02-01")),
    ],
)
def test_what_the_interval_never_meets_ends_and_does_not_hang(
    cron: str, every: tuple[int, str, str], zone: str
) -> None:
    found = calendar.following(spaced(cron, *every), zone, START, 2)
    assert all(calendar.local(slot, zone).month == 2 for slot in found)
    assert len(found) in {0, 2}


@pytest.mark.parametrize("before", ["2026-12-07T08:00:01Z", "2026-12-20T23:00Z"])
def test_the_previous_slot_is_found_too(before: str) -> None:
    found = calendar.previous(
        spaced("0 9 * * 1", 2, "week", "2026-11-23"),
        "Europe/Berlin",
        datetime.fromisoformat(before),
    )
    assert found == datetime(2026, 12, 7, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "given", "kept"),
    [
        (
            "* * * * *",
            (120, "minute", "2026-11-20T09:00+01:00"),
            Every(2, "hour", "2026-11-20T08:00Z"),
        ),
        (
            "* * * * *",
            (60, "minute", "2026-11-20T08:00:59Z"),
            Every(1, "hour", "2026-11-20T08:00Z"),
        ),
        ("0 9 * * 1", (2, "week", "2026-11-25T00:00"), Every(2, "week", "2026-11-25")),
        ("0 9 * * *", (1, "day", "2026-11-25"), None),
        ("0 9 * * *", (1, "week", "2026-11-25"), None),
        ("* * * * *", (1, "minute", "2026-11-20T08:00Z"), None),
    ],
)
def test_an_interval_has_one_form(
    cron: str, given: tuple[int, str, str], kept: Every | None
) -> None:
    assert spaced(cron, *given).every == kept


@pytest.mark.parametrize(
    ("cron", "given", "where", "what"),
    [
        ("0 9 * * 1", (2, "wk", "2026-11-23"), "unit", '"wk" is not a unit'),
        (
            "0 9 * * 1",
            (0, "week", "2026-11-23"),
            "count",
            "0 is not a number of weeks from 1 to 520",
        ),
        ("0 9 * * 1", (521, "week", "2026-11-23"), "count", "521 is not a number of weeks"),
        ("0 9 * * 1", (2, "week", "soon"), "anchor", '"soon" is not a date'),
        ("0 9 * * 1", (2, "week", "2300-01-01"), "anchor", '"2300-01-01" is not a date'),
        ("* * * * *", (9, "minute", "2026-11-20"), "anchor", "is not an instant with an offset"),
        ("0 9 * * *", (9, "minute", "2026-11-20T08:00Z"), "unit", 'needs "*" in the minute field'),
        ("0-59 9 * * *", (9, "hour", "2026-11-20T08:00Z"), "unit", 'needs "*" in the minute field'),
        (
            "0 9 * * 1",
            (14, "day", "2026-11-24"),
            "anchor",
            "No date of the expression comes every 14",
        ),
        (
            "0 9 1 1,7 *",
            (6, "month", "2026-11-24"),
            "anchor",
            "No date of the expression comes every 6",
        ),
    ],
)
def test_what_cannot_be_an_interval_is_refused_by_key(
    cron: str, given: tuple[int, str, str], where: str, what: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        spaced(cron, *given)
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.next_step


def test_one_instant_has_no_interval() -> None:
    with pytest.raises(ExpressionError, match="One instant has no interval"):
        intervals.spaced(Recurrence(at=START), 2, "day", "2026-11-20")


@pytest.mark.parametrize(
    ("every", "text"),
    [
        (Every(2, "week", "2026-11-23"), "0 9 * * 1, every 2 weeks from 2026-11-23"),
        (Every(1, "hour", "2026-11-20T08:05Z"), "0 9 * * 1, every hour from 2026-11-20T08:05Z"),
    ],
)
def test_the_text_of_a_recurrence_names_its_interval(every: Every, text: str) -> None:
    assert replace(expression.parse("0 9 * * 1"), every=every).text == text


@pytest.mark.parametrize(
    ("every", "integers"),
    [
        (None, (0, 1, 0)),
        (Every(90, "minute", "1970-01-01T01:40Z"), (0, 90, 10)),
        (Every(2, "hour", "1970-01-01T03:00Z"), (0, 120, 60)),
        (Every(3, "day", "1970-01-05"), (1, 3, 1)),
        (Every(2, "week", "1970-01-04"), (2, 2, 0)),
        (Every(2, "week", "1970-01-05"), (2, 2, 1)),
        (Every(5, "month", "1970-03-31"), (3, 5, (1970 * 12 + 2) % 5)),
    ],
)
def test_integers_for_the_guard_are_kind_count_and_phase(
    every: Every | None, integers: tuple[int, int, int]
) -> None:
    assert intervals.compiled(every) == integers
