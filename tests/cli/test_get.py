from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.conftest import Ncp


def test_it_shows_what_a_task_runs_when_and_where(ncp: Ncp) -> None:
    ncp.create("weekdays at 9am", "rsync", "-a", "/my home", name="backup")
    said = ncp("schedule", "get", "backup")
    assert said.code == 0
    lines = {line[:10].strip(): line[10:].strip() for line in said.out.splitlines()}
    assert lines["Name"] == "backup"
