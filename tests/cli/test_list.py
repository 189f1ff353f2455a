from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def test_tasks_come_in_the_order_of_their_making_with_all_their_timings(ncp: Ncp) -> None:
    for name, schedule in (("b", "hourly"), ("a", "daily at 9am"), ("c", "hourly")):
        ncp.create(schedule, name=name)
    found = ncp("schedule", "list", "--json").json
    assert [task["name"] for task in found["tasks"]] == ["b", "a", "c"]
    assert {timing["id"]: len(timing["taskIds"]) for timing in found["timings"]} == {
        "hourly": 2,
        "daily-9am": 1,
    }


def test_counters_have_the_names_that_old_files_gave_them(ncp: Ncp) -> None:
    ncp.create("hourly", name="x")
    (task,) = ncp("schedule", "list", "--json").json["tasks"]
    assert (task["executionCount"], task["lastExecutionAt"]) == (0, None)
    ncp("schedule", "run", "x")
    (task,) = ncp("schedule", "list", "--json").json["tasks"]
    assert (task["executionCount"], task["lastStatus"]) == (1, "success")
    assert task["lastExecutionAt"] < task["nextExecutionAt"]


@pytest.mark.parametrize(
    ("status", "names"), [("active", ["a"]), ("paused", ["b"]), ("completed", [])]
)
def test_one_status_can_be_asked_for(ncp: Ncp, status: str, names: list[str]) -> None:
    for name in ("a", "b"):
        ncp.create("hourly", name=name)
    ncp("schedule", "pause", "b")
    found = ncp("schedule", "list", "--status", status, "--json").json
    assert [task["name"] for task in found["tasks"]] == names


def test_people_see_a_table_with_the_last_and_the_next_run(ncp: Ncp) -> None:
    task = ncp.create("hourly", name="x")
    header, row = ncp("schedule", "list").out.splitlines()
    assert header.split() == ["NAME", "TIMING", "STATUS", "LAST", "RESULT", "NEXT", "ID"]
    assert row.split()[:5] == ["x", "hourly", "active", "-", "-"]
    assert row.split()[-1] == task["id"][:8]
    ncp("schedule", "run", "x")
    assert "success" in ncp("schedule", "list").out


def test_a_long_name_is_not_cut_off_where_nobody_looks(ncp: Ncp) -> None:
    ncp.create("hourly", name="long " * 60 + "end")
    assert "long end" in ncp("schedule", "list").out


def test_no_tasks_is_talk_that_says_how_to_make_one(ncp: Ncp) -> None:
    said = ncp("schedule", "list")
    assert (said.code, said.out) == (0, "")
    assert "ncp schedule create" in said.err
    assert ncp("schedule", "list", "--json").json == {"tasks": [], "timings": []}
