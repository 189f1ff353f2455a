"""Tasks that wait for others, as they are made, changed, shown and deleted."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

LATER = "2031-01-01T00:00:00Z"


@pytest.fixture
def fetch(ncp: Ncp) -> dict[str, Any]:
    """Two tasks at noon, and one at another time."""
    ncp.create("at noon", name="pack: any")
    ncp.create("daily", name="far")
    return ncp.create("at noon", name="fetch")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fetch", {}),
        ("fetch:success", {}),
        ("fetch:failure", {"outcome": "failure"}),
        ("fetch:any", {"outcome": "any"}),
        ("ID:any", {"outcome": "any"}),
    ],
)
def test_a_task_is_named_with_the_outcome_to_wait_for(
    ncp: Ncp, fetch: dict[str, Any], given: str, kept: dict[str, str]
) -> None:
    made = ncp.create("at noon", name="x", after=given.replace("ID", fetch["id"]))
    assert made["after"] == [{"task": fetch["id"], **kept}]
    assert "After" in ncp("schedule", "get", "x").out
    assert f"fetch ({kept.get('outcome', 'success')})" in ncp("schedule", "list").out


def test_a_name_with_a_colon_is_a_name(ncp: Ncp, fetch: dict[str, Any]) -> None:
    made = ncp.create("at noon", name="x", after="pack: any:any")
    assert made["after"][0]["outcome"] == "any"
    assert made["after"][0]["task"] != fetch["id"]


def test_a_task_that_is_called_like_an_outcome_is_a_task(ncp: Ncp) -> None:
    awaited = ncp.create("at noon", name="any")
    assert ncp.create("at noon", name="x", after="any")["after"] == [{"task": awaited["id"]}]


def test_update_replaces_what_is_waited_for_and_takes_it_away(
    ncp: Ncp, fetch: dict[str, Any]
) -> None:
    ncp.create("at noon", name="x", after="pack: any")
    both = ("--after", "fetch:failure", "--after", "pack: any")
    task = ncp("schedule", "update", "x", *both, "--json").json["task"]
    assert [one.get("outcome") for one in task["after"]] == ["failure", None]
    assert task["after"][0]["task"] == fetch["id"]
    assert (
        ncp("schedule", "update", "x", "--no-after", "--json").json["task"].get("after", []) == []
    )
    assert "AFTER" not in ncp("schedule", "list").out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--after", "nobody"), 'No task has the id or name "nobody"'),
        (("--after", "fetch:never"), 'No task has the id or name "fetch:never"'),
        (("--after", "far"), "belongs to daily-"),
        (("--after", "fetch", "--after", "fetch"), "is there twice"),
        (("--jitter", "86400"), "is not less than the shortest time between two slots"),
        (("--jitter", "-1"), "-1.0 is not a number of seconds up to a day"),
    ],
)
@pytest.mark.usefixtures("fetch")
def test_what_cannot_be_is_refused(ncp: Ncp, argv: tuple[str, ...], said: str) -> None:
    before = (ncp.home / "schedule.json").read_text()
    for verb in (("create", "at noon", *argv, "--", "true"), ("update", "pack: any", *argv)):
        answer = ncp("schedule", *verb)
        assert answer.code in {2, 3}
        assert said in " ".join(answer.err.split())
    assert (ncp.home / "schedule.json").read_text() == before


@pytest.mark.usefixtures("fetch")
def test_tasks_cannot_be_made_to_wait_for_each_other(ncp: Ncp) -> None:
    ncp.create("at noon", name="x", after="fetch")
    answer = ncp("schedule", "update", "fetch", "--after", "x")
    assert answer.code == 2
    assert '"fetch" waits for "x" waits for "fetch"' in " ".join(answer.err.split())


@pytest.mark.usefixtures("fetch")
def test_a_task_that_is_waited_for_is_not_deleted_alone(ncp: Ncp) -> None:
    made = ncp.create("at noon", name="x", after="fetch")
    answer = ncp("schedule", "delete", "fetch", "-y")
    assert answer.code == 2
    said = " ".join(answer.err.split())
    assert '"x" waits for "fetch".' in said
    assert f"ncp schedule update {made['id']} --no-after" in said
    assert ncp("schedule", "delete", "fetch", "x", "-y").code == 0


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("fetch", '"fetch" cannot leave its timing: "x" waits for it.'),
        ("x", '"x" cannot leave its timing: it waits for "fetch", which stays.'),
    ],
)
@pytest.mark.usefixtures("fetch")
def test_neither_who_waits_nor_who_is_waited_for_leaves_the_timing(
    ncp: Ncp, task: str, said: str
) -> None:
    ncp.create("at noon", name="x", after="fetch")
    answer = ncp("schedule", "update", task, "--schedule", "daily")
    assert answer.code == 2
    assert said in " ".join(answer.err.split())
    assert ncp("schedule", "update", "x", "--schedule", "daily", "--after", "far").code == 0
    assert ncp("schedule", "update", "fetch", "--schedule", "daily").code == 0


def test_jitter_is_measured_against_the_timing_that_a_task_moves_to(ncp: Ncp) -> None:
    ncp.create("daily", name="x", jitter="7200")
    answer = ncp("schedule", "update", "x", "--schedule", "hourly")
    assert answer.code == 2
    assert "7200 is not less than" in " ".join(answer.err.split())
    assert "Jitter" in ncp("schedule", "get", "x").out


def test_a_one_off_that_was_skipped_is_completed_as_no_other_slot_comes(ncp: Ncp) -> None:
    ncp.create(LATER, "false", name="fetch")
    timing = ncp.create(LATER, name="x", after="fetch")["timingId"]
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE timings SET at = ?", (int(time.time()) // 60,))
    book.close()
    assert ncp.fire(timing).code == 1
    tasks = ncp("schedule", "list", "--json").json["tasks"]
    assert [(task["lastStatus"], task["status"]) for task in tasks] == [
        ("failure", "completed"),
        (None, "completed"),
    ]
    assert "'fetch' ended as failure" in ncp("schedule", "executions", "x", "--json").out
