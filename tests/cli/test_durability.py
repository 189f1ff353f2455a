"""A damaged document and a crowd of changes: nothing is lost, nothing is half done."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

READING = (
    ("schedule", "list"),
    ("schedule", "get", "tick"),
    ("schedule", "plan"),
    ("schedule", "executions"),
    ("compile", "--target", "cron"),
    (),
)
CHANGING = (
    ("schedule", "create", "@daily", "--", "true"),
    ("schedule", "update", "tick", "--name", "tock"),
    ("schedule", "pause", "--all"),
    ("schedule", "delete", "tick", "-y"),
    ("schedule", "sync"),
    ("uninstall", "-y"),
)


def is_valid(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@pytest.fixture
def document(ncp: Ncp) -> Path:
    """A home with one task whose name holds a character of several bytes."""
    ncp.create("every minute", "sh", "-c", "echo tick >> ticks", name="tick", description="é🌙")
    return ncp.home / "schedule.json"


def test_a_document_cut_at_any_byte_is_refused_and_left_alone(ncp: Ncp, document: Path) -> None:
    whole = document.read_bytes()
    refused = 0
    for length in range(len(whole)):
        if is_valid(whole[:length]):
            continue
        document.write_bytes(whole[:length])
        said = ncp("schedule", "list")
        assert (said.code, said.out) == (2, ""), length
        assert f"{document}, line " in said.err or f"{document}: The byte " in said.err
        assert document.read_bytes() == whole[:length]
        refused += 1
    assert refused > 500


@pytest.mark.parametrize("command", READING + CHANGING, ids=" ".join)
def test_every_command_refuses_a_damaged_document(
    ncp: Ncp, document: Path, command: tuple[str, ...]
) -> None:
    damaged = document.read_bytes()[:-20]
    document.write_bytes(damaged)
    said = ncp(*command)
    assert (said.code, said.out) == (2, "")
    assert f"{document}, line " in said.err
    assert "left as it is" in said.err
    assert document.read_bytes() == damaged


def test_doctor_finds_a_damaged_document(ncp: Ncp, document: Path) -> None:
    document.write_bytes(document.read_bytes()[:-20])
    said = ncp("doctor")
    assert said.code != 0
    assert f"{document}, line " in said.out + said.err


def test_a_firing_still_runs_the_last_good_copy(ncp: Ncp, document: Path) -> None:
    damaged = document.read_bytes()[:-20]
    document.write_bytes(damaged)
    ncp.overdue()
    fired = subprocess.run(
        ["/bin/sh", ncp.home / "bin/ncp", "_timing-run", "every-minute"],
        env=ncp.environment,
        check=False,
    )
    assert fired.returncode == 0
    assert (ncp.user_home / "ticks").read_text() == "tick\n"
    assert document.read_bytes() == damaged
    log = "".join(file.read_text() for file in (ncp.home / "logs").iterdir())
    assert "the last good copy stays in force" in log


def test_two_hundred_changes_at_once_are_two_hundred_tasks(ncp: Ncp) -> None:
    with (ncp.home / "config.toml").open("a") as settings:
        settings.write("lock_timeout_seconds = 290\n")  # the last one waits for all others
    running = [
        subprocess.Popen(
            ncp.program("schedule", "create", "every 5 minutes", "--name", f"t{i}", "--", "true"),
            env=ncp.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for i in range(200)
    ]
    assert {process.wait(timeout=300) for process in running} == {0}
    listed = ncp("schedule", "list", "--json").json
    assert {task["name"] for task in listed["tasks"]} == {f"t{i}" for i in range(200)}
    assert [timing["id"] for timing in listed["timings"]] == ["every-5min"]
    assert len(listed["timings"][0]["taskIds"]) == 200
    assert not list(ncp.home.glob(".ncp-new-*"))
