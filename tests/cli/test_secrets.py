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
    assert (said.code, "There is no such file" in said.err) == (2, True)
