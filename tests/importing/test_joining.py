"""Items share the timing of their recurrence and zone, and no id is given to two."""

from __future__ import annotations

from ncp.cron import expression
from ncp.intake.joining import Joining
from ncp.model import Timing

NINE, TEN = (expression.parse(f"0 {hour} * * *") for hour in (9, 10))
NOW = "2026-11-20T08:00:00Z"


def test_one_recurrence_in_one_zone_is_one_timing() -> None:
    there = Timing("mine", "Mine", NINE)
    joining = Joining([there], "Europe/Berlin", NOW)
    assert joining.timing(NINE, None) is there
    assert joining.timing(NINE, "Asia/Tokyo").id == "daily-9am-asia-tokyo"
    assert joining.timing(TEN, None) is joining.timing(TEN, None)
    assert set(joining.timings) == {"mine", "daily-9am-asia-tokyo", "daily-10am"}


def test_the_id_of_a_timing_whose_item_was_refused_is_not_given_again() -> None:
    joining = Joining([], "Europe/Berlin", NOW)
    refused = joining.timing(NINE, None, Timing("a", "A", NINE))
    other = joining.timing(TEN, None, Timing("a", "A", TEN))
    assert (refused.id, other.id) == ("a", "daily-10am")
    assert joining.timing(NINE, None).id == "a"
