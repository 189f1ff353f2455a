"""A schedule.json comes into another home: ids, timings and waiting stay."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Ncp

TIMINGS: dict[str, Any] = {
    "nightly": {"id": "nightly", "name": "At night", "cronExpression": "0 2 * * *", "taskIds": []},
    "biweekly": {
        "id": "biweekly",
        "name": "Every other Monday",
        "cronExpression": "0 9 * * 1",
        "every": {"count": 2, "unit": "week", "anchor": "2026-11-23"},
        "timezone": "Europe/Berlin",
        "taskIds": [],
    },
}


def task(key: str, **values: Any) -> dict[str, Any]:
    return {"id": key, "name": f"Task {key}", "timingId": "nightly", "command": ["true"], **values}


def document(*tasks: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {
        "version": "2.0.0",
        "tasks": {one["id"]: one for one in tasks},
        "timings": TIMINGS,
        **keys,
    }


@pytest.fixture
def export(ncp: Ncp) -> Callable[[object], Path]:
    """Write a document to a file."""

    def written(tree: object) -> Path:
        file = ncp.user_home / "export.json"
        file.write_text(tree if isinstance(tree, str) else json.dumps(tree))
        return file

    return written


def schedule(ncp: Ncp) -> Any:
    return json.loads((ncp.home / "schedule.json").read_text())


def test_an_export_comes_into_an_empty_home_as_it_was(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    waits = task("b", after=[{"task": "a", "outcome": "any"}], executionCount=7)
    tree = document(waits, task("a", catchupMissed=True), task("c", timingId="biweekly"))
    said = ncp("schedule", "import", str(export(tree)), "--json")
    assert said.json["counts"]["imported"] == 3
    found = schedule(ncp)
    assert found["timings"]["nightly"]["name"] == "At night"
    assert found["timings"]["biweekly"]["every"] == TIMINGS["biweekly"]["every"]
    assert found["tasks"]["a"]["catchupMissed"] is True
    assert found["tasks"]["b"]["after"] == [{"task": "a", "outcome": "any"}]
    assert found["tasks"]["c"]["timingId"] == "biweekly"


def test_all_tasks_of_one_applied_file_come_and_are_known_again(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    origin = {"origin": "apply:/srv/schedule.yaml"}
    file = export(document(task("a", **origin), task("b", **origin)))
    assert ncp("schedule", "import", str(file), "--json").json["counts"]["imported"] == 2
    assert schedule(ncp)["tasks"].keys() == {"a", "b"}
    others = export(document(task("c", name="Task a", **origin), task("d", **origin)))
    said = ncp("schedule", "import", str(others), "--json")
    assert [one["outcome"] for one in said.json["items"]] == ["already there", "imported"]


def test_a_home_reads_its_own_document_and_finds_all_there(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    ncp.create("0 2 * * *", name="mine")
    said = ncp("schedule", "import", str(export(schedule(ncp))), "--json")
    assert said.json["counts"]["already there"] == 1
    assert said.json["items"][0]["warnings"] == []


def test_another_version_of_a_task_that_is_there_is_left_and_said(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    ncp("schedule", "import", str(export(document(task("a")))))
    said = ncp("schedule", "import", str(export(document(task("a", command=["false"])))))
    assert "already there" in said.out
    assert "The home has another version of it, which was left as it is." in said.err
    assert schedule(ncp)["tasks"]["a"]["command"] == ["true"]


def test_a_timing_of_the_home_with_the_same_recurrence_is_joined(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    made = ncp.create("0 2 * * *", name="mine")
    ncp("schedule", "import", str(export(document(task("a")))))
    assert [*schedule(ncp)["timings"]] == [made["timingId"]]


def test_a_timing_whose_id_is_taken_by_another_recurrence_gets_another_one(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    taken = {"nightly": {**TIMINGS["nightly"], "cronExpression": "0 3 * * *"}}
    ncp("schedule", "import", str(export(document(task("a"), timings=taken))))
    ncp("schedule", "import", str(export(document(task("b")))))
    found = schedule(ncp)
    assert found["tasks"]["a"]["timingId"] == "nightly"
    assert found["timings"][found["tasks"]["b"]["timingId"]]["cronExpression"] == "0 2 * * *"


BAD = [
    (task("x", timeoutSeconds="5m"), 'timeoutSeconds: "5m" is not a number of seconds. Write 300.'),
    (task("x", timingId="none"), "Its timing none is missing."),
    (task("x", command=[]), "A task needs a command, steps or a tool."),
    (task("x", after=[{"task": "gone"}]), "is not among the tasks"),
    (task("x", after=[{"task": "x"}]), "is this task itself"),
    ({"id": "x", "name": 5}, "name: 5 is not text."),
]


@pytest.mark.parametrize(("bad", "complaint"), BAD)
def test_a_bad_task_is_refused_and_the_others_come(
    ncp: Ncp, export: Callable[[object], Path], bad: dict[str, Any], complaint: str
) -> None:
    said = ncp("schedule", "import", str(export(document(bad, task("a")))), "--json")
    refused = next(item for item in said.partial["items"] if item["place"] == 'tasks["x"]')
    assert refused["outcome"] == "refused"
    assert complaint in refused["reason"]
    assert [*schedule(ncp)["tasks"]] == ["a"]


def test_who_waits_for_a_refused_task_is_refused_too(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    tree = document(
        task("a", after=[{"task": "b"}]), task("b", after=[{"task": "gone"}]), task("c")
    )
    said = ncp("schedule", "import", str(export(tree)), "--json")
    assert said.partial["counts"]["refused"] == 2
    assert [*schedule(ncp)["tasks"]] == ["c"]


WHOLE = [
    ('{"timings": {}, "tasks": {', "Not valid JSON"),
    ('{"timings": {}, "timings": {}}', 'The key "timings" comes twice.'),
    ('{"timings": []}', "timings is not an object."),
    ('{"version": "3.0.0", "timings": {}}', "It has version 3.0.0; ncp reads version 2."),
    ('{"version": "1.0.0", "jobs": {}}', "It has version 1; ncp reads version 2."),
    ('{"timings": {}, "tasks": "none"}', "tasks is not an object."),
    (f'{{"timings": {"[" * 100000}', "Nested too deeply."),
]


@pytest.mark.parametrize(("text", "complaint"), WHOLE, ids=[row[1] for row in WHOLE])
def test_a_file_that_is_no_export_is_refused_as_a_whole(
    ncp: Ncp, export: Callable[[object], Path], text: str, complaint: str
) -> None:
    said = ncp("schedule", "import", str(export(text)), "--format", "ncp")
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_a_list_instead_of_an_object_is_refused(ncp: Ncp, export: Callable[[object], Path]) -> None:
    said = ncp("schedule", "import", str(export("[]")), "--format", "ncp")
    assert said.code == 2
    assert "is not an object." in said.err


PROMPT = {
    "id": "a1",
    "name": "Brief",
    "enabled": True,
    "schedule": {"kind": "cron", "expr": "0 9 * * *", "tz": "Europe/Berlin"},
    "payload": {"kind": "agentTurn", "message": "Say good morning"},
}
OPENCLAW = {"version": 1, "jobs": [PROMPT]}
HERMES = {
    "jobs": [
        {"id": "b2", "schedule": {"kind": "interval", "minutes": 30}, "prompt": "x", "repeat": {}}
    ]
}
FOREIGN: dict[str, Any] = {
    "OpenClaw": OPENCLAW,
    "Hermes": HERMES,
    "a list of strangers": {"jobs": [{"name": "a", "command": "b"}]},
    "an empty list": {"version": 1, "jobs": []},
    "a text": {"jobs": "none"},
    "by id": {"jobs": {"a1": PROMPT}},
    "with tasks beside": {**OPENCLAW, "tasks": [], "timings": []},
    "with timings": {**HERMES, "timings": {}},
}


@pytest.mark.parametrize("name", FOREIGN)
def test_jobs_of_another_program_are_never_taken_for_version_1(
    ncp: Ncp, export: Callable[[object], Path], name: str
) -> None:
    file = export(FOREIGN[name])
    for words in (
        ["import", str(file)],
        ["migrate", str(file)],
        ["import", str(file), "--dry-run"],
    ):
        said = ncp("schedule", *words)
        assert (said.code, said.out) == (2, "")
        assert "jobs of another program" in said.err
        assert "version 1" not in said.err
        assert "schedule migrate" not in said.err
        assert str(file) in said.err


@pytest.mark.parametrize("tree", [OPENCLAW, HERMES, [PROMPT]])
def test_apply_says_that_jobs_are_those_of_another_program(
    ncp: Ncp, export: Callable[[object], Path], tree: object
) -> None:
    said = ncp("schedule", "apply", str(export(tree)))
    assert said.code == 2
    assert "jobs of another program (prompts for an agent" in said.err


def test_jobs_of_version_1_are_sent_to_the_migration_of_that_file(
    ncp: Ncp, export: Callable[[object], Path]
) -> None:
    job = {"name": "n", "cronExpression": "0 9 * * *", "tool": "s:t", "status": "paused"}
    file = export({"version": "1.0.0", "jobs": {"a": job}})
    odd = file.rename(file.parent / "old jobs.json")
    said = ncp("schedule", "import", str(odd))
    assert said.code == 2
    (command,) = re.findall(r"Run: ncp (.*)", said.err)
    assert command.endswith(f"'{odd}'")
    assert ncp(*shlex.split(command), "--json").json["counts"]["imported"] == 1
