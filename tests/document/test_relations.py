"""What tasks wait for: an order without circles, within one timing; and their jitter."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ncp import document
from ncp.errors import DocumentError, Location
from ncp.model import After

TIMINGS = {
    "hourly": {"cronExpression": "0 * * * *"},
    "daily": {"cronExpression": "0 9 * * *"},
}


def parsed(**tasks: dict[str, Any]) -> document.Document:
    """Read a document of those tasks, hourly where they do not say."""
    common = {"timingId": "hourly", "command": ["true"]}
    trees = {key: {"name": key, **common, **values} for key, values in tasks.items()}
    return document.parse(json.dumps({"tasks": trees, "timings": TIMINGS}))


def after(*ids: str) -> dict[str, Any]:
    return {"after": [{"task": one} for one in ids]}


def refusal(**tasks: dict[str, Any]) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        parsed(**tasks)
    return caught.value


def test_an_order_without_circles_is_read_and_written_as_it_was() -> None:
    found = parsed(a={}, b=after("a"), c=after("a"), d=after("b", "c"))
    assert document.parse(document.dump(found, found.schedule)).schedule == found.schedule
    assert [one.task for one in found.schedule.tasks["d"].after] == ["b", "c"]


@pytest.mark.parametrize(
    ("awaited", "what"),
    [
        (("x",), '"x" is not among the tasks.'),
        (("b",), '"b" is this task itself.'),
        (("far",), '"far" belongs to daily, not to hourly.'),
        (("a", "a"), '"a" is there twice.'),
        (("named",), '"Get it" (named) belongs to daily, not to hourly.'),
    ],
)
def test_a_task_that_cannot_be_waited_for_is_named_with_its_place(
    awaited: tuple[str, ...], what: str
) -> None:
    far = {"timingId": "daily"}
    error = refusal(a={}, b=after(*awaited), far=far, named={**far, "name": "Get it"})
    assert error.what == what
    assert error.where == f'schedule.json: tasks["b"].after[{len(awaited) - 1}].task'
    left = [one for one in ("a",) if one not in awaited]
    assert error.next_step == (
        f"Write the id of another task of the same timing: {', '.join(left)}"
        if left
        else "Remove it: there is no other task of its timing to wait for."
    )


@pytest.mark.parametrize(
    ("order", "circle"),
    [
        ({"a": "b", "b": "a"}, '"a" waits for "b" waits for "a".'),
        ({"a": "0 b", "b": "a"}, '"a" waits for "b" waits for "a".'),
        (
            {"z": "a", "a": "b", "b": "c", "c": "a"},
            '"a" waits for "b" waits for "c" waits for "a".',
        ),
    ],
)
def test_tasks_that_wait_for_each_other_are_named(order: dict[str, str], circle: str) -> None:
    free = {"0": {}, "last": after("0")}
    waiting = {key: after(*awaited.split()) for key, awaited in order.items()}
    error = refusal(**free, **waiting)
    assert error.what == f"Tasks wait for each other: {circle}"
    assert error.where == 'schedule.json: tasks["a"].after'
    assert error.next_step


@pytest.mark.parametrize(("timing", "most"), [("hourly", 3600), ("daily", 86400)])
def test_jitter_is_less_than_the_shortest_period(timing: str, most: int) -> None:
    parsed(a={"timingId": timing, "jitterSeconds": most - 0.5})
    error = refusal(a={"timingId": timing, "jitterSeconds": most})
    assert error.where == 'schedule.json: tasks["a"].jitterSeconds'
    assert f"between two slots of {timing}, {most} seconds" in error.what
    assert error.next_step == f"Write {most // 2}, or less."


def test_a_long_chain_is_checked_too() -> None:
    chain = {f"t{number}": after(f"t{number - 1}") for number in range(1, 300)}
    assert len(parsed(t0={}, **chain).schedule.tasks) == 300


def test_what_waits_for_tasks_is_found_unless_it_is_one_of_them() -> None:
    schedule = parsed(a={}, b=after("a"), c=after("b")).schedule
    assert [task.id for task in document.waiting_for(schedule, ["a"])] == ["b"]
    assert document.waiting_for(schedule, ["a", "b", "c"]) == []


def test_an_outcome_that_is_none_is_refused_outside_a_document_too() -> None:
    task = parsed(a={}).schedule.tasks["a"]
    with pytest.raises(DocumentError) as caught:
        document.check(replace(task, after=(After("b", "odd"),)), Location("task"))  # type: ignore[arg-type]  # as a caller without types may
    assert caught.value.where == "task.after"
    assert caught.value.what == '[{"task": "b", "outcome": "odd"}] hold an outcome that is none.'
