"""Half of a surrogate pair anywhere in a file: every command says what is wrong, none breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

TEXTS = (
    r'{"tasks": {"a": "\ud800"}}',
    r'{"tasks": {"\ud800": {}}}',
    r'{"tasks": [{"name": "\ud800", "command": ["x"], "cron": "0 9 * * *"}]}',
    r'{"tasks": [{"name": "a", "command": ["x"], "shell": "\udc80", "cron": "0 9 * * *"}]}',
    r'{"tasks": [{"name": "a", "command": ["x"], "cron": "\ud800"}]}',
    r'{"timings": {"\ud800": 1}, "\ud800": 2}',
    r'{"jobs": {"\ud800": {"tool": "\ud800"}}}',
)


@pytest.mark.parametrize("text", TEXTS)
def test_half_of_a_character_in_a_file_is_said(ncp: Ncp, text: str) -> None:
    file = ncp.user_home / "file.json"
    file.write_text(text)
    commands = (
        ["apply"],
        ["import"],
        ["import", "--format", "ncp"],
        ["import", "--format", "yaml"],
    )
    for command in (*commands, ["migrate"]):
        said = ncp("schedule", *command, str(file))
        assert "defect" not in said.err
        assert said.code in {0, 2}
        said.err.encode()


@pytest.mark.parametrize("text", TEXTS[:2])
def test_half_of_a_character_in_the_schedule_is_found_by_doctor(ncp: Ncp, text: str) -> None:
    (ncp.home / "schedule.json").write_text(text)
    said = ncp("doctor")
    assert "defect" not in said.err + said.out
    assert said.code == 1
    assert "schedule.json" in said.out
