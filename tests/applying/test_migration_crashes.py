"""SIGKILL before any step of a migration, or at any moment: no job is lost, the next ends it."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import migrationkills
from applying.test_crashes import crashes

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ncp
    from cli.crontab import Crontab

JOB: dict[str, Any] = {
    "name": "a",
    "cronExpression": "0 9 * * *",
    "tool": "s:t",
    "status": "active",
    "executionCount": 5,
    "lastExecutionId": "e1",
}
JOBS = {"one": JOB, "two": {**JOB, "cronExpression": "0 8 * * *"}, "bad": {**JOB, "tool": None}}
TABLE = (
    "executionId,jobId,jobName,tool,startedAt,duration,status,errorMessage\n"
    "e1,one,a,s:t,2026-11-01T10:00:00.000Z,5,success,\n"
)
BLOCK = (
    "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===\n"
    "# NCP_JOB: one\n0 9 * * * ncp _job-run one\n"
    "# === END NCP SCHEDULED JOBS ===\n"
)


def old_home(ncp: Ncp, crontab: Crontab) -> bytes:
    """Make one; return its jobs.json."""
    source = json.dumps({"version": "1.0.0", "jobs": JOBS}).encode()
    (ncp.home / "jobs.json").write_bytes(source)
    (ncp.home / "mcp.json").write_text('{"mcpServers": {"s": {"command": "/bin/true"}}}')
    (ncp.home / "config.json").write_text('{"maxExecutionsPerJob": 7}')
    (ncp.home / "executions").mkdir()
    (ncp.home / "executions" / "summary.csv").write_text(TABLE)
    crontab.table.write_text(BLOCK + "1 1 * * * true\n")
    return source


def lost(ncp: Ncp, source: bytes) -> set[str]:
    """The jobs that are neither in jobs.json nor among the tasks with a true copy beside."""
    if (ncp.home / "jobs.json").exists():
        return set() if (ncp.home / "jobs.json").read_bytes() == source else {*JOBS}
    if [path.read_bytes() for path in ncp.home.glob("jobs.json.backup-*")] != [source]:
        return {*JOBS}
    tasks: dict[str, Any] = json.loads((ncp.home / "schedule.json").read_text())["tasks"]
    return {*JOBS} - {*tasks}


def counted(ncp: Ncp) -> tuple[int, int]:
    """How many executions there are, and how often `one` has run."""
    with sqlite3.connect(ncp.home / "state.db") as book:
        past = book.execute("SELECT count(*) FROM executions").fetchone()[0]
        ran = book.execute("SELECT fired FROM task_state WHERE task_id = 'one'").fetchone()[0]
    book.close()
    return past, ran


def test_whatever_step_it_dies_before_the_next_change_finishes_it(
    ncp: Ncp, crontab: Crontab
) -> None:
    source = old_home(ncp, crontab)
    steps = 0
    for step in crashes(ncp, ("migrate",)):
        assert lost(ncp, source) == set(), step
        assert ncp("schedule", "list").code == 0, step
        assert lost(ncp, source) == set(), step
        assert ncp("schedule", "sync").code == 0, step
        assert lost(ncp, source) == set(), step
        assert not (ncp.home / "jobs.json").exists(), step
        assert {line.split()[-1] for line in crontab.lines} == {"daily-9am", "daily-8am"}, step
        assert crontab.text.endswith("<<<\n1 1 * * * true\n"), step
        assert "_job-run" not in crontab.text, step
        assert counted(ncp) == (1, 5), step
        assert "retention_per_task = 7" in (ncp.home / "config.toml").read_text(), step
        assert list(ncp.home.glob(".ncp-new-*")) == [], step
        steps += 1
    assert steps > 15


def test_where_the_scheduler_refuses_nothing_has_changed_and_it_can_be_tried_again(
    ncp: Ncp, crontab: Crontab, forbid_writing: Callable[[], None]
) -> None:
    source = old_home(ncp, crontab)
    ncp("schedule", "list")
    program = crontab.folder / "bin" / "crontab"
    before, table = program.read_text(), crontab.text
    forbid_writing()
    said = ncp("schedule", "migrate")
    assert said.code == 4
    assert "the table is full" in said.err
    assert (ncp.home / "jobs.json").read_bytes() == source
    assert not (ncp.home / "schedule.json").exists()
    assert crontab.text == table
    program.write_text(before)
    assert ncp("schedule", "migrate").code == 0
    assert lost(ncp, source) == set()
    assert len(list(ncp.home.glob("jobs.json.backup-*"))) == 1


def test_killed_at_any_moment_500_jobs_arrive() -> None:
    """A slice of the campaign: `tests/migrationkills.py` runs it whole."""
    count = 12 if os.environ.get("CI") == "true" else 3
    found = migrationkills.campaign(seed=11, count=count)
    assert found.complaints == []
    assert found.states.total() >= count
