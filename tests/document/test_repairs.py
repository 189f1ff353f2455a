"""Documents of the old tool's second version load as they are, and what was wrong is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ncp import document
from ncp.errors import DocumentError

if TYPE_CHECKING:
    from ncp.document import Document

TASK: dict[str, Any] = {"name": "a", "tool": "s:t", "timingId": "daily-9am", "executionCount": 7}
NINE: dict[str, Any] = {"id": "daily-9am", "name": "Nine", "cronExpression": "0 9 * * *"}


def read(tasks: dict[str, Any], **timings: dict[str, Any]) -> Document:
    whole = {key: {"id": key, **TASK, **task} for key, task in tasks.items()}
    named = {key.replace("_", "-"): one for key, one in timings.items()}
    return document.parse(json.dumps({"version": "2.0.0", "tasks": whole, "timings": named}))


def of(found: Document, task: str) -> tuple[str, str, str | None]:
    """The timing of a task, its expression and zone."""
    timing = found.schedule.timings[found.schedule.tasks[task].timing_id]
    return timing.id, timing.recurrence.text, timing.zone


def test_copies_and_counters_go_and_the_counters_are_known() -> None:
    found = read({"t1": {"cronExpression": "0 9 * * *", "timezone": "UTC"}}, daily_9am=NINE)
    written = json.loads(document.dump(found, found.schedule))["tasks"]["t1"]
    assert not {"cronExpression", "timezone", "executionCount"} & written.keys()
    assert [(key, one["executionCount"]) for key, one in found.counters] == [("t1", 7)]


def test_a_copy_that_no_task_agrees_with_was_stale() -> None:
    found = read({"t1": {"cronExpression": "0 8 * * *"}}, daily_9am=NINE)
    assert of(found, "t1") == ("daily-9am", "0 9 * * *", None)
    assert found.repairs == (
        'tasks["t1"]: its copy "0 8 * * *" was stale; daily-9am says "0 9 * * *".',
    )


def test_two_expressions_that_shared_an_id_are_two_timings() -> None:
    tasks = {
        "t1": {"cronExpression": "0 9 * * 1-5"},
        "t2": {"cronExpression": "00 9 * * *"},
        "t3": {"cronExpression": "0 9 * * MON-FRI"},
        "t4": {"cronExpression": "0 9 * * 1-5", "timezone": "Asia/Tokyo"},
    }
    found = read(tasks, daily_9am=NINE)
    assert of(found, "t2") == ("daily-9am", "0 9 * * *", None)
    assert of(found, "t1") == of(found, "t3") == ("weekdays-9am", "0 9 * * 1-5", None)
    assert of(found, "t4") == ("weekdays-9am-asia-tokyo", "0 9 * * 1-5", "Asia/Tokyo")
    assert len(found.repairs) == 3
    assert found.schedule.timings["daily-9am"].task_ids == ("t2",)


def test_a_new_timing_takes_no_id_that_another_holds() -> None:
    odd = {**NINE, "id": "weekdays-9am", "cronExpression": "5 5 * * *"}
    tasks = {"t1": {"cronExpression": "0 9 * * 1-5"}, "t2": {"cronExpression": "0 9 * * *"}}
    found = read(tasks, daily_9am=NINE, weekdays_9am=odd)
    timing_id, text, _ = of(found, "t1")
    assert timing_id.startswith("weekdays-9am-")
    assert text == "0 9 * * 1-5"


def test_a_missing_timing_is_made_of_the_copy_and_shared() -> None:
    tasks = {
        "t1": {"timingId": "gone", "cronExpression": "0 8 * * *", "timezone": "Europe/Berlin"},
        "t2": {"timingId": None, "cronExpression": "0 9 * * *"},
    }
    found = read(tasks, daily_9am={**NINE, "taskIds": ["t2", "x", "y"]})
    assert of(found, "t1") == ("daily-8am-europe-berlin", "0 8 * * *", "Europe/Berlin")
    assert of(found, "t2")[0] == "daily-9am"
    assert found.repairs[-1] == 'timings["daily-9am"]: it listed tasks that are none: 2.'


@pytest.mark.parametrize(
    "task",
    [
        {"timingId": "gone", "cronExpression": "61 * * * *"},
        {"timingId": "gone", "cronExpression": "0 9 * * *", "timezone": "Mars/Base"},
        {"timingId": "gone"},
    ],
)
def test_without_a_timing_and_a_copy_that_can_be_read_it_waits_to_be_mended(
    task: dict[str, Any],
) -> None:
    found = read({"t1": {**task, "status": "active"}})
    kept = found.schedule.tasks["t1"]
    assert (kept.status, of(found, "t1")[1]) == ("error", "never")
    assert json.loads(kept.original or "")["timingId"] == "gone"
    assert len(found.repairs) == 1


def test_a_timing_that_cannot_be_read_never_comes_and_its_tasks_wait() -> None:
    found = read({"t1": {}, "t2": {"status": "paused"}}, bad={**NINE, "cronExpression": "x"})
    assert found.repairs[0].startswith('timings["bad"]: its id "daily-9am" is that key now')
    found = read({"t1": {}}, daily_9am={**NINE, "cronExpression": "61 * * * *"})
    assert of(found, "t1") == ("daily-9am", "never", None)
    assert "61" in (found.schedule.tasks["t1"].error_message or "")


def test_ids_that_differ_from_their_keys_are_their_keys() -> None:
    found = read({"t1": {"id": "other"}}, daily_9am={**NINE, "id": "nine"})
    assert [*found.schedule.tasks] == ["t1"]
    assert len(found.repairs) == 2


def test_timings_that_no_cron_line_says_stay_what_they_are() -> None:
    copy = {"cronExpression": "0 9 * * *"}
    every = {"count": 2, "unit": "day", "anchor": "2026-11-20"}
    once = {"id": "once", "at": "2027-01-01T09:00Z"}
    tasks = {"t1": {"timingId": "once"}, "t2": copy, "t3": {"cronExpression": "rubbish"}}
    found = read(tasks, daily_9am={**NINE, "every": every}, once=once)
    assert of(found, "t1")[1] == "2027-01-01T09:00Z"
    assert of(found, "t2")[0] == "daily-9am"


@pytest.mark.parametrize("tasks", [{"t1": 5}, {"t1": {"name": "a", "timingId": "gone"}}, []])
def test_what_the_old_tool_did_not_write_is_refused_and_not_repaired(tasks: object) -> None:
    with pytest.raises(DocumentError):
        document.parse(json.dumps({"tasks": tasks, "timings": {}}))


def test_a_document_of_our_own_needs_no_repair() -> None:
    assert document.parse('{"tasks": {}, "timings": {}}').repairs == ()


def test_a_timing_id_that_is_no_text_is_as_if_it_were_missing() -> None:
    found = read({"t1": {"cronExpression": "0 8 * * *", "timingId": ["x"]}}, daily_9am=NINE)
    assert of(found, "t1") == ("daily-8am", "0 8 * * *", None)


def test_an_instant_that_no_clock_shows_is_refused() -> None:
    with pytest.raises(DocumentError, match="is not an instant"):
        read({"t1": {"endDate": "0001-01-01T00:00:00+14:00"}}, daily_9am=NINE)


def test_a_timing_whose_id_is_none_gets_another_and_keeps_its_tasks() -> None:
    odd = {"id": "Daily 9/..", "name": "Odd", "cronExpression": "0 8 * * *"}
    bad = {"id": "B!", "name": "Bad", "cronExpression": "61 * * * *"}
    whole = {
        "t1": {**TASK, "id": "t1", "timingId": "Daily 9/..", "cronExpression": "0 8 * * *"},
        "t2": {**TASK, "id": "t2", "timingId": "B!"},
    }
    timings = {"Daily 9/..": odd, "B!": bad, "DAILY": {**odd, "id": "DAILY"}}
    tree = {"version": "2.0.0", "tasks": whole, "timings": timings}
    found = document.parse(json.dumps(tree))
    assert of(found, "t1") == ("daily-8am", "0 8 * * *", None)
    assert found.schedule.tasks["t2"].status == "error"
    assert found.schedule.timings.keys() == {"daily-8am", "never"}
    assert found.repairs[-3:-1] == (
        'timings["Daily 9/.."]: it cannot be an id; it is daily-8am now.',
        'timings["B!"]: it cannot be an id; it is never now.',
    )
