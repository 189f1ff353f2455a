from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


def statuses(ncp: Ncp) -> dict[str, str]:
    return {
        task["name"]: task["status"] for task in ncp("schedule", "list", "--json").json["tasks"]
    }


@pytest.fixture
def three(ncp: Ncp) -> Ncp:
    """Two tasks at nine and one each minute."""
    for name, schedule in (("a", "daily at 9am"), ("b", "daily at 9am"), ("c", "every minute")):
        ncp.create(schedule, name=name)
    return ncp


CHOICES = [
    (("a",), {"a"}),
    (("a", "c"), {"a", "c"}),
    (("daily-9am",), {"a", "b"}),
    (("daily-9am", "a"), {"a", "b"}),
    (("--all",), {"a", "b", "c"}),
]


@pytest.mark.parametrize(("argv", "chosen"), CHOICES, ids=[" ".join(argv) for argv, _ in CHOICES])
def test_what_is_named_is_paused_and_resumed(
    three: Ncp, argv: tuple[str, ...], chosen: set[str]
) -> None:
    said = three("schedule", "pause", *argv)
    assert (said.code, said.out.count("Paused")) == (0, len(chosen))
    assert {name for name, status in statuses(three).items() if status == "paused"} == chosen
    said = three("schedule", "resume", *argv)
    assert (said.code, said.out.count("Resumed")) == (0, len(chosen))
    assert set(statuses(three).values()) == {"active"}


def test_a_paused_task_does_not_fire_and_its_sibling_does(ncp: Ncp) -> None:
    for name in ("on", "off"):
        ncp.create("every minute", "echo", name, name=name)
    ncp("schedule", "pause", "off")
    assert ncp.fire("every-minute").code == 0
    ran = ncp("schedule", "executions", "--json").json["executions"]
    assert [one["taskName"] for one in ran] == ["on"]


def test_pausing_twice_is_no_error(three: Ncp) -> None:
    three("schedule", "pause", "a")
    assert three("schedule", "pause", "a").code == 0
    assert statuses(three)["a"] == "paused"


def test_a_resumed_task_owes_nothing_for_the_time_of_its_pause(three: Ncp) -> None:
    three("schedule", "pause", "c")
    three("schedule", "resume", "c")
    task = three("schedule", "get", "c", "--json").json
    assert task["activeSince"] >= task["createdAt"]
    assert task["nextExecutionAt"] > task["activeSince"]


def test_a_completed_task_is_left_alone_with_a_note(ncp: Ncp) -> None:
    ncp.create("every minute", name="x", **{"max-executions": "1"})
    ncp.fire("every-minute")
    ncp("_settle")
    said = ncp("schedule", "resume", "x")
    assert '"x" is completed; it was left alone.' in said.err
    assert statuses(ncp) == {"x": "completed"}


def test_json_shows_the_tasks_and_what_the_machine_was_told(three: Ncp) -> None:
    said = three("schedule", "pause", "a", "--json").json
    assert [(task["name"], task["status"]) for task in said["tasks"]] == [("a", "paused")]
    assert said["target"] == "embedded"


@pytest.mark.parametrize("verb", ["pause", "resume"])
@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        ((), 2, "Which task?"),
        (("a", "--all"), 2, "not both"),
        (("nobody",), 3, '"nobody"'),
        (("a", "nobody"), 3, '"nobody"'),
    ],
)
def test_who_is_meant_must_be_clear(
    three: Ncp, verb: str, argv: tuple[str, ...], code: int, words: str
) -> None:
    said = three("schedule", verb, *argv)
    assert said.code == code
    assert words in said.err
    assert set(statuses(three).values()) == {"active"}
