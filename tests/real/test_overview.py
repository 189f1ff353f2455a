"""What bare `ncp` says where the scheduler is real and something keeps it from firing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from real.rooms import Room


def state(room: Room) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(room.ncp("--json").stdout)
    return found


def fires(room: Room) -> dict[str, bool]:
    return {one["id"]: one["fires"] for one in state(room)["timings"]}


def made(room: Room, target: str) -> None:
    for schedule in ("hourly", "daily at 9am"):
        room.ncp("schedule", "create", schedule, "--target", target, "--", "true")
    assert fires(room) == {"hourly": True, "daily-9am": True}
    assert "no entry" not in room.ncp().stdout


def test_after_crontab_r_nothing_is_promised_until_a_sync(cron_room: Room) -> None:
    made(cron_room, "cron")
    cron_room.run("crontab", "-r")
    said = cron_room.ncp()
    assert said.stdout.count("no entry") == 2
    assert "Nothing fires: none of 2 timings has an entry in cron." in said.stderr
    assert fires(cron_room) == {"hourly": False, "daily-9am": False}
    cron_room.ncp("schedule", "sync")
    assert "Nothing fires" not in cron_room.ncp().stderr
    assert fires(cron_room) == {"hourly": True, "daily-9am": True}


def test_a_line_commented_out_by_hand_fires_no_more(cron_room: Room) -> None:
    made(cron_room, "cron")
    cron_room.run("sh", "-c", r"crontab -l | sed '/_timing-run hourly/s/^/# /' | crontab -")
    said = cron_room.ncp()
    assert not fires(cron_room)["hourly"] or "Not as ncp wrote it: hourly." in said.stderr
    assert "To mend it: ncp schedule sync" in said.stderr


def test_a_stopped_cron_fires_nothing(cron_room: Room) -> None:
    made(cron_room, "cron")
    cron_room.run("sh", "-c", "kill $(cat /var/run/crond.pid)")
    cron_room.wait_for(lambda: "No cron daemon runs." in cron_room.ncp().stderr)
    assert cron_room.ncp().stdout.count("(nothing fires)") == 2
    assert fires(cron_room) == {"hourly": False, "daily-9am": False}


def test_a_stopped_timer_of_systemd_promises_nothing(systemd_room: Room) -> None:
    made(systemd_room, "systemd")
    systemd_room.run("systemctl", "--user", "stop", "ncp-hourly.timer")
    said = systemd_room.ncp()
    assert fires(systemd_room) == {"hourly": False, "daily-9am": True}
    assert "hourly does not fire: it has no entry in systemd." in said.stderr
    systemd_room.ncp("schedule", "sync")
    assert fires(systemd_room) == {"hourly": True, "daily-9am": True}


def test_a_unit_file_that_is_gone_promises_nothing(systemd_room: Room) -> None:
    made(systemd_room, "systemd")
    systemd_room.run("sh", "-c", "rm ~/.config/systemd/user/ncp-daily-9am.timer")
    systemd_room.run("systemctl", "--user", "daemon-reload")
    assert fires(systemd_room) == {"hourly": True, "daily-9am": False}
