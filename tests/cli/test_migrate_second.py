"""A home of the old tool's second version loads as it is; a change puts it right for good."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cli.crontab import Crontab

if TYPE_CHECKING:
    from cli.conftest import Ncp

BLOCK = (
    "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===\n"
    "# NCP_JOB: daily-9am\n0 9 * * * /usr/bin/ncp _timing-run daily-9am\n"
    "# === END NCP SCHEDULED JOBS ===\n"
)
TASK: dict[str, Any] = {
    "name": "Daily Backup",
    "timingId": "daily-9am",
    "cronExpression": "0 9 * * *",
    "tool": "files:list",
    "parameters": {"path": "/tmp"},
    "fireOnce": False,
    "catchupMissed": False,
    "createdAt": "2025-11-01T10:00:00.000Z",
    "status": "active",
    "errorMessage": None,
    "executionCount": 41,
    "lastExecutionId": "exec-1",
    "lastExecutionAt": "2025-11-20T09:00:00.000Z",
    "theirs": "kept",
}
TABLE = (
    "executionId,jobId,jobName,tool,startedAt,duration,status,errorMessage\r\n"
    'exec-1,t1,Daily Backup,files:list,2025-11-20T09:00:00.000Z,12,failure,"two\nlines"\r\n'
)


@pytest.fixture
def old(ncp: Ncp) -> Ncp:
    tasks = {
        "t1": {"id": "t1", **TASK},
        "t2": {"id": "t2", **TASK, "cronExpression": "0 9 * * 1-5"},
        "t3": {"id": "t3", **TASK, "timingId": "gone", "cronExpression": "*/5 * * * *"},
    }
    timing = {"id": "daily-9am", "name": "Nine", "cronExpression": "0 9 * * *", "taskIds": ["x"]}
    tree = {"version": "2.0.0", "tasks": tasks, "timings": {"daily-9am": timing}}
    (ncp.home / "schedule.json").write_text(json.dumps(tree))
    (ncp.home / "config.json").write_text('{"maxExecutionsPerJob": 7, "theirs": 1}')
    (ncp.home / "executions").mkdir()
    (ncp.home / "executions" / "summary.csv").write_bytes(TABLE.encode())
    return ncp


def document(ncp: Ncp) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ncp.home / "schedule.json").read_text())
    return found


def test_it_loads_as_it_is_and_says_what_was_repaired(old: Ncp) -> None:
    before = (old.home / "schedule.json").read_bytes()
    said = old("schedule", "list")
    assert said.code == 0
    for words in ("two expressions shared daily-9am", '"gone" was missing', "tasks that are none"):
        assert words in said.err
        assert words in old("doctor").out
    assert "ncp schedule migrate" in said.err
    assert (old.home / "schedule.json").read_bytes() == before


def test_migrate_writes_it_down_with_counters_history_and_settings(old: Ncp) -> None:
    said = old("schedule", "migrate")
    assert said.code == 0
    assert "config.json: theirs (1) has no counterpart" in said.err
    assert "schedule.json is put right; tasks in it: 3." in said.err
    tasks = document(old)["tasks"]
    assert {key: task["timingId"] for key, task in tasks.items()} == {
        "t1": "daily-9am",
        "t2": "weekdays-9am",
        "t3": "every-5min",
    }
    assert not {"cronExpression", "executionCount"} & tasks["t1"].keys()
    assert tasks["t1"]["theirs"] == "kept"
    shown = old("schedule", "get", "t1", "--json").json
    assert shown["executionCount"] == 41
    assert shown["lastExecutionAt"] == "2025-11-20T09:00:00.000Z"
    (past,) = old("schedule", "executions", "t1", "--json").json["executions"]
    assert (past["reason"], past["durationMs"]) == ("two\nlines", 12)
    assert (shown["lastExecutionId"], shown["lastStatus"]) == (past["executionId"], "failure")
    assert "retention_per_task = 7" in (old.home / "config.toml").read_text()
    assert old("schedule", "list").err == ""


def test_a_second_run_does_nothing(old: Ncp) -> None:
    old("schedule", "migrate")
    before = document(old), old("schedule", "executions", "--json").json
    said = old("schedule", "migrate")
    assert "taken into the history" not in said.err
    assert "put right" not in said.err
    assert (document(old), old("schedule", "executions", "--json").json) == before


def test_a_change_does_it_first_and_the_old_entries_go(
    old: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(old, monkeypatch)
    crontab.table.write_text(BLOCK + "1 1 * * * true\n")
    said = old("schedule", "pause", "t3")
    assert said.code == 0
    assert "Migrated schedule.json." in said.err
    assert "crontab: daily-9am" in said.err
    assert {line.split()[-1] for line in crontab.lines} == {"daily-9am", "weekdays-9am"}
    assert crontab.text.endswith("<<<\n1 1 * * * true\n")
    assert old("schedule", "get", "t1", "--json").json["executionCount"] == 41


def test_a_dry_run_says_what_it_would_repair_and_changes_nothing(old: Ncp) -> None:
    before = (old.home / "schedule.json").read_bytes()
    said = old("schedule", "migrate", "--dry-run")
    assert "two expressions shared" in said.err
    assert "schedule.json would be put right; tasks in it: 3." in said.err
    assert (old.home / "schedule.json").read_bytes() == before


def test_a_count_beyond_all_counting_is_left_out(old: Ncp) -> None:
    tree = document(old)
    tree["tasks"]["t1"]["executionCount"] = 10**30
    (old.home / "schedule.json").write_text(json.dumps(tree))
    assert old("schedule", "migrate").code == 0
    assert old("schedule", "get", "t1", "--json").json["executionCount"] == 0


@pytest.mark.parametrize("words", [["--dry-run"], []])
def test_what_is_repaired_is_said_where_there_is_a_jobs_json_too(
    old: Ncp, words: list[str]
) -> None:
    (old.home / "jobs.json").write_text('{"version": "1.0.0", "jobs": {}}')
    said = old("schedule", "migrate", *words)
    assert "two expressions shared daily-9am" in said.err
    assert "put right; tasks in it: 3." in said.err
