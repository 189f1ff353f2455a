"""Tasks that wait to be mended: a timing that never comes, and the text they were made from."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ncp import document
from ncp.cron import calendar, naming, wording
from ncp.errors import DocumentError
from ncp.model import Recurrence

NEVER = Recurrence()


def tree(**task: object) -> str:
    whole = {"name": "a", "timingId": "never", "status": "error", **task}
    return json.dumps({"tasks": {"t1": whole}, "timings": {"never": {"never": True}}})


def test_a_timing_that_never_comes_has_no_slot_and_says_so() -> None:
    assert calendar.following(NEVER, "UTC", datetime(2026, 11, 20, tzinfo=UTC), 1) == []
    assert naming.timing_id(NEVER, None) == NEVER.text == "never"
    assert wording.timing_name(NEVER, None) == "Never"
    assert wording.sentence(NEVER, None, machine_zone="UTC") == "Never runs by itself."


def test_a_task_that_waits_to_be_mended_may_lack_an_action_and_survives_a_round_trip() -> None:
    read = document.parse(tree(original='{"tool": 5}'))
    assert read.schedule.timings["never"].recurrence == NEVER
    written = json.loads(document.dump(read, read.schedule))
    assert written["timings"]["never"]["never"] is True
    assert "cronExpression" not in written["timings"]["never"]
    assert written["tasks"]["t1"]["original"] == '{"tool": 5}'


@pytest.mark.parametrize(
    ("task", "what"),
    [
        ({"command": ["/bin/true"], "status": "active"}, "its timing never never comes"),
        ({"original": "{}", "status": "active"}, "still waits to be mended"),
        ({}, "needs a command"),
    ],
)
def test_no_task_that_could_never_start_is_active(task: dict[str, object], what: str) -> None:
    with pytest.raises(DocumentError, match=what):
        document.parse(tree(**task))
