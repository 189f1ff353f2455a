from __future__ import annotations

import pytest

from ncp import policies


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
    assert [word for word in policies.OVERLAPS if not policies.waits(word)] == ["allow"]


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
