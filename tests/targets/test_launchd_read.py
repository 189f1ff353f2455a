"""The reader of plists against the documentation: tables worked out by hand."""

from __future__ import annotations

import plistlib
from datetime import date, timedelta

import pytest

from hosts import MAC, timing
from ncp.cron.expression import day_matches
from ncp.model import Artifact, File, Rule
from ncp.targets.launchd import TARGET

NINE = {"Hour": 9, "Minute": 0}


def _readings(*intervals: object) -> dict[str, tuple[Rule, ...]]:
    text = plistlib.dumps({"StartCalendarInterval": list(intervals)}).decode()
    artifact = Artifact("launchd", timing("0 9 * * *"), (File("/x.plist", text),))
    return {wakes.reading: wakes.rules for wakes in TARGET.read(artifact, MAC)}


def _dates(rules: tuple[Rule, ...], year: int) -> list[str]:
    """The dates of a year on which the rules wake, as MM-DD."""
    start = date(year, 1, 1)
    days = (start + timedelta(days=n) for n in range(366))
    return [f"{day:%m-%d}" for day in days if day.year == year and _wakes(rules, day)]


def _wakes(rules: tuple[Rule, ...], day: date) -> bool:
    length = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
    weekday = day.isoweekday() % 7
    return any(
        (rule.months is None or day.month in rule.months)
        and day_matches(rule.days, rule.weekdays, day=day.day, weekday=weekday, length=length)
        for rule in rules
    )


@pytest.mark.parametrize(
    ("interval", "minutes", "hours"),
    [
        ({"Hour": 9, "Minute": 30}, (30,), (9,)),
        ({"Minute": 5}, (5,), None),
        ({"Hour": 9}, None, (9,)),  # a missing minute is every minute of the hour
        ({}, None, None),
    ],
)
def test_missing_keys_match_everything(interval: object, minutes: object, hours: object) -> None:
    rule = Rule(minutes, hours, None, None, None, "wall")  # type: ignore[arg-type]  # the table is typed loosely
    assert set(_readings(interval).values()) == {(rule,)}


@pytest.mark.parametrize(
    ("interval", "reading", "wakes"),
    [
        # Friday the 13th in 2026: February, March, November
        ({"Day": 13, "Weekday": 5}, "and", 3),
        ({"Day": 13, "Weekday": 5}, "man page", 52 + 12 - 3),
        ({"Day": 13, "Weekday": 5}, "published source", 52 + 12 - 3),
        # Mondays in June 2026: 1, 8, 15, 22, 29; all Mondays of 2026: 52
        ({"Month": 6, "Weekday": 1}, "and", 5),
        ({"Month": 6, "Weekday": 1}, "man page", 5),
        ({"Month": 6, "Weekday": 1}, "published source", 52),
        # June 13 or a Friday in June: 5, 12, 19, 26
        ({"Month": 6, "Day": 13, "Weekday": 5}, "and", 0),
        ({"Month": 6, "Day": 13, "Weekday": 5}, "man page", 5),
        ({"Month": 6, "Day": 13, "Weekday": 5}, "published source", 53),
        ({"Month": 6}, "man page", 30),
        ({"Weekday": 7}, "and", 52),  # 7 is Sunday
    ],
)
def test_the_readings_differ_where_day_meets_weekday(
    interval: dict[str, int], reading: str, wakes: int
) -> None:
    assert len(_dates(_readings(interval | NINE)[reading], 2026)) == wakes


def test_sunday_is_0_and_7() -> None:
    assert _readings({"Weekday": 7} | NINE) == _readings({"Weekday": 0} | NINE)


@pytest.mark.parametrize(
    ("interval", "least", "most"),
    [
        ({"Month": 4, "Day": 31}, ["05-01"], ["05-01"]),
        ({"Month": 2, "Day": 29}, [], ["03-01"]),
        ({"Month": 2, "Day": 30}, [], ["03-01", "03-02"]),
        ({"Month": 2, "Day": 31}, [], ["03-02", "03-03"]),
        ({"Month": 6, "Day": 30}, ["06-30"], ["06-30"]),
    ],
)
def test_a_day_that_the_month_lacks_rolls_over_in_the_published_source(
    interval: dict[str, int], least: list[str], most: list[str]
) -> None:
    readings = _readings(interval | NINE)
    whole = readings.get("published source", ())
    assert _dates(readings.get("published source, at least", whole), 2026) == least
    assert _dates(readings.get("published source, at most", whole), 2026) == most
    assert _dates(readings["man page"], 2026) == [d for d in least if d != "05-01"]


def test_the_31st_of_every_month_rolls_over_five_times_a_year() -> None:
    readings = _readings({"Day": 31} | NINE)
    extra = set(_dates(readings["published source, at least"], 2026)) - set(
        _dates(readings["man page"], 2026)
    )
    assert extra == {"05-01", "07-01", "10-01", "12-01"}
    most = _dates(readings["published source, at most"], 2026)
    assert {"03-02", "03-03"} <= set(most)


@pytest.mark.parametrize(
    "bad",
    [
        {"Hour": 24},
        {"Minute": 60},
        {"Day": 0},
        {"Day": 32},
        {"Month": 13},
        {"Weekday": 8},
        {"Minute": -1},
        {"Hour": "9"},
        {"Hour": True},
    ],
)
def test_an_interval_with_a_bad_value_is_dropped_whole(bad: dict[str, object]) -> None:
    readings = _readings(NINE | bad, {"Hour": 10, "Minute": 0})
    assert [rule.hours for rule in readings["man page"]] == [(10,)]


def test_unknown_keys_are_ignored() -> None:
    assert _readings(NINE | {"Second": 5}) == _readings(NINE)


def test_intervals_that_differ_in_one_value_are_read_as_one_rule() -> None:
    many = [{"Weekday": w, "Hour": h, "Minute": m} for w in (1, 5) for h in (9, 17) for m in (0, 5)]
    assert _readings(*many)["and"] == (Rule((0, 5), (9, 17), None, None, (1, 5), "wall"),)


def test_irregular_times_become_several_rules() -> None:
    rules = _readings(NINE, {"Hour": 10, "Minute": 30})["and"]
    assert {(rule.minutes, rule.hours) for rule in rules} == {((0,), (9,)), ((30,), (10,))}
