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
