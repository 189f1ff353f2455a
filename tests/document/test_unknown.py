"""Keys of schedule.json that ncp does not know, and those that they may be misspelt from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp import document
from ncp.document.unknown import unknown

TASK, TIMING = 'tasks["t"]', 'timings["hourly"]'


def found(task: dict[str, Any], hourly: dict[str, Any], **top: Any) -> list[tuple[str, str, str]]:
    tree = {
        "tasks": {"t": {"name": "n", "timingId": "hourly", "command": ["true"], **task}},
        "timings": {"hourly": {"cronExpression": "0 * * * *", **hourly}},
        **top,
    }
    return [tuple(one) for one in unknown(document.parse(json.dumps(tree)).tree)]  # type: ignore[misc]  # they have three parts


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"timeoutSecond": 5}, ("timeoutSecond", TASK, "timeoutSeconds")),
        ({"timeout_seconds": 5}, ("timeout_seconds", TASK, "timeoutSeconds")),
        ({"env": {}}, ("env", TASK, 'envFile" or "environment')),
        ({"onFail": {}}, ("onFail", TASK, "onFailure")),
        ({"comment": "mine"}, ("comment", TASK, "")),
        ({"every": 5}, ("every", TASK, "")),
        ({"limits": {"memory": 5}}, ("memory", f"{TASK}.limits", "memoryMb")),
        (
            {"retries": {"attempts": 2, "backof": 3}},
            ("backof", f"{TASK}.retries", "backoff"),
        ),
        (
            {"activeHours": {"start": "09:00", "end": "17:00", "day": []}},
            ("day", f"{TASK}.activeHours", "days"),
        ),
        (
            {"command": [], "steps": [{"command": ["a"]}, {"command": ["b"], "shel": True}]},
            ("shel", f"{TASK}.steps[1]", "shell"),
        ),
        (
            {"onFailure": {"command": ["a"], "Shell": True}},
            ("Shell", f"{TASK}.onFailure", "shell"),
        ),
    ],
)
def test_a_key_that_ncp_does_not_know_is_found_with_the_nearest_it_knows(
    task: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert found(task, {}) == [expected]


def test_so_is_one_of_a_timing_and_of_the_document() -> None:
    timing = {
        "cronExpression": "0 9 * * 1",
        "timeZone": "UTC",
        "every": {"count": 2, "unit": "week", "anchor": "2026-11-23", "anchr": 1},
    }
    assert found({}, timing, timing={}, mine=1) == [
        ("timing", "", "timings"),
        ("mine", "", ""),
        ("timeZone", TIMING, "timezone"),
        ("anchr", f"{TIMING}.every", "anchor"),
    ]


def test_one_in_what_a_task_waits_for_is_found() -> None:
    other = {"name": "o", "timingId": "hourly", "command": ["true"]}
    task = {"after": [{"task": "o", "outcom": "any"}], "retries": None}
    hourly = {"cronExpression": "0 * * * *"}
    tree = {"tasks": {"t": {**other, **task}, "o": other}, "timings": {"hourly": hourly}}
    (one,) = unknown(document.parse(json.dumps(tree)).tree)
    said = 'tasks["t"].after[0]: "outcom" means nothing to ncp; is it "outcome"?'
    assert one.text == said


def test_remarks_on_purpose_are_passed_over() -> None:
    assert found({"x-owner": "ann", "_note": 1}, {"x-": 1}, **{"$schema": "s.json"}) == []


def test_one_at_the_top_is_said_without_a_place() -> None:
    tree = document.parse('{"version": "2.0.0", "mine": 1}').tree
    assert [one.text for one in unknown(tree)] == ['"mine" means nothing to ncp.']
