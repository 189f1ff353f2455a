from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hosts import NOW, timing
from ncp.applying import settling
from ncp.model import Recurrence, Schedule, Task, Timing

HOURLY = replace(timing("0 * * * *", id="hourly"), task_ids=("x",))
ONCE = Timing("once", "Once", Recurrence(at=NOW), task_ids=("x",))
PAST, LATER = ((NOW + timedelta(seconds=s)).isoformat() for s in (-1, 1))


def schedule(of: Timing = HOURLY, **values: Any) -> Schedule:
    task = Task(id="x", name="x", timing_id=of.id, command=("true",), **values)
    return Schedule({"x": task}, {of.id: of})


FINISHED = [
    ({}, 99, False),
    ({"fire_once": True}, 0, False),
    ({"fire_once": True}, 1, True),
    ({"of": ONCE}, 0, False),
    ({"of": ONCE}, 1, True),
    ({"max_executions": 2}, 1, False),
    ({"max_executions": 2}, 2, True),
    ({"end_date": LATER}, 0, False),
    ({"end_date": NOW.isoformat()}, 0, True),
    ({"end_date": PAST}, 0, True),
    ({"end_date": PAST, "status": "paused"}, 0, False),
    ({"fire_once": True, "status": "completed"}, 1, False),
]


@pytest.mark.parametrize(("values", "fired", "finished"), FINISHED)
def test_a_task_is_finished_when_it_will_never_fire_again(
    values: dict[str, Any], fired: int, finished: bool
) -> None:
    found = settling.finished(schedule(**values), {"x": fired}, NOW)
    assert found == (["x"] if finished else [])


def test_a_task_that_never_fired_counts_as_none() -> None:
    assert settling.finished(schedule(max_executions=1), {}, NOW) == []


def test_finished_tasks_are_completed_and_those_that_are_gone_forgotten() -> None:
    found = settling.completed(schedule(), ["gone", "x"])
    assert {key: task.status for key, task in found.tasks.items()} == {"x": "completed"}
