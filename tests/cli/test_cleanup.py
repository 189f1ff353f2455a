from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

NOTHING = {"executions": 0, "outputFiles": 0, "bytes": 0, "slots": 0, "dailyLogs": 0}


@pytest.fixture
def busy(ncp: Ncp) -> Ncp:
    """A task that has run and printed three times."""
    ncp.create("daily at 9am", "echo", "hello", name="a")
    for _ in range(3):
        ncp("schedule", "run", "a")
    return ncp


def count(ncp: Ncp) -> int:
    return len(ncp("schedule", "executions", "--json").json["executions"])


def test_what_is_beyond_the_number_goes_and_is_counted(busy: Ncp) -> None:
    done = busy("schedule", "cleanup", "--max-per-task", "1", "--json").json
    assert done == {"dryRun": False, **NOTHING, "executions": 2, "outputFiles": 2, "bytes": 16}
    assert count(busy) == 1
    assert busy("schedule", "show", "a", "--json").json["output"] == "hello\n"
    assert busy("schedule", "get", "a", "--json").json["executionCount"] == 3


def test_a_dry_run_removes_nothing(busy: Ncp) -> None:
    said = busy("schedule", "cleanup", "--max-per-task", "1", "--dry-run")
    assert said.out == "Would remove executions: 2, output files: 2 (0 KiB).\n"
    assert count(busy) == 3
    files = [*(busy.home / "executions").rglob("*.log")]
    assert len(files) == 3


def test_without_options_the_settings_hold(busy: Ncp) -> None:
    assert busy("schedule", "cleanup").out.startswith("Removed executions: 0, ")
    (busy.home / "config.toml").write_text('target = "embedded"\nretention_per_task = 2\n')
    assert busy("schedule", "cleanup", "--json").json["executions"] == 1


def test_age_is_in_days(busy: Ncp) -> None:
    assert busy("schedule", "cleanup", "--max-age", "1", "--json").json["executions"] == 0
    log = busy.home / "logs" / "2020-01-01.log"
    log.write_text("x")
    assert busy("schedule", "cleanup", "--max-age", "1", "--json").json["dailyLogs"] == 1
    assert not log.exists()


def test_a_home_without_a_past_has_nothing_to_remove(ncp: Ncp) -> None:
    said = ncp("schedule", "cleanup", "--json")
    assert json.loads(said.out) == {"dryRun": False, **NOTHING}
    assert not (ncp.home / "state.db").exists()


@pytest.mark.parametrize("option", ["--max-age", "--max-per-task"])
def test_keeping_nothing_is_refused(busy: Ncp, option: str) -> None:
    said = busy("schedule", "cleanup", option, "0")
    assert said.code == 2
    assert option in said.err
    assert count(busy) == 3
