"""Weekdays of the old config.yaml, imported and applied: 0 is Monday there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

TASK = '  - {{name: t, {runs}, cron: "{cron}"}}\n'
PATH, COMMAND = "path: tasks/t", "command: [x]"


def written(ncp: Ncp, cron: str, *, head: str = "", runs: str = PATH) -> Path:
    script = ncp.user_home / "tasks/t/run.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    file = ncp.user_home / "config.yaml"
    file.write_text(f"{head}tasks:\n{TASK.format(runs=runs, cron=cron)}")
    return file


def due(ncp: Ncp) -> list[str]:
    timings = json.loads((ncp.home / "schedule.json").read_text())["timings"].values()
    return [timing["cronExpression"] for timing in timings]


@pytest.mark.parametrize("command", ["import", "apply"])
@pytest.mark.parametrize(
    ("cron", "form", "expected"),
    [
        ("0 9 * * 2", ("", PATH), "0 9 * * 3"),
        ("0 9 * * 0", ("", PATH), "0 9 * * 1"),
        ("0 9 * * 6", ("", PATH), "0 9 * * 0"),
        ("0 9 * * 2", ("scheduler: {default_timeout: 60}\n", COMMAND), "0 9 * * 3"),
        ("0 9 * * 2", ("scheduler:\n", COMMAND), "0 9 * * 3"),
        ("0 9 1-7 * 0", ("", PATH), "0 9 1-7 * &1"),
        ("0 9 * * 2", ("", COMMAND), "0 9 * * 2"),
        ("0 9 1-7 * 0", ("", COMMAND), "0 9 1-7 * 0"),
    ],
)
def test_the_form_of_a_file_says_how_its_weekdays_count(
    ncp: Ncp, command: str, cron: str, form: tuple[str, str], expected: str
) -> None:
    head, runs = form
    said = ncp("schedule", command, str(written(ncp, cron, head=head, runs=runs)))
    assert said.code == 0, said.err
    assert due(ncp) == [expected]
    noted = f'"{cron}" is "' in said.err and f"({expected})" in said.err
    assert noted == (expected != cron)


@pytest.mark.parametrize("command", ["import", "apply"])
@pytest.mark.parametrize(
    ("way", "runs", "expected"),
    [("cron", PATH, "0 9 * * 2"), ("monday", PATH, "0 9 * * 3"), ("monday", COMMAND, "0 9 * * 3")],
)
def test_an_option_says_how_they_count(
    ncp: Ncp, command: str, way: str, runs: str, expected: str
) -> None:
    file = str(written(ncp, "0 9 * * 2", runs=runs))
    said = ncp("schedule", command, file, "--weekdays", way)
    assert said.code == 0
    assert due(ncp) == [expected]
    assert ("--weekdays cron" in said.err) == (way == "monday")


def test_an_apply_finds_its_task_as_it_is_the_next_time(ncp: Ncp) -> None:
    file = str(written(ncp, "0 9 1-7 * 0"))
    ncp("schedule", "apply", file)
    assert ncp("schedule", "apply", file).out.startswith("= t")


@pytest.mark.parametrize("command", ["import", "apply"])
def test_a_number_that_is_no_weekday_there_is_refused_with_its_line(ncp: Ncp, command: str) -> None:
    said = ncp("schedule", command, str(written(ncp, "0 9 * * 7")))
    assert 'config.yaml:2, "t": cron: "7" is no weekday of the scheduler' in said.err
    assert "--weekdays cron" in said.err
    again = ncp("schedule", command, str(written(ncp, "0 9 * * 7")), "--weekdays", "cron")
    assert due(ncp) == ["0 9 * * 0"], again.err


@pytest.mark.parametrize("command", ["import", "apply"])
def test_another_way_of_counting_is_refused(ncp: Ncp, command: str) -> None:
    said = ncp("schedule", command, str(written(ncp, "0 9 * * 2")), "--weekdays", "sunday")
    assert said.code == 2
    assert "Write: --weekdays cron" in said.err


def test_an_export_means_the_same_when_it_is_applied(ncp: Ncp) -> None:
    ncp("schedule", "apply", str(written(ncp, "0 9 1-7 * 0")))
    before = due(ncp)
    file = ncp.user_home / "exported.yaml"
    file.write_text(ncp("schedule", "export", "--format", "yaml").out)
    assert "0 9 1-7 * &1" in file.read_text()
    ncp("schedule", "apply", str(file))
    assert due(ncp) == before
