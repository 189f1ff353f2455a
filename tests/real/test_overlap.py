"""What a slot does while a task still runs, on real schedulers: alike on both.

Cron starts another runner for each slot; systemd starts none while the service
is active, so there the live runner serves all of them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from real.rooms import Clock

if TYPE_CHECKING:
    from pathlib import Path

    from real.conftest import Open
    from real.rooms import Room

START = datetime(2026, 11, 20, 12, 57, 30, tzinfo=UTC)
RATE = 10
SLOTS = [f"2026-11-20T13:0{minute}:00Z" for minute in range(4)]
"""The tasks run from one o'clock on; the first execution until the third slot has come."""
SCHEDULE = "* 13 * * *"
SLOW_FIRST = """test -e "$1.first" && exit 0; : > "$1.first"
until test -e go; do sleep 0.1; echo; done"""
"""Prints while it waits: on a fast clock a runner that only waits would wake late."""

RUNS = "still running since T"
EXPECTED = {
    "skip": [("success", None), ("skipped", RUNS), ("skipped", RUNS), ("success", None)],
    "queue": [
        ("success", None),
        ("success", f"waited its turn ({RUNS})"),
        ("skipped", RUNS),
        ("success", None),
    ],
    "replace": [
        ("interrupted", "replaced by the run of the next slot"),
        ("success", f"took the place of another ({RUNS})"),
        ("success", None),
        ("success", None),
    ],
    "allow": [("success", None)] * 4,
}


def asked(room: Room, query: str) -> list[Any]:
    path = room.home / ".ncp/scheduler/state.db"
    with closing(sqlite3.connect(path, timeout=10)) as book:
        return book.execute(query).fetchall()


def claims(room: Room) -> dict[int, int]:
    """The process that claimed each slot."""
    return dict(asked(room, "SELECT slot, pid FROM slots"))


def states(room: Room) -> set[tuple[str, str]]:
    """Which tasks have executions of which status."""
    return {*asked(room, "SELECT task_name, status FROM executions")}


def executions(room: Room, task: str) -> list[dict[str, Any]]:
    """Those of the slots in question, oldest first."""
    said = room.ncp("schedule", "executions", task, "--json").stdout
    found = [one for one in json.loads(said)["executions"] if one["slot"] in SLOTS]
    return sorted(found, key=lambda one: str(one["slot"]))


def told(one: dict[str, Any]) -> tuple[str, str | None]:
    """A status and its reason, without the instant."""
    reason = one["reason"] and re.sub(r"\d{4}-\d\d-\d\d [\d:]{8}", "T", one["reason"])
    return one["status"], reason


def create(room: Room, target: str) -> None:
    for policy in EXPECTED:
        room.ncp(
            *("schedule", "create", SCHEDULE, "--target", target, "--name", policy),
            *("--overlap", policy, "--", "sh", "-c", SLOW_FIRST, "-", policy),
        )
    if target == "cron":
        # Cron may have looked in the same second in which the table was written.
        room.run("sh", "-c", "sleep 1.1; crontab -l | crontab -")


def is_over(room: Room) -> bool:
    """Tell whether the last slot is claimed, and nothing runs or waits."""
    busy = "SELECT 1 FROM executions WHERE status IN ('planned', 'running')"
    return len(claims(room)) >= len(SLOTS) and not asked(room, busy)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_each_policy_is_kept_and_recorded_alike(open_room: Open, kind: str) -> None:
    room = open_room(kind, clock=Clock(START, rate=RATE))
    create(room, kind)
    room.wait_for(lambda: len(claims(room)) == 3, timeout=90)
    room.wait_for(lambda: ("allow", "success") in states(room), timeout=30)
    assert {("allow", "running"), ("queue", "running")} <= states(room)
    assert ("queue", "success") not in states(room)
    (room.home / "go").touch()
    room.wait_for(lambda: is_over(room), timeout=30)
    found = {policy: executions(room, policy) for policy in EXPECTED}
    assert {policy: [told(one) for one in ran] for policy, ran in found.items()} == EXPECTED
    assert [one["slot"] for one in found["allow"]] == SLOTS
    if kind == "systemd":
        runners = [pid for _, pid in sorted(claims(room).items())]
        assert len({*runners[:3]}) == 1


TREE = """setsid sh -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 1; done' &
echo $$ >> pids; trap "" TERM; while :; do sleep 1; done"""


@pytest.mark.slow
def test_a_stop_by_systemd_ends_the_whole_tree_and_is_recorded(open_room: Open) -> None:
    room = open_room("systemd", clock=Clock(START.replace(minute=59, second=50)))
    create_tree = ("--grace", "1", "--", "sh", "-c", TREE)
    room.ncp("schedule", "create", SCHEDULE, "--target", "systemd", "--name", "x", *create_tree)
    room.wait_for(lambda: len(pids(room.home)) == 2, timeout=70)
    (unit,) = (room.home / ".config/systemd/user").glob("ncp*.timer")
    service = re.sub(r"^(ncp(?:-[0-9a-f]{8})?)-(.*)\.timer$", r"\1@\2.service", unit.name)
    room.run("systemctl", "--user", "stop", service)
    alive = [
        pid for pid in pids(room.home) if room.run("kill", "-0", pid, check=False).returncode == 0
    ]
    assert alive == []
    (one,) = executions(room, "x")
    assert told(one) == ("interrupted", "ncp was stopped")
    assert one["signal"] == 9


def pids(home: Path) -> list[str]:
    file = home / "pids"
    return file.read_text().split() if file.exists() else []
