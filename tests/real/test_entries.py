"""Entries and what is said of them, where the scheduler is real."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from real.rooms import ncp_command

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

    from real.conftest import Open
    from real.rooms import Room

LINGER = "Timers will run only while you are logged in."


def test_what_cannot_be_seen_is_not_said_to_be_missing(hourly: Room) -> None:
    shown, checked = without_bus(hourly), without_bus(hourly, "doctor")
    for said in (shown.stdout + shown.stderr, checked.stdout):
        assert "export XDG_RUNTIME_DIR=/run/user/0" in said
        for wrong in ("Nothing fires", "no entry", "not as wanted", "ncp schedule sync"):
            assert wrong not in said
    assert "cannot be seen, as systemd cannot be asked" in checked.stdout
    assert armed(hourly) == ["ncp-hourly.timer"]


def test_the_advice_about_lingering_comes_once(systemd_room: Room) -> None:
    systemd_room.run("rm", "/var/lib/systemd/linger/root")
    create = ("schedule", "create", "--target", "systemd")
    first = systemd_room.ncp(*create, "hourly", "--", "true")
    second = systemd_room.ncp(*create, "daily", "--", "true")
    assert (first.stderr.count(LINGER), second.stderr.count(LINGER)) == (1, 0)
    assert "loginctl enable-linger" in systemd_room.ncp("doctor", check=False).stdout


def without_bus(room: Room, *arguments: str, **environment: str) -> CompletedProcess[str]:
    """Run ncp as after `su`: nothing says where the user manager listens."""
    unset = ("env", "-u", "XDG_RUNTIME_DIR", "-u", "DBUS_SESSION_BUS_ADDRESS")
    words = [f"{key}={value}" for key, value in environment.items()]
    return room.run(*unset, *words, ncp_command(), *arguments, check=False)


def armed(room: Room) -> list[str]:
    listed = room.run("systemctl", "--user", "list-timers", "--output=json").stdout
    return [timer["unit"] for timer in json.loads(listed)]


def units(room: Room) -> list[Path]:
    return sorted((room.home / ".config/systemd/user").rglob("ncp*"))


@pytest.fixture
def hourly(systemd_room: Room) -> Room:
    """A room with one task on systemd."""
    create = ("schedule", "create", "hourly", "--target", "systemd", "--name", "a", "--", "true")
    systemd_room.ncp(*create)
    assert armed(systemd_room) == ["ncp-hourly.timer"]
    return systemd_room


@pytest.mark.parametrize(
    "words",
    [
        ("uninstall", "-y"),
        ("schedule", "delete", "a", "-y"),
        ("schedule", "pause", "a"),
        ("schedule", "sync", "--target", "cron"),
        ("schedule", "sync", "--target", "embedded"),
    ],
)
def test_what_takes_a_timer_away_says_where_its_manager_cannot_be_told(
    hourly: Room, words: tuple[str, ...]
) -> None:
    before = units(hourly)
    said = without_bus(hourly, *words)
    assert said.returncode == 4, said
    assert "Run: export XDG_RUNTIME_DIR=/run/user/0\n" in said.stderr
    assert (armed(hourly), units(hourly)) == (["ncp-hourly.timer"], before)
    assert hourly.ncp("schedule", "list").stdout.count("active") == 1
    done = without_bus(hourly, *words, XDG_RUNTIME_DIR="/run/user/0")
    assert done.returncode == 0, done
    assert armed(hourly) == []


def test_the_runtime_folder_of_another_user_is_told_from_a_missing_manager(hourly: Room) -> None:
    other = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    said = without_bus(hourly, "uninstall", "-y", **other)
    assert (said.returncode, armed(hourly)) == (4, ["ncp-hourly.timer"])
    assert "Run: export XDG_RUNTIME_DIR=/run/user/0\n" in said.stderr
    assert "To mend it: export XDG_RUNTIME_DIR=/run/user/0\n" in (
        without_bus(hourly, "doctor", **other).stdout
    )


def test_a_home_can_be_left_where_no_manager_runs_any_more(hourly: Room) -> None:
    hourly.run("sh", "-c", "kill -KILL $(pgrep -f '[s]ystemd --user')")
    said = hourly.ncp("uninstall", "-y")
    assert "Removed" in said.stderr
    assert units(hourly) == []


@pytest.mark.parametrize("words", [("uninstall", "-y"), ("schedule", "delete", "a", "-y")])
def test_a_timer_whose_file_is_gone_is_seen_and_stopped(
    hourly: Room, words: tuple[str, ...]
) -> None:
    for path in units(hourly):
        path.unlink()
    assert "ncp-hourly.timer is not as wanted" in hourly.ncp("doctor", check=False).stdout
    assert armed(hourly) == ["ncp-hourly.timer"]
    hourly.ncp(*words)
    assert armed(hourly) == []


def test_an_uninstall_finds_armed_timers_after_an_earlier_one_forgot_them(hourly: Room) -> None:
    for path in units(hourly):
        path.unlink()
    with sqlite3.connect(hourly.home / ".ncp/scheduler/state.db") as book:
        book.execute("UPDATE meta SET value = '' WHERE key = 'installed'")
    book.close()
    assert "Removed 1 entries." in hourly.ncp("uninstall", "-y").stderr
    assert armed(hourly) == []


def test_a_timer_that_a_reload_found_without_its_file_is_no_entry(hourly: Room) -> None:
    for path in units(hourly):
        path.unlink()
    hourly.run("systemctl", "--user", "daemon-reload")  # the manager gives it up: it has failed
    assert "There were no entries." in hourly.ncp("uninstall", "-y").stderr


@pytest.mark.parametrize("kind", ["cron", "systemd"])
@pytest.mark.parametrize("words", [("schedule", "sync", "--moved"), ("doctor", "--fix")])
def test_what_a_moved_home_left_is_named_and_goes(
    open_room: Open, kind: str, words: tuple[str, ...]
) -> None:
    room = open_room(kind)

    def moved(*words: str) -> CompletedProcess[str]:
        return room.ncp(*words, check=False, NCP_HOME="/var/tmp/new home")

    create = ("schedule", "create", "hourly", "--target", kind, "--", "true")
    room.ncp(*create)
    room.run("mount", "-t", "tmpfs", "tmpfs", "/var/tmp")
    room.run("cp", "-a", f"{room.home}/.ncp/scheduler", "/var/tmp/new home")
    copy = moved("schedule", "sync")
    assert (copy.returncode, "is a copy of" in copy.stderr) == (2, True)
    room.run("rm", "-r", f"{room.home}/.ncp/scheduler")  # now it is a move
    old = f"{room.home}/.ncp/scheduler/bin/ncp"
    assert "ncp schedule sync --moved" in moved("schedule", "sync").stderr
    assert f"{old}, which is gone" in moved("doctor").stdout
    assert old in everything(room)
    moved(*words)
    assert old not in everything(room)
    assert "/var/tmp/new home/bin/ncp" in everything(room)
    if kind == "systemd":
        (left,) = armed(room)
        assert left.endswith("-hourly.timer")
        assert left != "ncp-hourly.timer"


def everything(room: Room) -> str:
    """All that could fire something in a room."""
    table = room.run("crontab", "-l", check=False).stdout
    return table + "".join(path.read_text() for path in units(room) if path.is_file())


def test_units_go_where_the_manager_looks_for_them(systemd_room: Room) -> None:
    create = ("schedule", "create", "hourly", "--target", "systemd", "--", "true")
    config = f"{systemd_room.home}/other"
    said = systemd_room.ncp(*create, check=False, XDG_CONFIG_HOME=config)
    assert (said.returncode, armed(systemd_room)) == (4, [])
    line = f"XDG_CONFIG_HOME={systemd_room.home}/.config ncp schedule sync --adopt"
    assert f"Run: {line}\n" in said.stderr
    systemd_room.run("sh", "-c", line.replace("ncp", ncp_command(), 1))
    systemd_room.ncp(*create, XDG_CONFIG_HOME=config)
    assert armed(systemd_room) == ["ncp-hourly.timer"]
