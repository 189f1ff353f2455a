"""`ncp schedule migrate`: the home of a version 1 user, all of it, and nothing twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.crontab import Crontab
from ncp.migrating.entries import BEGIN, END

if TYPE_CHECKING:
    from cli.conftest import Ncp

V1 = Path(__file__).parent.parent / "data" / "v1"
OLD_BLOCK = (
    "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===\n"
    "# NCP_JOB: __ncp_automatic_cleanup__\n0 0 * * * ncp _cleanup\n"
    "# NCP_JOB: {0}\n0 9 * * * /usr/bin/ncp _job-run {0}\n"
    "# === END NCP SCHEDULED JOBS ===\n"
)
THEIRS = "MAILTO=me\n17 4 * * 1 true % not\\% ours\n"


def moved_in(ncp: Ncp) -> None:
    """Put the files of the old home into that of ncp, beside what is there."""
    shutil.copytree(V1, ncp.home, dirs_exist_ok=True)
    servers = {name: {"command": "/bin/true"} for name in ("served", "filesystem")}
    (ncp.home / "mcp.json").write_text(json.dumps({"mcpServers": servers}))


def only(ncp: Ncp, **jobs: Any) -> None:
    """Put a jobs.json of a few jobs there."""
    tree = {"version": "1.0.0", "jobs": {key: {**GOOD, **job} for key, job in jobs.items()}}
    (ncp.home / "jobs.json").write_text(json.dumps(tree))


GOOD: dict[str, Any] = {
    "name": "good",
    "cronExpression": "0 9 * * *",
    "tool": "a:b",
    "parameters": {"n": 2.0},
    "fireOnce": False,
    "createdAt": "2025-11-01T10:00:00.000Z",
    "status": "paused",
    "executionCount": 0,
}


def old_jobs() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((V1 / "jobs.json").read_text())["jobs"]
    return found


def state(ncp: Ncp) -> dict[str, bytes]:
    """What is in the home, but for the ledger's own files."""
    files = (path for path in ncp.home.rglob("*") if path.is_file())
    return {str(p): p.read_bytes() for p in files if not p.name.startswith("state.db")}


def test_all_500_jobs_are_accounted_for_in_the_report_and_in_the_list(ncp: Ncp) -> None:
    moved_in(ncp)
    report = ncp("schedule", "migrate", "--json").json
    assert report["counts"]["imported"] == 480
    assert report["counts"]["reported"] == 20
    assert len({item["taskId"] for item in report["items"]}) == 500
    shown = ncp("schedule", "list", "--json").json["tasks"]
    assert {task["id"] for task in shown} == {item["taskId"] for item in report["items"]}
    broken = [task for task in shown if task.get("original")]
    assert {task["status"] for task in broken} == {"error"}
    assert len(broken) == 20
    assert all(item["reason"] for item in report["items"] if item["outcome"] == "reported")


def test_ids_statuses_counters_and_meaning_are_kept(ncp: Ncp) -> None:
    moved_in(ncp)
    ncp("schedule", "migrate")
    shown = {task["id"]: task for task in ncp("schedule", "list", "--json").json["tasks"]}
    same = {key: job for key, job in old_jobs().items() if key in shown and isinstance(job, dict)}
    assert len(same) == 494, "all but four keys that cannot be ids, and two that are no job"
    for key, job in same.items():
        task = shown[key]
        if task.get("original"):
            continue
        lacks = job.get("status") == "active" and job["tool"].split(":")[0] not in {
            "served",
            "filesystem",
        }
        assert task["status"] == ("paused" if lacks else job.get("status", "paused")), key
        assert task["executionCount"] == job["executionCount"], key
        assert (task["tool"], task.get("parameters", {})) == (
            job["tool"],
            job.get("parameters", {}),
        )
        assert task.get("catchupMissed", False) is False
        assert task["timezone"] == job.get("timezone")
        assert task["timeoutSeconds"] == 120, "the old home's own deadline"
    timings = {task["timingId"] for task in shown.values()}
    pairs = {(task["cronExpression"], task["timezone"]) for task in shown.values()}
    assert len(timings) == len(pairs), "one timing for each expression in each zone"


def test_a_second_run_does_nothing_and_the_backup_is_the_old_file(ncp: Ncp) -> None:
    moved_in(ncp)
    ncp("schedule", "migrate")
    (backup,) = ncp.home.glob("jobs.json.backup-*")
    assert backup.read_bytes() == (V1 / "jobs.json").read_bytes()
    assert not (ncp.home / "jobs.json").exists()
    before = state(ncp)
    said = ncp("schedule", "migrate")
    assert said.code == 0
    assert "There is no jobs.json" in said.err
    assert state(ncp) == before


def test_a_dry_run_says_the_same_and_changes_nothing(ncp: Ncp) -> None:
    moved_in(ncp)
    before = state(ncp)
    report = ncp("schedule", "migrate", "--dry-run", "--json").json
    assert (report["dryRun"], report["counts"]["imported"]) == (True, 480)
    assert state(ncp) == before


def test_history_and_settings_come_along(ncp: Ncp) -> None:
    moved_in(ncp)
    ncp("schedule", "migrate")
    found = ncp("schedule", "executions", "--limit", "999", "--json").json["executions"]
    assert len(found) == 271
    assert any(one["reason"] and "\n" in one["reason"] for one in found), "errors of many lines"
    assert [one["startedAt"] for one in found] == sorted(
        (one["startedAt"] for one in found), reverse=True
    )
    printed = next(one for one in found if one["outputPath"] and one["status"] == "success")
    shown = ncp("schedule", "logs", "--execution", printed["executionId"])
    assert shown.out == "first\nsecond 📄\n"
    assert "retention_per_task = 50" in (ncp.home / "config.toml").read_text()
    assert "default_timeout_seconds = 120" in (ncp.home / "config.toml").read_text()


def test_the_entries_of_the_old_tool_are_replaced_and_others_stay(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    moved_in(ncp)
    crontab.table.write_text(THEIRS + OLD_BLOCK.format("some-id"))
    said = ncp("schedule", "migrate")
    assert said.code == 0
    assert "crontab: some-id" in said.err
    shown = ncp("schedule", "list", "--json").json["tasks"]
    live = {task["timingId"] for task in shown if task["status"] == "active"}
    assert {line.split()[-1] for line in crontab.lines} == live
    assert crontab.text.endswith(THEIRS)
    assert "_job-run" not in crontab.text
    assert ncp("schedule", "plan", "--json").json.get("add", []) == []


@pytest.mark.parametrize("missing", [BEGIN, END])
def test_old_lines_that_are_in_no_whole_block_are_named(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    cron = Crontab(ncp, monkeypatch)
    only(ncp, a={})
    before = THEIRS + OLD_BLOCK.format("a").replace(f"{missing}\n", "")
    cron.table.write_text(before)
    for words in (["--dry-run"], []):
        said = ncp("schedule", "migrate", *words)
        assert "Lines of the old tool outside a whole block stay in the crontab: 3" in said.err
        assert "crontab -e" in said.err
    assert cron.text == before


def test_the_first_command_that_changes_something_migrates_first(ncp: Ncp) -> None:
    moved_in(ncp)
    name = "Real shout"
    said = ncp("schedule", "pause", name)
    assert said.code == 0
    assert "Migrated jobs.json: 480 imported" in said.err
    assert ncp("schedule", "get", name, "--json").json["status"] == "paused"


@pytest.mark.parametrize("words", [("list",), ("plan",), ("import", "table", "--dry-run")])
def test_a_command_that_only_shows_says_what_waits_and_leaves_it(
    ncp: Ncp, words: tuple[str, ...]
) -> None:
    moved_in(ncp)
    (ncp.user_home / "table").write_text("0 9 * * * true\n")
    said = ncp("schedule", *words)
    assert "waits to be taken over: ncp schedule migrate" in said.err
    assert (ncp.home / "jobs.json").exists()


def test_a_schedule_that_is_there_is_merged_and_the_newer_of_one_id_wins(ncp: Ncp) -> None:
    ncp.create("hourly", name="mine")
    mine = ncp.create("hourly", name="both")["id"]
    later = {"name": "newer", "createdAt": "2031-01-01T00:00:00Z"}
    only(ncp, one={}, **{mine: {"name": "older"}})
    said = ncp("schedule", "migrate")
    assert '"both"' in said.err
    assert '"older"' in said.err
    only(ncp, one=later, **{mine: {}})
    report = ncp("schedule", "migrate", "--json").json
    assert [item["outcome"] for item in report["items"]] == ["updated", "already there"]
    names = {task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]}
    assert names == {"mine", "both", "newer"}


def test_another_home_is_taken_over_and_its_files_stay(ncp: Ncp, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(V1, other)
    report = ncp("schedule", "migrate", str(other), "--json").json
    assert report["counts"]["imported"] == 480
    assert (other / "jobs.json").read_bytes() == (V1 / "jobs.json").read_bytes()
    again = ncp("schedule", "migrate", str(other / "jobs.json"), "--json").json
    assert again["counts"]["already there"] == 500
    said = [words for item in again["items"] for words in item["warnings"]]
    assert not any("the newer" in words for words in said), "the same is nothing to choose from"
    assert list(ncp.home.glob("jobs.json*")) == []


BAD = {
    "empty": (b"", "It is empty"),
    "truncated": (b'{"jobs": {"a": {', "line 1, column 17"),
    "no object": (b"[1]", "no object of jobs"),
    "no jobs": (b'{"version": "1.0.0"}', "no object of jobs"),
    "a key twice": (b'{"jobs": {"a": {}, "a": {}}}', 'The key "a" comes twice'),
    "another version": (b'{"version": "3.0.0", "jobs": {}}', "not a version"),
    "no UTF-8": (b'{"jobs": {"\xff": {}}}', "not UTF-8"),
    "too large": (b" " * (16 * 1024**2 + 1), "more than 16 MB"),
}


@pytest.mark.parametrize(("data", "what"), BAD.values(), ids=BAD)
def test_a_damaged_file_stops_everything_and_is_not_touched(
    ncp: Ncp, data: bytes, what: str
) -> None:
    (ncp.home / "jobs.json").write_bytes(data)
    before = state(ncp)
    for words in (("migrate",), ("create", "hourly", "--", "true")):
        said = ncp("schedule", *words)
        assert said.code == 2, said.err
        assert what in said.err
        assert "jobs.json" in said.err
        assert state(ncp) == before


def test_a_file_that_others_may_write_is_refused(ncp: Ncp) -> None:
    only(ncp, one={})
    (ncp.home / "jobs.json").chmod(0o666)
    said = ncp("schedule", "migrate")
    assert said.code == 2
    assert "chmod go-w" in said.err


def test_a_folder_in_the_place_of_the_file_is_refused(ncp: Ncp, tmp_path: Path) -> None:
    (tmp_path / "jobs.json").mkdir()
    assert ncp("schedule", "migrate", str(tmp_path)).code == 2


def test_counters_go_on_and_reach_their_end(ncp: Ncp) -> None:
    only(ncp, one={"executionCount": 23, "maxExecutions": 24, "lastExecutionId": "x"})
    ncp("schedule", "migrate")
    with sqlite3.connect(ncp.home / "state.db") as book:
        row = book.execute("SELECT executions, fired FROM task_state").fetchone()
    book.close()
    assert row == (23, 23)


def test_a_job_with_any_key_comes_into_a_home_that_can_be_read(ncp: Ncp) -> None:
    only(ncp, **{key: {} for key in ("a\0b", "\ud800", "", "../x", "x" * 300, "ü\n")})
    assert ncp("schedule", "migrate").code == 0
    assert len(ncp("schedule", "list", "--json").json["tasks"]) == 6


def test_a_server_is_asked_for_by_those_jobs_only_that_come_in(ncp: Ncp) -> None:
    task_id = str(ncp.create("0 9 * * *", name="mine")["id"])
    only(ncp, **{task_id: {"status": "active"}, "other": {"status": "active"}})
    said = ncp("schedule", "migrate")
    assert "are paused: 1." in said.err
    assert f"resume {task_id}" not in said.err


def test_a_task_whose_server_is_missing_says_how_to_add_it_and_is_resumed(ncp: Ncp) -> None:
    only(ncp, one={"status": "active"})
    said = ncp("schedule", "migrate")
    assert "ncp mcp add a -- COMMAND" in said.err
    shown = ncp("schedule", "get", "one", "--json").json
    assert shown["status"] == "paused"
    assert "ncp schedule resume one" in shown["errorMessage"]
    assert ncp("schedule", "resume", "one").code == 3
    assert ncp("mcp", "add", "a", "--", "cat").code == 0
    assert ncp("schedule", "resume", "one").code == 0


WAYS = {
    "cron": ({"cronExpression": "61 * * * *"}, ("--schedule", "0 9 * * *")),
    "zone": (
        {"timezone": "Mars/Base"},
        ("--schedule", "0 9 * * *", "--timezone", "Europe/Berlin"),
    ),
    "end": ({"endDate": "soon"}, ("--end-date", "2030-01-01T00:00:00Z")),
}


@pytest.mark.parametrize(("job", "way"), WAYS.values(), ids=WAYS)
def test_the_way_that_is_named_mends_a_bad_job(
    ncp: Ncp, job: dict[str, Any], way: tuple[str, ...]
) -> None:
    only(ncp, one={"status": "active", **job})
    ncp("mcp", "add", "a", "--", "cat")  # without its server a mended job stays paused
    said = ncp("schedule", "migrate")
    assert f"ncp schedule update one {way[0]}" in said.err
    assert ncp("schedule", "update", "one", *way).code == 0
    assert ncp("schedule", "get", "one", "--json").json["status"] == "active"
