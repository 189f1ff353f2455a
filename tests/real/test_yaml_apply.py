"""A `config.yaml` with `run.sh` folders, applied, and fired by real schedulers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import printed_by

if TYPE_CHECKING:
    from real.rooms import Room

FIXTURE = Path(__file__).parent.parent / "data" / "personal"
ENDS = {
    **dict.fromkeys(("calendar-sync", "photos", "quotes", "numbers"), ("success", 0)),
    "fails": ("failure", 3),
    "slow": ("timeout", None),
}


def ended(room: Room) -> dict[str, dict[str, Any]]:
    """The first execution of each task, once all of them are over."""
    found = json.loads(room.ncp("schedule", "executions", "--json").stdout)["executions"]
    first = {one["taskName"]: one for one in found}
    over = all(one["status"] not in {"planned", "running"} for one in first.values())
    return first if over and len(first) == len(ENDS) else {}


def apply_and_await(room: Room, target: str) -> None:
    folder = Path(shutil.copytree(FIXTURE, room.home / "personal tasks"))
    room.ncp(
        "schedule", "create", "yearly", "--target", target, "--", "true"
    )  # it chooses the target
    said = room.ncp("schedule", "apply", str(folder / "config.yaml"), check=False)
    assert said.returncode == 2, said.stderr  # four of its tasks cannot come
    assert said.stdout.count("+ ") == 8
    found = room.wait_for(lambda: ended(room), 100)
    assert {name: (one["status"], one["exitCode"]) for name, one in found.items()} == ENDS
    assert printed_by(found["photos"]) == "in photos\n<--album>\n<Summer in Sylt>\n<>\n"
    assert printed_by(found["numbers"]).endswith("<08>\n<1.50>\n<yes>\n<2026-01-02>\n")
    (log, *_) = sorted((room.home / ".ncp/scheduler/logs").glob("*.log"))
    at = r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"
    for line in (
        rf"{at} INFO: Executing 'calendar-sync' with args \['--days', '30'\]",
        rf"{at} \[calendar-sync\] STDOUT: <--days>",
        rf"{at} INFO: Task 'calendar-sync' completed in [\d.]+s \(exit code: 0\)",
        rf"{at} \[fails\] STDERR: going wrong",
    ):
        assert re.search(line, log.read_text(), re.MULTILINE), line


@pytest.mark.slow
def test_a_real_systemd_fires_the_tasks_of_a_file(systemd_room: Room) -> None:
    apply_and_await(systemd_room, "systemd")


@pytest.mark.slow
def test_a_real_cron_fires_the_tasks_of_a_file(cron_room: Room) -> None:
    apply_and_await(cron_room, "cron")
