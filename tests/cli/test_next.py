from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (
            [
                "30 2 * * *",
                "--timezone",
                "Europe/Berlin",
                "--from",
                "2027-03-27T12:00:00Z",
                "-n",
                "2",
            ],
            {
                "cron": "30 2 * * *",
                "timezone": "Europe/Berlin",
                "slots": ["2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"],
            },
        ),
        (
            ["0 9 * * MON", "-z", "UTC", "--from", "2026-11-23T09:00:00+00:00", "--count", "1"],
            {"cron": "0 9 * * 1", "timezone": "UTC", "slots": ["2026-11-30T09:00:00Z"]},
        ),
        (
            ["0 0 * * *", "--from", "2026-11-20", "--count", "1"],
            {"cron": "0 0 * * *", "timezone": "Europe/Berlin", "slots": ["2026-11-20T23:00:00Z"]},
        ),
        (
            ["every 6 hours", "-z", "Asia/Tokyo", "--from", "2026-11-20T00:00", "-n", "2"],
            {
                "cron": "0 */6 * * *",
                "timezone": "Asia/Tokyo",
                "slots": ["2026-11-19T21:00:00Z", "2026-11-20T03:00:00Z"],
            },
        ),
        (
            ["2099-12-24T08:30:00+01:00", "-z", "UTC"],
            {
                "cron": None,
                "at": "2099-12-24T07:30Z",
                "timezone": "UTC",
                "slots": ["2099-12-24T07:30:00Z"],
            },
        ),
    ],
)
def test_the_next_slots_are_instants_in_utc_strictly_after_the_start(
    ncp: Ncp, argv: list[str], expected: dict[str, object]
) -> None:
    assert ncp("schedule", "next", *argv, "--json").json == expected


def test_people_see_local_time_and_utc(ncp: Ncp) -> None:
    said = ncp("schedule", "next", "0 9 * * *", "--from", "2026-11-20", "-n", "1")
    lines = [line.split() for line in said.out.splitlines()]
    assert lines == [
        ["LOCAL", "(Europe/Berlin)", "UTC"],
        ["Fri", "2026-11-20", "09:00", "CET", "2026-11-20T08:00:00Z"],
    ]


def test_five_are_shown_unless_told(ncp: Ncp) -> None:
    assert len(ncp("schedule", "next", "* * * * *", "--json").json["slots"]) == 5


def test_a_task_or_a_timing_of_the_home_is_known_by_name(ncp: Ncp) -> None:
    task = ncp.create("0 9 * * *", name="Back up", timezone="Asia/Tokyo")
    for name in ("Back up", task["id"], task["id"][:8], "daily-9am-asia-tokyo"):
        found = ncp("schedule", "next", name, "--from", "2026-11-20T00:00Z", "-n", "1", "--json")
        assert found.json == {
            "cron": "0 9 * * *",
            "timezone": "Asia/Tokyo",
            "slots": ["2026-11-21T00:00:00Z"],
        }


def test_a_one_off_that_has_passed_by_then_comes_no_more(ncp: Ncp) -> None:
    said = ncp("schedule", "next", "2099-12-24T08:30Z", "--from", "2100-01-01")
    assert (said.code, said.out) == (0, "")
    assert "comes no more" in said.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["0 9 * * 8"], "day-of-week field"),
        (["0 9 * * *", "--from", "someday"], "--from"),
        (["0 9 * * *", "--from", "1969-12-31"], "Years from 1970"),
        (["0 9 * * *", "--from", "9999-12-31T23:59:59Z"], "Years from 1970"),
        (["0 9 * * *", "--count", "0"], "--count"),
        (["0 9 * * *", "-z", "Europe/Brelin"], "Did you mean Europe/Berlin?"),
        (["bakcup"], "Write DAYS at TIME"),
    ],
)
def test_what_cannot_be_answered_is_refused(ncp: Ncp, argv: list[str], words: str) -> None:
    said = ncp("schedule", "next", *argv)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_what_was_assumed_is_said(ncp: Ncp) -> None:
    said = ncp("schedule", "next", "every monday", "--json")
    assert said.json["cron"] == "0 9 * * 1"
    assert said.err.startswith("Note: ")


def test_an_interval_is_in_the_json(ncp: Ncp) -> None:
    found = ncp("schedule", "next", "every other monday at 9am", "--count", "3", "--json").json
    every = found["every"]
    assert (found["cron"], every["count"], every["unit"]) == ("0 9 * * 1", 2, "week")
    days = [datetime.fromisoformat(slot).date() for slot in found["slots"]]
    assert days[0].isoformat() == every["anchor"]
    assert [(day - days[0]).days for day in days] == [0, 14, 28]


def test_a_zone_in_the_words_is_the_zone_of_the_slots(ncp: Ncp) -> None:
    said = ncp(
        "schedule", "next", "daily at 9am America/New_York", "--from", "2027-01-10", "--json"
    )
    assert json.loads(said.out)["timezone"] == "America/New_York"
    both = ncp("schedule", "next", "daily at 9am UTC", "-z", "Europe/Berlin")
    assert both.code == 2
    assert "Leave one of the two out." in both.err


def test_the_grammar_of_a_refusal_is_printed_in_three_lines(ncp: Ncp) -> None:
    said = ncp("schedule", "next", "whenever you like")
    assert len(said.err.splitlines()) == 4
