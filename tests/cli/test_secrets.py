"""Secrets, files of variables and input, from the command line to the task's own process."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

SHOW = ("sh", "-c", 'echo "$KEY/$OTHER/$NCP_TASK_NAME"')


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("hunter2\n")
    return path


@pytest.fixture
def variables(tmp_path: Path) -> Path:
    path = tmp_path / "variables"
    path.write_text("KEY=from the file\nOTHER=also\n")
    path.chmod(0o600)
    return path


def ran(ncp: Ncp, name: str = "x") -> dict[str, Any]:
    (one,) = json.loads(ncp("schedule", "run", name, "--json").out)["executions"]
    return {**one, **ncp("schedule", "logs", "--execution", one["executionId"], "--json").json}


def everything_shown(ncp: Ncp) -> str:
    words = [("get", "x"), ("get", "x", "--json"), ("list", "--json"), ("executions", "--json")]
    return "".join(ncp("schedule", *one).out for one in words)


def test_a_secret_in_a_file_reaches_the_task_and_no_view(ncp: Ncp, key: Path) -> None:
    ncp.create("daily", *SHOW, name="x", env=f"KEY=file:{key}")
    assert ran(ncp)["output"] == "hunter2//x\n"
    shown = everything_shown(ncp)
    assert f"******** (file:{key})" in shown
    assert "hunter2" not in shown
    # In another process: to close the ledger's file in this one would take its locks away.
    words = ["/bin/sh", "-c", '! grep -q "$2" "$1"/state.db*', "-"]
    assert subprocess.run([*words, str(ncp.home), "hunter2"], check=False).returncode == 0


def test_a_file_of_variables_reaches_the_task_and_its_own_win(
    ncp: Ncp, variables: Path, key: Path
) -> None:
    ncp.create("daily", *SHOW, name="x", **{"env-file": str(variables), "env": f"KEY=file:{key}"})
    assert ran(ncp)["output"] == "hunter2/also/x\n"
    shown = ncp("schedule", "get", "x").out
    assert "******** (envFile)" in shown
    assert "also" not in shown
    ncp("schedule", "update", "x", "--no-env-file", "--env", "KEY=plain")
    assert ran(ncp)["output"] == "plain//x\n"


def test_a_secret_that_cannot_be_had_is_a_failure_with_its_reason(ncp: Ncp, key: Path) -> None:
    ncp.create("daily", *SHOW, name="x", env=f"KEY=file:{key}")
    key.unlink()
    one = ran(ncp)
    assert (one["status"], one["exitCode"]) == ("failure", 126)
    assert one["reason"] == f"KEY cannot be read: No such file or directory ({key})"
    assert str(key) in one["output"]
    finding = [line for line in ncp("doctor").out.splitlines() if "KEY" in line]
    assert len(finding) == 1


def test_doctor_finds_variables_that_others_may_read(ncp: Ncp, variables: Path) -> None:
    ncp.create("daily", *SHOW, name="x", **{"env-file": str(variables)})
    variables.chmod(0o644)
    assert f"chmod 600 '{variables}'" in ncp("doctor").out
    assert ran(ncp)["reason"] == f"envFile may be read by others ({variables})"
    assert "envFile)" not in ncp("schedule", "get", "x").out


def test_a_dry_run_says_what_would_keep_the_program_from_starting(
    ncp: Ncp, variables: Path, key: Path
) -> None:
    ncp.create("daily", "true", name="x", **{"env-file": str(variables), "env": f"A=file:{key}"})
    plan = ("schedule", "run", "x", "--dry-run")
    assert ncp(*plan, "--json").json["tasks"][0]["problem"] is None
    assert "Would fail" not in ncp(*plan).out
    variables.chmod(0o644)
    assert f"Would fail  envFile may be read by others ({variables})" in ncp(*plan).out
    variables.chmod(0o600)
    key.unlink()
    assert str(key) in ncp(*plan, "--json").json["tasks"][0]["problem"]


def test_a_task_reads_its_text_and_nothing_once_it_is_taken_away(ncp: Ncp, key: Path) -> None:
    text = "zwei ß\n" * 20_000
    ncp.create("daily", "cat", name="x", stdin=text)
    assert ran(ncp)["output"] == text
    ncp("schedule", "update", "x", "--stdin", "short", "--env", f"KEY=file:{key}")
    assert ran(ncp)["output"] == "short"
    ncp("schedule", "update", "x", "--no-stdin")
    assert ran(ncp)["output"] is None


def test_a_file_of_variables_must_be_there_when_it_is_given(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--env-file", "/no/such", "--", "true")
    assert (said.code, "There is no file" in said.err) == (2, True)


KEYRING = """
import os
def get_password(service, user):
    if os.environ.get("LOCKED"):
        raise RuntimeError("Prompt dismissed")
    return f"hunter2 of {user} at {service}"
"""
"""A keyring library in place of the real one."""


@pytest.fixture
def keyring(tmp_path: Path) -> str:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "keyring.py").write_text(KEYRING)
    return str(folder)


def in_its_own_process(ncp: Ncp, task: str, **more: str) -> subprocess.CompletedProcess[str]:
    words = ncp.program("_task-execute", task)
    env = {**ncp.environment, **more}
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False)


def test_a_secret_of_a_keyring_reaches_the_task_in_its_own_process(ncp: Ncp, keyring: str) -> None:
    task = ncp.create("daily", *SHOW, name="x", env="KEY=keyring:some/service/ann")
    done = in_its_own_process(ncp, task["id"], PYTHONPATH=keyring)
    assert done.stdout.startswith("hunter2 of ann at some/service/")
    assert "hunter2" not in everything_shown(ncp)


def test_a_locked_keyring_is_said_without_a_traceback(ncp: Ncp, keyring: str) -> None:
    task = ncp.create("daily", *SHOW, name="x", env="KEY=keyring:service/ann")
    done = in_its_own_process(ncp, task["id"], PYTHONPATH=keyring, LOCKED="1")
    assert (done.returncode, done.stdout) == (126, "")
    assert "the keyring is locked or absent: Prompt dismissed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_keyring_that_is_not_there_is_a_failure_and_a_finding(ncp: Ncp) -> None:
    ncp.create("daily", *SHOW, name="x", env="KEY=keyring:service/ann")
    one = ran(ncp)
    assert (one["status"], one["exitCode"]) == ("failure", 126)
    assert "the keyring library is not installed (keyring:service/ann)" in one["reason"]
    assert "pip install 'ncp-scheduler[keyring]'" in ncp("doctor").out


SHOWING = (
    *("get x", "get x --json", "list", "list --json", "executions", "executions --json", "logs"),
    *("run x --dry-run", "run x --dry-run --json", "run x", "run x --json", "plan --json", "stats"),
    *("update x --timeout 9 --json", "pause x --json", "resume x --json", "catchup --dry-run"),
)


def test_no_command_shows_a_secret_that_its_task_does_not_print(
    ncp: Ncp, key: Path, variables: Path
) -> None:
    variables.write_text("OTHER=hunter2\n")
    ncp.create("daily", "true", name="x", **{"env-file": str(variables), "env": f"KEY=file:{key}"})
    said = [ncp(*f"schedule {words}".split()) for words in SHOWING]
    said += [ncp("doctor"), ncp("doctor", "--json"), ncp("--debug", "schedule", "run", "x")]
    key.unlink()
    variables.write_text("OTHER=1\nhunter2\n")
    said += [
        ncp("schedule", "run", "x"),
        ncp("doctor"),
        ncp("schedule", "logs"),
        ncp("schedule", "executions"),
    ]
    assert [one for one in said if "hunter2" in one.out + one.err] == []
    assert {one.code for one in said} == {0, 1}
    files = [path for path in ncp.home.rglob("*") if path.is_file() and "state.db" not in path.name]
    assert [path for path in files if b"hunter2" in path.read_bytes()] == []


def test_a_program_is_looked_for_where_a_file_of_variables_says(
    ncp: Ncp, tmp_path: Path, variables: Path
) -> None:
    program = tmp_path / "programs" / "mine"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho found\n")
    program.chmod(0o755)
    variables.write_text(f"PATH={program.parent}:/usr/bin:/bin\n")
    ncp.create("daily", "mine", name="x", **{"env-file": str(variables)})
    assert str(program) in ncp("schedule", "run", "x", "--dry-run").out
    assert "mine" not in ncp("doctor").out
    assert ran(ncp)["output"] == "found\n"


def test_a_missing_secret_does_not_keep_a_failure_from_being_told(
    ncp: Ncp, key: Path, variables: Path
) -> None:
    hook = 'echo "$NCP_REASON, $OTHER, ${KEY:-no key}, $PLAIN" > told'
    ncp.create("daily", name="x", **{"env-file": str(variables), "on-failure": hook})
    ncp("schedule", "update", "x", "--env", f"KEY=file:{key}", "--env", "PLAIN=as it is")
    key.unlink()
    variables.write_text("OTHER=also\n")
    assert ran(ncp)["exitCode"] == 126
    why = f"KEY cannot be read: No such file or directory ({key})"
    assert (ncp.user_home / "told").read_text() == f"{why}, also, no key, as it is\n"


def test_what_is_to_be_captured_is_a_setting_and_get_shows_it(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ncp.home / "config.toml"
    settings.write_text(settings.read_text() + 'capture_environment = ["PATH", "EDITOR"]\n')
    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.setenv("LANG", "xx_XX")
    ncp.create("daily", "sh", "-c", 'echo "$EDITOR $LANG"', name="x")
    monkeypatch.setenv("EDITOR", "another")
    assert ran(ncp)["output"] == "ed C.UTF-8\n"
    shown = ncp("schedule", "get", "x", "--json").json
    assert shown["capturedEnvironment"] == {"PATH": ncp.environment["PATH"], "EDITOR": "ed"}
    assert shown["effectiveEnvironment"]["EDITOR"] == "ed"
