from __future__ import annotations

import pytest

from ncp import references

TASKS = [
    ("1f00-a", "hourly", "daily-9am"),
    ("1f00-b", "twin", "daily-9am"),
    ("2e00-c", "twin", "hourly"),
    ("2e00-d", "task:twin", "hourly"),
    ("5c00-e", "weekly", "weekly"),
    ("plain", "1f00-a", "never"),
    ("monthly", "x", "hourly"),
]
TIMINGS = ["daily-9am", "hourly", "weekly", "never", "monthly"]


@pytest.mark.parametrize(
    ("reference", "tasks", "timing"),
    [
        ("1f00-a", ["1f00-a"], ""),  # an id before a name
        ("5c0", ["5c00-e"], ""),
        ("5c", [], ""),  # too short for the start of an id
        ("1f0", ["1f00-a", "1f00-b"], ""),
        ("twin", ["1f00-b", "2e00-c"], ""),
        ("daily-9am", [], "daily-9am"),
        ("hourly", ["1f00-a"], "hourly"),  # both
        ("monthly", ["monthly"], "monthly"),  # an id beside a timing
        ("weekly", ["5c00-e"], ""),  # the timing of that task and of no other
        ("task:hourly", ["1f00-a"], ""),
        ("timing:hourly", [], "hourly"),
        ("task:5c0", ["5c00-e"], ""),
        ("task:twin", ["1f00-b", "2e00-c"], ""),
        ("task:task:twin", ["2e00-d"], ""),
        ("timing:twin", [], ""),
        ("task:none", [], ""),
        ("nobody", [], ""),
        ("never", [], "never"),
    ],
)
def test_a_word_means_the_tasks_and_the_timing_that_answer_to_it(
    reference: str, tasks: list[str], timing: str
) -> None:
    assert references.meant(TASKS, TIMINGS, reference) == (tasks, timing)


def test_a_name_that_starts_like_a_kind_is_found_where_the_kind_finds_nothing() -> None:
    rows = [("1", "task:a", "x"), ("2", "timing:x2", "x")]
    assert references.meant(rows, ["x"], "task:a") == (["1"], "")
    assert references.meant(rows, ["x"], "timing:x2") == (["2"], "")
