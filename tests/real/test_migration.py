"""The home of a version 1 user migrated onto real schedulers, and its tools really called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import servers
from ncp.mcp.definition import tree

if TYPE_CHECKING:
    from real.conftest import Open
    from real.rooms import Room

V1 = Path(__file__).parent.parent / "data" / "v1"
OLD = (
    "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===\n"
    "# NCP_JOB: some-id\n* * * * * /nonexistent/ncp _job-run some-id\n"
    "# === END NCP SCHEDULED JOBS ===\n"
)
THEIRS = "17 4 * * 1 true % ours\n"


def moved_in(room: Room) -> Path:
    home = room.home / ".ncp" / "scheduler"
    shutil.copytree(V1, home)
    home.chmod(0o700)
    idle = {"filesystem": {"command": "/bin/true"}}
    known = {"mcpServers": {"served": tree(servers.served()), **idle}}
    (home / "mcp.json").write_text(json.dumps(known))
    return home


def listed(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(room.ncp("schedule", "list", "--json").stdout)["tasks"]
    return found


def entries(room: Room) -> list[str]:
    """The timings that the scheduler has an entry for."""
    if room.kind == "cron":
        lines = room.run("crontab", "-l").stdout.splitlines()
        timings = (line for line in lines if "_timing-run" in line and line[0] != "@")
        return sorted(line.split()[-1] for line in timings)
    answer = room.run("systemctl", "--user", "list-timers", "--all", "--output=json").stdout
    units = (timer["unit"] for timer in json.loads(answer))
    return sorted(unit.removeprefix("ncp-").removesuffix(".timer") for unit in units)


def calls(room: Room) -> list[dict[str, Any]]:
    """What has been called of the three, by their ids."""
    answer = room.ncp("schedule", "executions", "every-minute", "--json").stdout
    found: list[dict[str, Any]] = json.loads(answer)["executions"]
    return [one for one in found if one["slot"] and one["status"] == "success"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_500_jobs_are_migrated_and_three_of_them_call_a_real_server(
    open_room: Open, kind: str
) -> None:
    room = open_room(kind)
    home = moved_in(room)
    if kind == "cron":
        room.run("crontab", "-", stdin=OLD + THEIRS)
    report = json.loads(room.ncp("schedule", "migrate", "--json", timeout=300).stdout)
    assert report["target"] == kind
    assert (report["counts"]["imported"], report["counts"]["reported"]) == (480, 20)
    tasks = listed(room)
    assert len(tasks) == 500
    live = sorted({task["timingId"] for task in tasks if task["status"] == "active"})
    assert entries(room) == live
    assert len(live) > 50
    (copy,) = home.glob("jobs.json.backup-*")
    assert copy.read_bytes() == (V1 / "jobs.json").read_bytes()
    if kind == "cron":
        table = room.run("crontab", "-l").stdout
        assert "_job-run" not in table
        assert table.endswith(THEIRS)
    room.wait_for(lambda: len({one["taskId"] for one in calls(room)}) == 3, timeout=150)
    printed = {
        room.ncp("schedule", "logs", "--execution", one["executionId"]).stdout.strip()
        for one in calls(room)
    }
    assert printed == {"5", "NOW", "0"}
    document = (home / "schedule.json").read_bytes()
    assert "There is no jobs.json" in room.ncp("schedule", "migrate").stderr
    assert (home / "schedule.json").read_bytes() == document
