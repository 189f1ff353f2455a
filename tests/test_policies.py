from __future__ import annotations

from typing import get_args

import pytest

from ncp import policies
from ncp.model import Overlap


@pytest.mark.parametrize(
    ("overlap", "free", "running", "waiting"),
    [
        ("skip", True, False, False),
        ("queue", True, True, False),
        ("replace", True, True, False),
        ("allow", True, True, True),
    ],
)
def test_an_overlap_policy_says_what_may_be_planned(
    overlap: str, free: bool, running: bool, waiting: bool
) -> None:
    assert policies.admits(overlap, running=False, waiting=False) is free
    assert policies.admits(overlap, running=True, waiting=False) is running
    assert policies.admits(overlap, running=False, waiting=True) is waiting
    assert policies.admits(overlap, running=True, waiting=True) is waiting


def test_only_what_may_overlap_does_not_wait() -> None:
    assert [word for word in get_args(Overlap) if not policies.waits(word)] == ["allow"]


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        ("success", {"success"}),
        ("failure", {"failure", "timeout", "interrupted"}),
        ("any", {"success", "failure", "timeout", "interrupted", "skipped", None}),
    ],
)
def test_what_a_task_waits_for_is_met_by_some_ends(wanted: str, met: set[str | None]) -> None:
    ends = ["success", "failure", "timeout", "interrupted", "skipped", None]
    assert {end for end in ends if policies.satisfied(wanted, end)} == met


RETRIES = (4, 1000, 5000, 200, policies.CAUSES["both"])


def test_delays_grow_up_to_the_longest_and_then_end() -> None:
    delays = [policies.retry_delay(RETRIES, attempt, "failure") for attempt in range(1, 6)]
    assert delays == [1, 2, 4, 5, None]


def test_no_delay_is_longer_than_the_longest() -> None:
    assert policies.retry_delay((1, 9000, 5000, 200, 3), 1, "timeout") == 5


@pytest.mark.parametrize(
    ("cause", "tried"),
    [("failure", {"failure"}), ("timeout", {"timeout"}), ("both", {"failure", "timeout"})],
)
def test_only_the_causes_asked_for_are_tried_again(cause: str, tried: set[str]) -> None:
    retries = (3, 0, 0, 100, policies.CAUSES[cause])
    statuses = ["success", "failure", "timeout", "interrupted", "skipped"]
    assert {s for s in statuses if policies.retry_delay(retries, 1, s) is not None} == tried


def test_nothing_is_tried_again_unless_asked_for() -> None:
    assert policies.retry_delay((), 1, "failure") is None


def test_a_higher_priority_is_less_nice() -> None:
    assert len(policies.NICENESS) == len(policies.PRIORITIES)
    assert list(policies.NICENESS) == sorted(set(policies.NICENESS))
    assert policies.NICENESS[policies.MEDIUM] == 0


MONDAY = 4 * policies.DAY  # 1970-01-05
WORK = (540, 1020, 0b0111110)  # 09:00-17:00, Monday to Friday
NIGHT = (1320, 360, 0b0000010)  # 22:00-06:00, Monday


@pytest.mark.parametrize(
    ("hours", "day", "clock", "inside"),
    [
        ((), 0, "03:00", True),
        (WORK, 0, "08:59", False),
        (WORK, 0, "09:00", True),
        (WORK, 4, "16:59", True),
        (WORK, 0, "17:00", False),
        (WORK, 5, "12:00", False),
        (WORK, -1, "12:00", False),
        (NIGHT, 0, "21:59", False),
        (NIGHT, 0, "22:00", True),
        (NIGHT, 1, "05:59", True),
        (NIGHT, 1, "06:00", False),
        (NIGHT, 0, "05:59", False),
        (NIGHT, 1, "23:00", False),
        ((0, policies.DAY, 0b0000010), 0, "23:59", True),
        ((0, policies.DAY, 0b0000010), 1, "00:00", False),
    ],
)
def test_active_hours_belong_to_the_day_on_which_they_begin(
    hours: tuple[int, ...], day: int, clock: str, inside: bool
) -> None:
    minute = MONDAY + day * policies.DAY + 60 * int(clock[:2]) + int(clock[3:])
    assert policies.within(hours, minute) is inside


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((540, 1020, 0b1111111), "09:00-17:00"),
        ((1320, 365, 0b1000001), "sat,sun 22:00-06:05"),
    ],
)
def test_active_hours_are_said_as_people_write_them(hours: tuple[int, ...], said: str) -> None:
    assert policies.hours_said(hours) == said


@pytest.mark.parametrize(
    ("limits", "end", "used", "starved", "said"),
    [
        ((64, 0, 0), (None, 9), 0, True, "needed more than 64 MB of memory"),
        ((64, 0, 0), (None, 9), 0, False, None),
        ((0, 10, 0), (None, 24), 10, True, "used more than 10 s of CPU"),
        ((0, 10, 0), (152, None), 10, False, "used more than 10 s of CPU"),
        ((0, 10, 0), (None, 9), 11, False, "used more than 10 s of CPU"),
        ((0, 10, 0), (137, None), 11, False, "used more than 10 s of CPU"),
        ((0, 10, 0), (None, 9), 8, False, "used more than 10 s of CPU"),
        ((0, 10, 0), (None, 9), 7, False, None),
        ((0, 10, 0), (1, None), 11, False, None),
        ((0, 10, 0), (None, 15), 11, False, None),
        ((0, 0, 5), (None, 24), 11, True, None),
    ],
)
def test_the_limit_that_ended_a_program_is_named_where_it_can_be_known(
    limits: tuple[int, ...],
    end: tuple[int | None, int | None],
    used: float,
    starved: bool,
    said: str | None,
) -> None:
    assert policies.limit_hit(limits, end, used, starved=starved) == said
