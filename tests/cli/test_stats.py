from __future__ import annotations

import sqlite3
import statistics
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def test_statuses_are_counted_for_each_task(ncp: Ncp) -> None:
    ncp.create("daily at 9am", name="good")
    ncp.create("hourly", "sh", "-c", "exit 1", name="mixed")
    ncp.create("hourly", name="new")
    ncp("schedule", "run", "good")
    ncp("schedule", "run", "mixed")
    ncp("schedule", "update", "mixed", "--", "true")
    ncp("schedule", "run", "mixed")
    found = {one["taskName"]: one for one in ncp("schedule", "stats", "--json").json["statistics"]}
    assert {name: one["statuses"] for name, one in found.items()} == {
        "good": {"success": 1},
        "mixed": {"failure": 1, "success": 1},
        "new": {},
    }
    assert {name: one["successRate"] for name, one in found.items()} == {
        "good": 1,
        "mixed": 0.5,
        "new": None,
    }
    assert found["new"]["durationMs"] == {"p50": None, "p95": None}
    assert found["good"]["nextExecutionAt"]


@pytest.mark.parametrize("number", [1, 2, 19, 20, 21, 100])
def test_percentiles_are_those_of_the_durations(ncp: Ncp, number: int) -> None:
    task = ncp.create("daily", name="x")
    took = [step * step * 10 for step in range(1, number + 1)]
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.executemany(
            "INSERT INTO executions (id, task_id, task_name, timing_id, slot, status, planned_at,"
            " started_at, ended_at, boot_id, pid, pid_start)"
            " VALUES (?1, ?2, 'x', 'daily', ?1, 'success', 0, 1000, 1000 + ?3, '', 1, '')",
            ((index, task["id"], ms) for index, ms in enumerate(reversed(took))),
        )
    book.close()
    (one,) = ncp("schedule", "stats", "x", "--json").json["statistics"]
    assert one["durationMs"]["p50"] == statistics.median_low(took)
    at_most = [ms for ms in took if ms <= one["durationMs"]["p95"]]
    assert len(at_most) >= 0.95 * number > len(at_most) - 1


def test_a_rate_is_a_hundred_percent_only_where_nothing_went_wrong(ncp: Ncp) -> None:
    task = ncp.create("daily", name="x")
    statuses = ["success"] * 999 + ["failure"]
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.executemany(
            "INSERT INTO executions (id, task_id, task_name, timing_id, slot, status, planned_at,"
            " boot_id, pid, pid_start) VALUES (?1, ?2, 'x', 'daily', ?1, ?3, 0, '', 1, '')",
            ((index, task["id"], status) for index, status in enumerate(statuses)),
        )
    book.close()
    assert "99 %" in ncp("schedule", "stats").out


def test_one_task_or_one_timing_can_be_asked_for(ncp: Ncp) -> None:
    for name, schedule in (("a", "daily at 9am"), ("b", "daily at 9am"), ("c", "hourly")):
        ncp.create(schedule, name=name)

    def names(reference: str) -> list[str]:
        found = ncp("schedule", "stats", reference, "--json").json["statistics"]
        return [one["taskName"] for one in found]

    assert (names("a"), names("daily-9am")) == (["a"], ["a", "b"])


def test_people_see_a_table(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    ncp("schedule", "run", "x")
    header, row = ncp("schedule", "stats").out.splitlines()
    assert header.split()[:5] == ["TASK", "TIMING", "RAN", "GOOD", "BAD"]
    assert row.split()[0] == "x"
    assert row.split()[2:5] == ["1", "1", "0"]
    assert "100 %" in row


def test_a_home_without_tasks_says_how_to_make_one(ncp: Ncp) -> None:
    said = ncp("schedule", "stats")
    assert (said.code, said.out) == (0, "")
    assert "ncp schedule create" in said.err
    assert ncp("schedule", "stats", "--json").json == {"statistics": []}


def test_an_unknown_task_is_not_found(ncp: Ncp) -> None:
    assert ncp("schedule", "stats", "nobody").code == 3
