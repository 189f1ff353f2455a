"""Steps and hooks in schedule.json."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp import document
from ncp.errors import DocumentError
from ncp.model import Hook, Stage, Task

TASK = 'schedule.json: tasks["t"]'
STEPS = 'schedule.json: tasks["t"].steps'
FAILURE = 'schedule.json: tasks["t"].onFailure'


def source(**values: object) -> str:
    task = {"name": "n", "timingId": "hourly", **values}
    timing = {"cronExpression": "0 * * * *"}
    return json.dumps({"tasks": {"t": task}, "timings": {"hourly": timing}})


def parsed(**values: object) -> Task:
    return document.parse(source(**values)).schedule.tasks["t"]


def written(found: document.Document) -> Any:
    return json.loads(document.dump(found, found.schedule))["tasks"]["t"]


def test_steps_and_hooks_are_read_with_their_defaults() -> None:
    steps = [
        {"command": ["a", "b"]},
        {"name": "up", "command": ["c | d"], "shell": True, "timeoutSeconds": 5},
    ]
    task = parsed(steps=steps, onFailure={"command": ["mail"]}, onSuccess=None)
    assert task.steps == (
        Stage(("a", "b")),
        Stage(("c | d",), name="up", shell=True, timeout_seconds=5),
    )
    assert (task.on_failure, task.on_success) == (Hook(("mail",)), None)


def test_unknown_keys_of_steps_stay_with_the_command_they_stood_by() -> None:
    steps = [{"command": ["a"], "note": 1}, {"command": ["b"], "note": 2, "shell": False}]
    found = document.parse(source(steps=steps))
    assert written(found)["steps"] == steps
    other = Task(id="t", name="n", timing_id="hourly", steps=(Stage(("x",)), Stage(("b",))))
    tree = document.task_tree(other, found.tree["tasks"]["t"])
    assert tree["steps"] == ({"command": ("x",)}, {**steps[1], "command": ("b",)})


def test_a_task_without_steps_writes_none() -> None:
    assert "steps" not in written(document.parse(source(command=["true"])))
    assert "onFailure" not in written(document.parse(source(command=["true"])))


NO_TOOLS: list[dict[str, object]] = [
    {"tool": text}
    for text in ("", "list", ":list", "files:", " files:list", "files: list", "a:b\n")
]
COMPLAINTS: list[tuple[dict[str, object], str, str, str]] = [
    ({"steps": "a"}, STEPS, '"a" is not a list of steps', '[{"command": ["a"]}]'),
    ({"steps": ["a"]}, f"{STEPS}[0]", '"a" is not a step', 'Write {"command": ["a"]}'),
    ({"steps": [{}]}, f"{STEPS}[0]", "lacks the key command", 'Add "command"'),
    ({"steps": [{"command": []}]}, f"{STEPS}[0]", "has no program", '["/bin/true"]'),
    ({"steps": [{"command": ["a\0"]}]}, f"{STEPS}[0]", "has no program", '["/bin/true"]'),
    (
        {"steps": [{"command": ["a"]}, {"command": ["a", "b"], "shell": True}]},
        f"{STEPS}[1]",
        "gives a shell words",
        'one text: {"command": ["a | b"], "shell": true}',
    ),
    ({"steps": [{"command": ["a"], "name": " "}]}, f"{STEPS}[0].name", '" " is no name', "upload"),
    (
        {"steps": [{"command": ["a"], "timeoutSeconds": -1}]},
        f"{STEPS}[0].timeoutSeconds",
        "-1.0 is not a number of seconds",
        "Write 1.",
    ),
    (
        {"steps": [{"command": ["a"], "name": "step 2"}, {"command": ["b"]}]},
        STEPS,
        "do not differ in their names",
        "a name of its own",
    ),
    ({"steps": [{"command": ["a"]}] * 101}, STEPS, "are too many", "up to 100"),
    (
        {"steps": [{"command": ["a"]}], "command": ["b"]},
        STEPS,
        "steps or a command, not both",
        "steps or command",
    ),
    (
        {"steps": [{"command": ["a"]}], "tool": "s:t"},
        STEPS,
        "steps or a tool, not both",
        "steps or tool",
    ),
    ({}, TASK, "needs a command, steps or a tool", '"command": ["/bin/true"]'),
    ({"command": []}, TASK, "needs a command, steps or a tool", "command"),
    (
        {"command": ["a"], "tool": "s:t"},
        f"{TASK}.tool",
        "a tool or a command, not both",
        "tool or command",
    ),
    *(
        (values, f"{TASK}.tool", "is not a tool of a server", "filesystem:list_directory")
        for values in NO_TOOLS
    ),
    ({"tool": ["s:t"]}, f"{TASK}.tool", '["s:t"] is not a tool', '"filesystem:list_directory"'),
    ({"tool": "s:t", "parameters": [1]}, f"{TASK}.parameters", "not an object", '{"path"'),
    (
        {"tool": "s:t", "parameters": {"a": ["\ud83d"]}},
        f"{TASK}.parameters",
        "hold what JSON cannot say",
        '{"path": "/backups"}',
    ),
    (
        {"command": ["a"], "parameters": {"a": 1}},
        f"{TASK}.parameters",
        "the task has none",
        '"tool": "filesystem:list_directory"',
    ),
    (
        {"tool": "s:t", "shell": True},
        f"{TASK}.shell",
        "belongs to a command",
        '"parameters": ',
    ),
    ({"tool": "s:t", "stdin": "x"}, f"{TASK}.stdin", "belongs to a command", '"parameters": '),
    (
        {"command": ["a", "b"], "shell": True},
        f"{TASK}.command",
        '["a", "b"] gives a shell words',
        'one text: "command": ["a | b"]',
    ),
    (
        {"steps": [{"command": ["a"]}], "shell": True},
        f"{TASK}.shell",
        "each step says itself",
        '{"command": ["a | b"], "shell": true}',
    ),
    ({"onFailure": ["a"]}, FAILURE, '["a"] is not a command', '{"command": ["/bin/true"]}'),
    ({"onFailure": {"command": [""]}}, FAILURE, "has no program", '["/bin/true"]'),
    (
        {"onFailure": {"command": ["a", "b"], "shell": True}},
        FAILURE,
        "gives a shell words",
        "one text",
    ),
]


def test_a_number_beyond_all_bounds_is_refused_before_it_breaks_the_file() -> None:
    text = source(tool="s:t", parameters={"a": 1}).replace('"a": 1', '"a": 1e999')
    with pytest.raises(DocumentError, match="hold what JSON cannot say"):
        document.parse(text)


def test_parameters_are_written_as_they_were_given() -> None:
    given = {"path": "/é", "depth": 2.0, "many": 2**70, "deep": {"a": [None, True, 1.5]}}
    found = document.parse(source(tool="files:a:list", parameters=given))
    assert found.schedule.tasks["t"].parameters == given
    tree = document.task_tree(found.schedule.tasks["t"])
    assert repr(tree["parameters"]) == repr(given)


@pytest.mark.parametrize(("values", "where", "what", "next_step"), COMPLAINTS)
def test_each_complaint_names_its_key_the_problem_and_what_to_write(
    values: dict[str, object], where: str, what: str, next_step: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parsed(**values)
    error = caught.value
    assert error.where == where
    assert what in error.what
    assert next_step in error.next_step
