"""The main job on real schedulers: create, install, fire, run, look, take away."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledgers import printed_by

if TYPE_CHECKING:
    from real.conftest import Open
    from real.rooms import Room

THEIRS = '# mine\r\nMAILTO=""\n17 4 * * 1 true % not\\% ours'
"""A crontab of somebody else: a carriage return, a variable, and no final newline."""
TARGETS = pytest.mark.parametrize(("kind", "target"), [("cron", "cron"), ("systemd", "systemd")])


def append(path: Path, word: str = "ran") -> tuple[str, ...]:
    return ("--", "sh", "-c", f"echo {word}; date +%H:%M >> '{path}'")


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def executions(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(room.ncp("schedule", "executions", "--json").stdout)[
        "executions"
    ]
    return found


def table(room: Room) -> str:
    return room.run("crontab", "-l", check=False).stdout


def table_bytes(room: Room) -> str:
    """What is in the table: `crontab -l` shows a carriage return as a backslash and an r."""
    return room.run("sh", "-c", "VISUAL=cat EDITOR=cat crontab -e </dev/null | od -c").stdout


def entries(room: Room) -> list[str]:
    """The lines of timings; the one for starts of the machine is none of them."""
    return [line for line in table(room).splitlines() if re.search("_timing-run [a-z0-9]", line)]


def timers(room: Room) -> list[str]:
    answer = room.run("systemctl", "--user", "list-timers", "--all", "--output=json").stdout
    return sorted(timer["unit"] for timer in json.loads(answer))


def create_two(room: Room, target: str) -> list[Path]:
    files = [room.home / "first file", room.home / "second"]
    for file in files:
        room.ncp("schedule", "create", "every minute", "--target", target, *append(file))
    return files


def await_minute(room: Room, files: list[Path]) -> None:
    room.wait_for(lambda: all(lines(file) for file in files), timeout=150)
    room.wait_for(lambda: all(e["status"] == "success" for e in executions(room)), timeout=30)


@pytest.mark.slow
def test_two_tasks_of_a_minute_are_one_line_of_a_real_crontab(cron_room: Room) -> None:
    cron_room.run(
        "sh", "-c", "printf %s \"$0\" > table; printf '\\n' >> table; crontab table", THEIRS
    )
    before = table_bytes(cron_room)
    files = create_two(cron_room, "cron")
    assert len(entries(cron_room)) == 1
    await_minute(cron_room, files)
    found = executions(cron_room)
    assert [(e["timingId"], e["status"], e["exitCode"]) for e in found] == [
        ("every-minute", "success", 0)
    ] * 2
    assert [printed_by(e) for e in found] == ["ran\n"] * 2
    cron_room.ncp("schedule", "delete", "every-minute", "-y")
    assert table_bytes(cron_room) == before


def test_a_crontab_that_was_not_there_is_gone_again(cron_room: Room) -> None:
    create_two(cron_room, "cron")
    cron_room.ncp("schedule", "delete", "every-minute", "-y")
    assert cron_room.run("crontab", "-l", check=False).stderr.startswith("no crontab for")


@pytest.mark.slow
def test_two_tasks_of_a_minute_are_one_real_systemd_timer(systemd_room: Room) -> None:
    files = create_two(systemd_room, "systemd")
    assert len(timers(systemd_room)) == 1
    await_minute(systemd_room, files)
    assert [e["status"] for e in executions(systemd_room)] == ["success"] * 2
    systemd_room.ncp("schedule", "delete", "every-minute", "-y")
    assert timers(systemd_room) == []
    assert list((systemd_room.home / ".config/systemd/user").glob("ncp*")) == []


def test_sync_repairs_a_unit_that_was_edited_stopped_or_removed(systemd_room: Room) -> None:
    create_two(systemd_room, "systemd")
    (timer,) = (systemd_room.home / ".config/systemd/user").glob("ncp*.timer")
    text = timer.read_text()
    edit = f"sed -i s/^OnCalendar=.*/OnCalendar=yearly/ {timer}"
    for damage in (
        edit,
        f"systemctl --user disable --now {timer.name}",
        f"systemctl --user disable {timer.name}",
        f"cp {timer} own; {edit}; systemctl --user daemon-reload; cp own {timer}",
        f"rm {timer}",
    ):
        systemd_room.run("sh", "-c", damage)
        assert "Nothing to do" not in systemd_room.ncp("schedule", "sync").stdout
        assert timer.read_text() == text
        assert timers(systemd_room) == [timer.name]
        active = systemd_room.run("systemctl", "--user", "is-active", timer.name).stdout
        assert active == "active\n"
        plan = systemd_room.ncp("schedule", "plan", "--json").stdout
        assert not any(json.loads(plan)[kind] for kind in ("add", "change", "remove"))


def test_a_service_that_was_written_but_not_read_is_read_by_the_next_sync(
    systemd_room: Room,
) -> None:
    """As after a crash just before the reload: what is on disk says nothing of it."""
    systemd_room.ncp("schedule", "create", "@daily", "--target", "systemd", "--", "true")
    (timer,) = timers(systemd_room)
    service = systemd_room.home / ".config/systemd/user/ncp@.service"
    text = service.read_text()
    service.write_text(text.replace("StartLimitIntervalSec=0", "StartLimitIntervalSec=7"))
    systemd_room.run("systemctl", "--user", "daemon-reload")
    service.write_text(text)
    assert limit(systemd_room, timer) == "7s"
    systemd_room.ncp("schedule", "sync")
    assert limit(systemd_room, timer) == "0"
    plan = systemd_room.ncp("schedule", "plan", "--json").stdout
    assert not any(json.loads(plan)[kind] for kind in ("add", "change", "remove"))


def test_what_is_said_of_a_memory_limit_is_what_a_firing_finds(systemd_room: Room) -> None:
    words = ("--limit-memory", "4096", "--", "sh", "-c", "ulimit -v")
    said = systemd_room.ncp("schedule", "create", "@daily", "--target", "systemd", *words)
    (timer,) = timers(systemd_room)
    room_for_all = "all of its processes together" in said.stderr
    book = systemd_room.home / ".ncp/scheduler/state.db"
    with sqlite3.connect(book) as ledger:
        ledger.execute("UPDATE timings SET since = since - 1500")
        ledger.execute("UPDATE tasks SET active_since = 0")
    ledger.close()
    systemd_room.run("systemctl", "--user", "start", f"ncp@{timer[4:-6]}.service")
    (one,) = executions(systemd_room)
    printed = systemd_room.ncp("schedule", "show", one["executionId"], "--json").stdout
    assert json.loads(printed)["output"].strip() == ("unlimited" if room_for_all else "4194304")


def limit(room: Room, timer: str) -> str:
    """The start limit of a timer's service, as the manager has read it."""
    service = f"ncp@{timer[4:-6]}.service"
    words = ("show", "--property=StartLimitIntervalUSec", "--value", service)
    return room.run("systemctl", "--user", *words).stdout.strip()


def is_active(room: Room, timing_id: str) -> bool:
    timer = f"ncp-{timing_id}.timer"
    return room.run("systemctl", "--user", "is-active", timer, check=False).stdout == "active\n"


def test_timers_start_again_with_a_new_manager_if_they_are_linked(systemd_room: Room) -> None:
    for when in ("@daily", "@yearly"):
        systemd_room.ncp("schedule", "create", when, "--target", "systemd", "--", "true")
    daily, yearly = (name[4:-6] for name in timers(systemd_room))
    enabled = systemd_room.run("systemctl", "--user", "is-enabled", f"ncp-{daily}.timer").stdout
    assert enabled == "enabled\n"
    systemd_room.run("systemctl", "--user", "disable", f"ncp-{yearly}.timer")
    assert is_active(systemd_room, yearly)
    systemd_room.restart()
    assert [is_active(systemd_room, one) for one in (daily, yearly)] == [True, False]
    systemd_room.ncp("schedule", "sync")
    systemd_room.restart()
    assert [is_active(systemd_room, one) for one in (daily, yearly)] == [True, True]


def test_an_uninstalled_home_leaves_no_link_for_the_next_start(systemd_room: Room) -> None:
    systemd_room.ncp("schedule", "create", "@daily", "--target", "systemd", "--", "true")
    systemd_room.ncp("uninstall", "-y")
    assert not list((systemd_room.home / ".config/systemd/user").rglob("ncp*"))


@pytest.mark.slow
@TARGETS
def test_a_long_task_does_not_keep_its_sibling_from_running_every_minute(
    open_room: Open, kind: str, target: str
) -> None:
    room = open_room(kind)
    ticks = room.home / "ticks"
    every = ("schedule", "create", "every minute", "--target", target)
    room.ncp(*every, "--name", "long", "--", "sleep", "280")
    room.ncp(*every, "--name", "short", *append(ticks))
    room.wait_for(lambda: len(lines(ticks)) >= 3, timeout=200)
    first, second, third = (
        datetime.strptime(line, "%H:%M").replace(tzinfo=UTC) for line in lines(ticks)[:3]
    )
    assert [(second - first).seconds, (third - second).seconds] == [60, 60]
    long = [e["status"] for e in executions(room) if e["taskName"] == "long"]
    assert long[-1] == "running"
    assert set(long[:-1]) == {"skipped"}


@TARGETS
def test_two_homes_of_one_user_never_touch_each_other(
    open_room: Open, kind: str, target: str
) -> None:
    room = open_room(kind)
    other: dict[str, Any] = {"NCP_HOME": str(room.home / "other & 100% home")}
    shown = table if kind == "cron" else timers
    room.ncp("schedule", "create", "@daily", "--target", target, "--", "true")
    alone = shown(room)
    room.ncp("schedule", "create", "@daily", "--target", target, "--", "true", **other)
    assert len(entries(room) if kind == "cron" else timers(room)) == 2
    for command in (("schedule", "sync"), ("schedule", "pause", "--all"), ("uninstall", "-y")):
        room.ncp(*command, **other)
    assert shown(room) == alone
    assert "= " in room.ncp("schedule", "plan").stdout


@pytest.mark.slow
def test_a_one_off_fires_once_and_leaves_no_entry(cron_room: Room) -> None:
    file = cron_room.home / "once"
    cron_room.ncp("schedule", "create", "in 1 minute", "--target", "cron", *append(file))
    assert len(entries(cron_room)) == 1
    cron_room.wait_for(lambda: lines(file), timeout=130)
    cron_room.wait_for(lambda: not entries(cron_room), timeout=10)
    listed = json.loads(cron_room.ncp("schedule", "list", "--json").stdout)
    assert [task["status"] for task in listed["tasks"]] == ["completed"]
    assert len(lines(file)) == 1


def test_home_paths_that_are_hostile_to_crontabs_and_units_still_fire(open_room: Open) -> None:
    for kind in ("cron", "systemd"):
        room = open_room(kind)
        home: dict[str, Any] = {"NCP_HOME": str(room.home / "a & b 100% $HOME 'quoted' \\n")}
        room.ncp("schedule", "create", "@daily", "--target", kind, "--", "true", **home)
        if kind == "systemd":
            (unit,) = (room.home / ".config/systemd/user").glob("ncp-*.timer")
            service = unit.name.replace("-daily-midnight.timer", "@daily-midnight.service")
            room.run("systemctl", "--user", "start", service)
        else:
            line = entries(room)[0].split(maxsplit=5)[5].replace("\\%", "%")
            room.run("sh", "-c", line)
        assert room.ncp("schedule", "executions", "--json", **home).returncode == 0
        log = "".join(p.read_text() for p in Path(home["NCP_HOME"]).glob("logs/*.log"))
        assert "Traceback" not in log


@pytest.mark.slow
def test_a_machine_that_starts_again_catches_up_at_once(cron_room: Room) -> None:
    slots = cron_room.home / "slots"
    script = f'echo "$NCP_SLOT" >>{slots}'
    cron_room.ncp("schedule", "create", "every minute", "--shell", "--", script)
    cron_room.run("sh", "-c", "kill $(cat /run/crond.pid); rm -f /run/crond.reboot")
    missed = time.time() // 60 * 60 + 60
    cron_room.wait_for(lambda: time.time() > missed + 1, timeout=70)
    with cron_room.start("/usr/sbin/cron", "-f") as cron:
        cron_room.wait_for(slots.exists, timeout=70)
        cron.kill()
    assert slots.read_text().split() == [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(missed))]
    (found,) = executions(cron_room)
    assert found["status"] == "success"
