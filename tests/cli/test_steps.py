"""Steps and hooks on the command line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp, Said

STEPS = ("--step", "dump: printf 'a\\n'", "--step", "cat")


def create(ncp: Ncp, *argv: str) -> Said:
    return ncp("schedule", "create", "daily", "--name", "x", *argv)


def test_steps_are_command_lines_with_or_without_a_name(ncp: Ncp) -> None:
    task = create(ncp, *STEPS, "--json").json["task"]
    assert task["steps"] == [
        {"command": ["printf 'a\\n'"], "name": "dump", "shell": True},
        {"command": ["cat"], "shell": True},
    ]
    assert "command" not in task


def test_a_task_without_a_name_is_called_after_its_steps(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--step", "a: one", "--step", "two", "--json")
    assert said.json["task"]["name"] == "one && two"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--step", "a", "--", "b"), "steps or a command, not both"),
        (("--step", " "), "A step needs a command line"),
        (("--step", "a: x", "--step", "a: y"), "do not differ in their names"),
        (("--on-failure", "", "--", "true"), "--on-failure 'logger"),
        (("--on-success", " ", "--", "true"), "--on-success 'logger"),
    ],
)
def test_what_cannot_be_is_refused(ncp: Ncp, argv: tuple[str, ...], said: str) -> None:
    answer = create(ncp, *argv)
    assert answer.code == 2
    assert said in " ".join(answer.err.split())
    assert not (ncp.home / "schedule.json").exists()


def test_a_command_takes_the_place_of_steps_and_the_other_way_round(ncp: Ncp) -> None:
    create(ncp, "--shell", "--", "a | b")
    task = ncp("schedule", "update", "x", *STEPS, "--json").json["task"]
    assert len(task["steps"]) == 2
    assert not {"command", "shell"} & set(task)
    task = ncp("schedule", "update", "x", "--json", "--", "true").json["task"]
    assert task["command"] == ["true"]
    assert "steps" not in task


def test_hooks_are_set_and_unset(ncp: Ncp) -> None:
    task = create(ncp, "--on-failure", "mail ann", "--json", "--", "true").json["task"]
    assert task["onFailure"] == {"command": ["mail ann"], "shell": True}
    assert "onSuccess" not in task
    argv = ("--no-on-failure", "--on-success", "touch fine", "--json")
    task = ncp("schedule", "update", "x", *argv).json["task"]
    assert task["onSuccess"]["command"] == ["touch fine"]
    assert "onFailure" not in task
    task = ncp("schedule", "update", "x", "--no-on-success", "--json").json["task"]
    assert "onSuccess" not in task


def test_get_and_a_dry_run_show_each_step_and_hook(ncp: Ncp) -> None:
    create(ncp, *STEPS, "--on-failure", "mail ann", "--on-success", "touch fine")
    shown = ncp("schedule", "get", "x").out
    dry = ncp("schedule", "run", "x", "--dry-run").out
    for text in (shown, dry):
        lines = [" ".join(line.split()) for line in text.splitlines()]
        assert "On failure /bin/sh -c 'mail ann'" in lines
        assert "On success /bin/sh -c 'touch fine'" in lines
        assert not [line for line in lines if line.startswith("Runs")]
        assert any(line.startswith("Step 1 dump: /bin/sh -c") for line in lines)
    assert "step 2: /bin/sh -c cat" in dry
    planned = ncp("schedule", "run", "x", "--dry-run", "--json").json["tasks"][0]
    assert [step["name"] for step in planned["steps"]] == ["dump", "step 2"]
    assert planned["onFailure"] == {"program": "/bin/sh", "argv": ["/bin/sh", "-c", "mail ann"]}


def test_a_dry_run_says_which_program_of_a_step_is_missing(ncp: Ncp) -> None:
    create(ncp, "--", "true")
    path = ncp.home / "schedule.json"
    text = path.read_text().replace('"command"', '"steps": [{"command": ["no-such"]}], "was"')
    path.write_text(text)
    assert "step 1: no-such (not there now)" in ncp("schedule", "run", "x", "--dry-run").out
    assert "Step 1" in ncp("schedule", "get", "x").out
    assert 'The program "no-such"' in ncp("doctor").out


def test_show_tells_how_each_step_and_the_hook_ended(ncp: Ncp) -> None:
    steps = "--step", "dump: echo one", "--step", "exit 3", "--step", "never: true"
    create(ncp, *steps, "--on-failure", "echo $NCP_STATUS > told; exit 7")
    ran = ncp("schedule", "run", "x")
    assert ran.code == 1
    assert "step 2 ended with exit code 3" in ran.err
    assert (ncp.user_home / "told").read_text() == "failure\n"
    found = ncp("schedule", "show", "x", "--json").json
    seen = [
        (one["position"], one["name"], one["status"], one["exitCode"]) for one in found["steps"]
    ]
    assert seen == [(1, "dump", "success", 0), (2, "step 2", "failure", 3)]
    hook = found["hook"]
    assert (hook["name"], hook["status"], hook["exitCode"]) == ("onFailure", "failure", 7)
    lines = [" ".join(line.split()) for line in ncp("schedule", "show", "x").out.splitlines()]
    assert any(line.startswith("Step 1 dump: success after") for line in lines)
    assert any("step 2: failure after" in line and "exit code 3" in line for line in lines)
    assert any(
        line.startswith("onFailure failure after") and "exit code 7" in line for line in lines
    )
    assert lines[-2:] == ["[ncp] step 1 'dump'", "one"]
    log = ncp("schedule", "logs", "x").out
    assert "is at step 1 'dump'" in log


def test_a_firing_goes_through_the_steps_of_a_task_with_words_of_its_own(ncp: Ncp) -> None:
    argv = "--step", "a: printf '%s' \"$NCP_STEP\" > seen", "--step", 'b: test "$(cat seen)" = a'
    ncp("schedule", "create", "every minute", "--name", "x", *argv)
    assert ncp.fire("every-minute").code == 0
    found = ncp("schedule", "executions", "--json").json["executions"]
    assert found[0]["status"] == "success"


def test_a_task_that_is_deleted_between_its_steps_says_so(ncp: Ncp, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2")  # so that each step has a process of its own
    delete = f"import sqlite3; b = sqlite3.connect('{ncp.home}/state.db'); "
    delete += "b.execute('DELETE FROM tasks'); b.commit()"
    words = ("--step", f'{sys.executable} -c "{delete}"', "--step", "up: true", "--name", "x")
    secret = ("--env", f"KEY=file:{tmp_path}/key", "--on-failure", "true")
    assert ncp("schedule", "create", "daily", *words, *secret).code == 0
    said = ncp("schedule", "run", "x", "--json")
    (found,) = json.loads(said.out)["executions"]
    assert found["exitCode"] == 126
    assert found["reason"].endswith(": its task was deleted meanwhile")
    hook = ncp("schedule", "show", found["executionId"], "--json").json["hook"]
    assert hook["reason"] == "its task was deleted meanwhile"
