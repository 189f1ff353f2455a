"""Real schedulers across real clock changes, on an accelerated clock: each slot once."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from real.rooms import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from real.conftest import Open
    from real.rooms import Room

SPRING = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
"""An hour before the 02:30 that counts: a busy machine takes its time to make the tasks."""
WINDOW = timedelta(minutes=160)
RATE = 60
SCHEDULES = {"daily": "30 2 * * *", "quarters": "*/15 * * * *", "hourly": "5 * * * *"}


def listed(room: Room, schedule: str, start: str, begun: datetime) -> list[str]:
    """The slots of the window as `ncp schedule next` has them."""
    asked = ("--from", start, "--count", "20", "--json")
    said = json.loads(room.ncp("schedule", "next", schedule, *asked).stdout)
    until = (begun + WINDOW).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [slot for slot in said["slots"] if slot < until]


def ran(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cron", "systemd"])
@pytest.mark.parametrize("start", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_each_slot_runs_once_across_a_clock_change(
    open_room: Open, kind: str, start: datetime
) -> None:
    room = open_room(kind, zone="Europe/Berlin", clock=Clock(start, rate=RATE))
    for name, schedule in SCHEDULES.items():
        command = ("sh", "-c", f"echo $NCP_SLOT >> {room.home / name}")
        room.ncp("schedule", "create", schedule, "--target", kind, "--name", name, "--", *command)
    for _ in range(2 if kind == "cron" else 0):
        # Cron may look between the two steps in which a table is written, in the same second,
        # and never again: at this rate it looks every second. So the table is written anew.
        time.sleep(1.1)
        room.run("sh", "-c", "crontab -l | crontab -")
    made = room.run("date", "-u", "+%FT%TZ").stdout.strip()
    asked = {name: listed(room, cron, made, start) for name, cron in SCHEDULES.items()}
    last = max(asked["quarters"])
    room.wait_for(lambda: last in ran(room.home / "quarters"), timeout=WINDOW.seconds / RATE + 60)
    found = {name: [s for s in ran(room.home / name) if made < s <= last] for name in SCHEDULES}
    assert found == {name: [s for s in slots if s <= last] for name, slots in asked.items()}
    assert len(found["daily"]) == 1
