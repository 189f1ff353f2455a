"""Tasks that an import could not take as they were are shown, and `update` mends them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

ORIGINAL = '{"cronExpression": "61 * * * *", "status": "active"}'
BROKEN: dict[str, Any] = {
    "name": "broken",
    "timingId": "never",
    "status": "error",
    "errorMessage": '"61" is no minute',
    "original": ORIGINAL,
}


def given(ncp: Ncp, **values: Any) -> None:
    task = {**BROKEN, **values}
    tree = {"tasks": {"t1": task}, "timings": {"never": {"never": True}}}
    (ncp.home / "schedule.json").write_text(json.dumps(tree))


def task(ncp: Ncp) -> dict[str, Any]:
    found: dict[str, Any] = ncp("schedule", "get", "t1", "--json").json
    return found


def test_what_waits_to_be_mended_is_listed_and_shown_with_its_reason_and_text(ncp: Ncp) -> None:
    given(ncp)
    assert ncp("schedule", "sync").code == 0
    assert " error " in ncp("schedule", "list").out
    shown = ncp("schedule", "get", "t1").out
    assert "Never runs by itself." in shown
    assert '"61" is no minute' in shown
    assert ORIGINAL in shown
    assert ncp("doctor").code == 0
    explained = ncp("schedule", "explain", "broken")
    assert explained.code == 0
    assert "Canonical  never" in explained.out


@pytest.mark.parametrize(("before", "after"), [("active", "active"), ("paused", "paused")])
def test_an_update_that_brings_all_it_lacks_makes_it_a_task_like_others(
    ncp: Ncp, before: str, after: str
) -> None:
    given(ncp, original=ORIGINAL.replace("active", before))
    assert ncp("schedule", "update", "t1", "--schedule", "0 9 * * *").code == 0
    found = task(ncp)
    assert (found["status"], found["timingId"]) == ("error", "daily-9am"), "it does nothing yet"
    assert ncp("schedule", "update", "t1", "--", "true").code == 0
    found = task(ncp)
    assert found["status"] == after
    assert not {"original", "errorMessage"} & {key for key, value in found.items() if value}


def test_troubles_are_mended_one_by_one_and_none_is_forgotten(ncp: Ncp) -> None:
    trouble = (
        'cronExpression: "x": not so; but so; endDate: "soon" is not an instant; name: 5 is none'
    )
    given(ncp, errorMessage=trouble, command=["true"])
    lefts = (
        (("--description", "d"), trouble),
        (("--schedule", "0 9 * * *"), 'endDate: "soon" is not an instant; name: 5 is none'),
        (("--name", "n"), 'endDate: "soon" is not an instant'),
        (("--no-end-date",), None),
    )
    for words, left in lefts:
        assert ncp("schedule", "update", "t1", *words).code == 0
        assert task(ncp).get("errorMessage") == left
    assert task(ncp)["status"] == "active"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("resume", "t1"), 'cannot be resumed: "61" is no minute'),
        (("run", "t1"), 'has nothing to run: "61" is no minute'),
    ],
)
def test_until_then_it_neither_runs_nor_is_resumed(
    ncp: Ncp, words: tuple[str, ...], said: str
) -> None:
    given(ncp)
    answer = ncp("schedule", *words)
    assert answer.code == 2
    assert said in answer.err
    assert "ncp schedule update t1" in answer.err


def test_a_whole_task_with_an_error_is_resumed_by_its_name_and_not_among_all(ncp: Ncp) -> None:
    made = ncp.create("hourly", name="a")
    file = ncp.home / "schedule.json"
    tree = json.loads(file.read_text())
    tree["tasks"][made["id"]] |= {"status": "error", "errorMessage": "was lost"}
    file.write_text(json.dumps(tree))
    ncp("schedule", "resume", "--all")
    assert ncp("schedule", "get", "a", "--json").json["status"] == "error"
    assert ncp("schedule", "resume", "a").code == 0
    found = ncp("schedule", "get", "a", "--json").json
    assert (found["status"], found.get("errorMessage")) == ("active", None)
