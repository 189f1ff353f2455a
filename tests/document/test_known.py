"""A document that was read before spares work, and never changes what is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp import document
from ncp.document import checks, shape
from ncp.errors import DocumentError, Location
from ncp.model import Task

if TYPE_CHECKING:
    from ncp.document import Document


def tree(task: dict[str, Any] | None = None, **timing: Any) -> dict[str, Any]:
    known = {"name": "n", "timingId": "hourly", "command": ["true"]}
    return {
        "tasks": {"a": known, "b": {**known, **(task or {})}},
        "timings": {"hourly": {"cronExpression": "0 * * * *", **timing}},
    }


def read(found: dict[str, Any], known: Document | None = None) -> Document:
    return document.parse(json.dumps(found).encode(), known=known)


TREES = [
    tree(),
    tree({"name": "other"}),
    tree({"fireOnce": True}),
    tree({"killGraceSeconds": 1}),
    tree({"killGraceSeconds": 1.0}),
    tree({"unknown": {"to": ["us", None]}}),
    tree({"timingId": "hourly"}, cronExpression="5 * * * *"),
    tree(taskIds=["b"]),
    tree(taskIds=["b", "c", "a"]),
    tree(taskIds=["b", "a"], name="x"),
    {**tree(), "tasks": {}},
    {**tree(taskIds=["c", "a"]), "tasks": {**tree()["tasks"], "c": tree()["tasks"]["a"]}},
    {**tree(taskIds=["b", "c", "a"]), "tasks": {**tree()["tasks"], "c": tree()["tasks"]["a"]}},
    {"mine": 1},
    {},
]


@given(st.lists(st.sampled_from(TREES), min_size=2, max_size=4))
def test_what_is_read_does_not_depend_on_what_was_read_before(trees: list[dict[str, Any]]) -> None:
    known = None
    for found in trees:
        known = read(found, known)
        assert known == read(found)


@pytest.mark.parametrize(
    ("good", "bad"),
    [({"fireOnce": True}, {"fireOnce": 1}), ({"maxExecutions": 1}, {"maxExecutions": True})],
)
def test_a_value_that_only_equals_a_good_one_is_refused(
    good: dict[str, Any], bad: dict[str, Any]
) -> None:
    assert tree(good) == tree(bad)
    with pytest.raises(DocumentError):
        read(tree(bad), read(tree(good)))


def test_what_has_not_changed_is_not_converted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known, real, converted = read(tree()), shape.task, []

    def noted(key: str, value: object, where: Location) -> Task:
        converted.append(key)
        return real(key, value, where)

    monkeypatch.setattr(shape, "task", noted)
    found = read(tree({"name": "other"}), known)
    assert converted == ["b"]
    assert found.schedule.tasks["a"] is known.schedule.tasks["a"]
    assert read(tree({"name": "other"}), found) is found


def test_relations_are_checked_although_each_task_is_known() -> None:
    known = read(tree({"after": [{"task": "a"}]}))
    gone = tree({"after": [{"task": "a"}]})
    del gone["tasks"]["a"]
    with pytest.raises(DocumentError, match="after"):
        read(gone, known)


def test_every_default_is_good_so_that_it_need_not_be_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "DEFAULTS", {})
    checks.check(Task(id="t", name="n", timing_id="hourly", command=("true",)), Location("t"))
