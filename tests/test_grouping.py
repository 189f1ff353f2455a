from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.cron import expression, naming
from ncp.grouping import moved, replaced, timing_for, with_task, without_task
from ncp.model import Recurrence, Schedule, Task

if TYPE_CHECKING:
    from ncp.model import Timing

CREATED = "2026-11-20T08:00:00Z"
NINE, TEN = "0 9 * * *", "0 10 * * *"


def timing(schedule: Schedule, cron: str, zone: str | None = None) -> Timing:
    recurrence = expression.parse(cron)
    return timing_for(schedule, recurrence, zone, created_at=CREATED, machine_zone="Europe/Berlin")


def task(name: str) -> Task:
    return Task(id=name, name=name, timing_id="", command=("true",))


def schedule_of(*pairs: tuple[str, str]) -> Schedule:
    schedule = Schedule()
    for name, cron in pairs:
        schedule = with_task(schedule, task(name), timing(schedule, cron))
    return schedule


def groups(schedule: Schedule) -> dict[str, tuple[str, ...]]:
    return {key: timing.task_ids for key, timing in schedule.timings.items()}


def test_a_new_timing_gets_its_id_its_name_and_its_time_of_creation() -> None:
    new = timing(Schedule(), NINE, "America/New_York")
    assert (new.id, new.zone) == ("daily-9am-america-new-york", "America/New_York")
    assert (new.name, new.created_at) == ("Daily at 9:00 AM (America/New_York)", CREATED)
    assert new.recurrence == expression.parse(NINE)


def test_one_way_to_write_a_recurrence_is_as_good_as_another() -> None:
    schedule = schedule_of(("a", "0 9 * * 1-5"))
    assert timing(schedule, "00 9 * * MON-FRI") is schedule.timings["weekdays-9am"]


def test_another_zone_is_another_timing() -> None:
    assert timing(schedule_of(("a", NINE)), NINE, "Europe/Berlin").id == "daily-9am-europe-berlin"


def test_a_timing_is_found_by_what_it_is_and_not_by_its_id() -> None:
    """An id is a stored label: an imported timing may be called anything."""
    theirs = replace(timing(Schedule(), NINE), id="my-morning", name="Mornings")
    schedule = with_task(Schedule(), task("a"), theirs)
    assert timing(schedule, NINE).id == "my-morning"


def test_an_id_or_name_that_another_timing_holds_is_not_given_twice() -> None:
    theirs = replace(timing(Schedule(), TEN), id="daily-9am", name="Daily at 9:00 AM")
    schedule = with_task(Schedule(), task("a"), theirs)
    new = timing(schedule, NINE)
    assert new.id == naming.unique_id("daily-9am", f"{NINE}|local", {"daily-9am": "another"})
    assert new.name == f"Daily at 9:00 AM ({new.id})"


def test_one_offs_in_the_repeated_hour_are_two_timings() -> None:
    ids = set()
    schedule = Schedule()
    for hour in (0, 1):
        once = Recurrence(at=datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
        new = timing_for(schedule, once, None, created_at=CREATED, machine_zone="Europe/Berlin")
        schedule = with_task(schedule, task(str(hour)), new)
        ids.add(new.id)
    assert ids == {"once-2026-10-25-0230", "once-2026-10-25-0230-second"}


def test_tasks_of_one_recurrence_share_a_timing() -> None:
    schedule = schedule_of(("a", NINE), ("b", TEN), ("c", NINE))
    assert groups(schedule) == {"daily-9am": ("a", "c"), "daily-10am": ("b",)}
    assert schedule.tasks["c"].timing_id == "daily-9am"


def test_adding_a_task_leaves_the_schedule_it_was_given_alone() -> None:
    before = schedule_of(("a", NINE))
    with_task(before, task("b"), before.timings["daily-9am"])
    assert groups(before) == {"daily-9am": ("a",)}


def test_a_timing_goes_with_its_last_task() -> None:
    schedule = schedule_of(("a", NINE), ("b", NINE), ("c", TEN))
    assert groups(without_task(schedule, "c")) == {"daily-9am": ("a", "b")}
    assert groups(without_task(schedule, "a")) == {"daily-9am": ("b",), "daily-10am": ("c",)}


def test_a_moved_task_keeps_its_place_in_the_order_of_creation() -> None:
    schedule = schedule_of(("a", NINE), ("b", TEN), ("c", NINE))
    after = moved(schedule, "b", schedule.timings["daily-9am"])
    assert groups(after) == {"daily-9am": ("a", "b", "c")}
    assert list(after.tasks) == ["a", "b", "c"]


def test_a_changed_task_stays_in_its_timing() -> None:
    schedule = schedule_of(("a", NINE), ("b", NINE))
    after = replaced(schedule, replace(schedule.tasks["a"], status="paused"))
    assert after.tasks["a"].status == "paused"
    assert groups(after) == groups(schedule)


@pytest.mark.parametrize("name", ["without", "moved", "replaced"])
def test_a_task_that_is_not_there_is_a_key_error(name: str) -> None:
    schedule = schedule_of(("a", NINE))
    deeds = {
        "without": lambda: without_task(schedule, "x"),
        "moved": lambda: moved(schedule, "x", schedule.timings["daily-9am"]),
        "replaced": lambda: replaced(schedule, task("x")),
    }
    with pytest.raises(KeyError):
        deeds[name]()


CHANGES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([NINE, TEN, "* * * * *", None])), max_size=12
)


@given(CHANGES)
def test_after_any_changes_every_task_is_in_exactly_its_timing(
    changes: list[tuple[str, str | None]],
) -> None:
    schedule, told = Schedule(), dict[str, str]()
    for name, cron in changes:
        if cron:
            told[name] = cron
            schedule = with_task(schedule, task(name), timing(schedule, cron))
        elif told.pop(name, None):
            schedule = without_task(schedule, name)
    assert list(schedule.tasks) == list(told)
    assert {
        name: one.recurrence.cron for one in schedule.timings.values() for name in one.task_ids
    } == told
    assert sorted(name for one in schedule.timings.values() for name in one.task_ids) == sorted(
        told
    )
    for group in schedule.timings.values():
        assert group.task_ids == tuple(
            n for n, cron in told.items() if cron == group.recurrence.cron
        )
        assert group.task_ids
