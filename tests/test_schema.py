"""The JSON Schemas say what ncp reads: kept current, and asked about real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ncp import document
from ncp.document import schema
from ncp.errors import DocumentError
from ncp.intake.opening import Opened
from ncp.taskfile import schema as declared
from ncp.taskfile import trees

ROOT = Path(__file__).parent.parent
PERSONAL = ROOT / "tests/data/personal/config.yaml"
FILE = Draft202012Validator(declared.file())
SCHEDULE = Draft202012Validator(schema.schedule())


def problems(validator: Any, value: object) -> list[tuple[Any, ...]]:
    return sorted(tuple(error.absolute_path) for error in validator.iter_errors(value))


@pytest.mark.parametrize(
    ("page", "kind"), [("schema.json", "file"), ("schedule.schema.json", "schedule")]
)
def test_the_pages_are_what_the_model_says(
    request: pytest.FixtureRequest, page: str, kind: str
) -> None:
    found = declared.file() if kind == "file" else schema.schedule()
    Draft202012Validator.check_schema(found)
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    file = ROOT / "docs" / page
    if request.config.getoption("--update-golden"):
        file.write_text(text)
    assert file.read_text() == text


def test_the_fixture_is_such_a_file_but_for_the_task_that_has_nothing_to_run() -> None:
    tree = trees.parse(Opened(str(PERSONAL), str(PERSONAL), PERSONAL.read_bytes()))
    assert problems(FILE, tree.value) == [("tasks", 10)]


def test_the_sample_is_such_a_schedule() -> None:
    sample = json.loads((ROOT / "schedule.json").read_text())
    assert problems(SCHEDULE, sample) == []


GOOD: list[dict[str, object]] = [
    {"cron": "0 9 * * *", "command": ["true"]},
    {"schedule": "hourly", "command": "a | b", "shell": True, "umask": "077", "retries": None},
    {"at": "2099-01-01T08:00Z", "tool": "files:read", "parameters": {"x": {"y": [1, None]}}},
    {"cron": "@daily", "steps": [{"command": ["a"]}, {"command": "b | c", "shell": True}]},
    {"cron": "@daily", "path": "x", "args": ["a", 8], "after": ["b", {"task": "c"}]},
    {"cron": "@daily", "path": "x", "enabled": "no", "limits": {"nice": -20}},
]
BAD: list[dict[str, object]] = [
    {"command": ["true"]},
    {"cron": "@daily"},
    {"cron": "@daily", "at": "2099-01-01T08:00Z", "command": ["true"]},
    {"cron": "@daily", "command": ["true"], "timout": 5},
    {"cron": "@daily", "command": ["true"], "origin": "x"},
    {"cron": "@daily", "command": ["true"], "overlap": "perhaps"},
    {"cron": "@daily", "command": ["true"], "timeoutSeconds": -1},
    {"cron": "@daily", "command": ["true"], "retries": {"attempts": 11}},
    {"cron": "@daily", "command": ["true"], "activeHours": {"start": "9", "end": "24:00"}},
    {"cron": "@daily", "steps": [{"name": "x"}]},
    {"cron": "@daily", "command": "a | b"},
    {"cron": "@daily", "command": "a | b", "shell": False},
    {"cron": "@daily", "steps": [{"command": "a | b"}]},
    {"cron": "@daily", "command": ["true"], "onFailure": {"command": "a | b"}},
]


@pytest.mark.parametrize("values", GOOD)
def test_what_can_be_declared_fits(values: dict[str, object]) -> None:
    assert problems(FILE, {"tasks": [{"name": "a", **values}], "x-mine": 1}) == []


@pytest.mark.parametrize("values", BAD)
def test_what_cannot_be_declared_does_not_fit(values: dict[str, object]) -> None:
    assert problems(FILE, {"tasks": [{"name": "a", **values}]})


@pytest.mark.parametrize(
    "tree", [{"task": []}, {"tasks": {}}, {"tasks": [], "scheduler": {"zone": "x"}}, []]
)
def test_what_is_no_file_does_not_fit(tree: object) -> None:
    assert problems(FILE, tree)


EDGES: dict[str, tuple[object, ...]] = {
    "timeoutSeconds": (-1, 0, 1.5, "5"),
    "jitterSeconds": (-1, 0, 3599, 86401),
    "umask": ("022", "0022", "028", "1777", 18),
    "maxExecutions": (0, 1, None),
    "priority": ("high", "higher"),
    "limits": ({"nice": 20}, {"nice": 19}, {"memoryMb": 0}, {"openFiles": 2**20 + 1}, None),
    "retries": ({"attempts": 0}, {"attempts": 10}, {}, {"attempts": 1, "backoff": 0.5}),
    "activeHours": (
        {"start": "24:00", "end": "10:00"},
        {"start": "00:00", "end": "24:00"},
        {"start": "1:00", "end": "02:00"},
        {"start": "01:00", "end": "02:00", "days": ["monday"]},
        {"start": "01:00", "end": "02:00", "days": ["mon"]},
    ),
    "onFailure": ({"command": []}, {"command": ["x"]}, None),
}


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, values in EDGES.items() for v in values])
def test_the_schema_of_a_schedule_allows_what_the_document_does(key: str, value: object) -> None:
    tree = {
        "tasks": {"t": {"name": "n", "timingId": "hourly", "command": ["x"], key: value}},
        "timings": {"hourly": {"cronExpression": "0 * * * *"}},
    }
    try:
        document.parse(json.dumps(tree))
        good = True
    except DocumentError:
        good = False
    assert (problems(SCHEDULE, tree) == []) is good
