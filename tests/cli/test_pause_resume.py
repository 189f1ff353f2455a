from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

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


def test_resuming_all_restores_what_the_pause_of_all_found(three: Ncp) -> None:
    three("schedule", "pause", "a")
    said = three("schedule", "pause", "--all")
    assert [line.split('"')[1] for line in said.out.splitlines()] == ["b", "c"]
    assert set(statuses(three).values()) == {"paused"}
    said = three("schedule", "resume", "--all")
    assert [line.split('"')[1] for line in said.out.splitlines()] == ["b", "c"]
    assert statuses(three) == {"a": "paused", "b": "active", "c": "active"}
    line = said.err.partition("run: ncp ")[2].splitlines()[0].split()
    assert three(*line).code == 0
    assert statuses(three)["a"] == "active"


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["pause a", "pause --all", "resume --all", "resume --all"], "a"),  # twice
        (["pause a", "pause --all", "pause --all", "resume --all"], "a"),
        (["pause --all", "pause a", "resume --all"], "a"),  # meant by itself, afterwards
        (["pause --all", "resume a", "pause a", "resume --all"], "a"),
        (["pause daily-9am", "pause --all", "resume --all"], "ab"),
        (["pause --all", "resume a", "resume --all"], ""),
        (["pause --all", "update a --schedule daily", "resume --all"], ""),
        (["pause a", "resume --all"], "a"),
        (["pause --all", "resume --all", "pause a", "resume --all"], "a"),
    ],
    ids=str,
)
def test_what_was_paused_by_itself_stays_paused(three: Ncp, lines: list[str], left: str) -> None:
    for line in lines:
        assert three("schedule", *line.split()).code == 0
    assert {name for name, status in statuses(three).items() if status == "paused"} == {*left}


def test_the_mark_is_in_the_document_and_goes_with_the_pause(three: Ncp) -> None:
    def marked() -> list[str]:
        tasks = json.loads((three.home / "schedule.json").read_text())["tasks"].values()
        return [task["name"] for task in tasks if task.get("pausedWithAll")]

    three("schedule", "pause", "a")
    three("schedule", "pause", "--all")
    assert marked() == ["b", "c"]
    three("schedule", "resume", "--all")
    assert marked() == []


def test_a_task_made_while_all_are_paused_is_active_and_stays_so(three: Ncp) -> None:
    three("schedule", "pause", "--all")
    three.create("daily at 9am", name="new")
    assert statuses(three)["new"] == "active"
    three("schedule", "resume", "--all")
    assert set(statuses(three).values()) == {"active"}


def test_a_file_that_pauses_and_resumes_a_task_leaves_no_mark(three: Ncp, tmp_path: Path) -> None:
    file = tmp_path / "tasks.yaml"

    def apply(enabled: str) -> None:
        file.write_text(f"tasks: [{{name: a, schedule: daily at 9am, command: [x], {enabled}}}]")
        assert three("schedule", "apply", str(file)).code == 0

    three("schedule", "pause", "--all")
    apply("enabled: true")
    apply("enabled: false")
    three("schedule", "resume", "--all")
    assert statuses(three) == {"a": "paused", "b": "active", "c": "active"}


def test_nothing_to_resume_is_said(three: Ncp) -> None:
    said = three("schedule", "resume", "--all")
    assert (said.code, said.out, "No task has changed." in said.err) == (0, "", True)
