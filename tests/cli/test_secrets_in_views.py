"""What people look at, and pass on in reports, shows no secret."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from cli.conftest import Ncp, ncp

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ncp"]


@pytest.mark.parametrize("words", [("get", "a"), ("run", "a", "--dry-run")])
def test_a_plain_variable_whose_name_says_secret_is_masked(
    ncp: Ncp, words: tuple[str, ...]
) -> None:
    ncp("schedule", "create", "daily", "--name", "a", "-e", "API_TOKEN=hunter2", "--", "date")
    shown = ncp("schedule", *words)
    assert shown.code == 0
    assert "API_TOKEN" in shown.out
    assert "hunter2" not in shown.out + shown.err


def test_an_update_says_of_a_secret_only_that_it_is_another(ncp: Ncp) -> None:
    """A pipeline's log keeps what it prints."""
    ncp("schedule", "create", "daily", "--name", "a", "-e", "API_TOKEN=hunter2", "--", "date")
    said = ncp("schedule", "update", "a", "-e", "API_TOKEN=hunter3")
    assert "environment.API_TOKEN: ******** → ********" in said.out
    said = ncp("schedule", "update", "a", "--", "curl", "--token", "hunter4", "x")
    assert "command: date → curl --token ******** x" in said.out
    said = ncp("schedule", "update", "a", "--on-failure", "curl --token hunter5 x")
    assert "hunter" not in said.out + said.err


def test_doctor_mends_a_missing_program_without_the_secrets_of_its_task(
    ncp: Ncp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncp("schedule", "create", "daily", "--name", "a", "--", "dumper", "--password", "hunter2")
    (tmp_path / "dumper").write_text("#!/bin/sh\n")
    (tmp_path / "dumper").chmod(0o755)
    monkeypatch.setenv("PATH", f"{ncp.environment['PATH']}:{tmp_path}")
    said = ncp("doctor").out
    assert 'The program "dumper"' in said
    assert "hunter2" not in said
    line = said.partition("To mend it: ncp schedule update")[2].splitlines()[0]
    assert ncp("schedule", "update", *shlex.split(line)).code == 0
    assert 'The program "dumper"' not in ncp("doctor").out
