"""The rooms themselves: what the other tests here stand on."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from real import rooms
from real.conftest import give_up
from real.rooms import Clock, Room, obstacle

if TYPE_CHECKING:
    from real.conftest import Open

EVERY_SECOND = {
    "tick.timer": "[Timer]\nOnCalendar=*:*:*\nAccuracySec=1us\n[Install]\nWantedBy=timers.target\n",
    "tick.service": "[Unit]\nStartLimitIntervalSec=0\n[Service]\nType=oneshot\n"
    "ExecStart=/bin/sh -c 'date +%%FT%%T%%:z >>%h/ticks'\n",
}
KINDS = pytest.mark.parametrize("kind", ["cron", "systemd"])


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def install(room: Room, units: dict[str, str]) -> None:
    folder = room.home / ".config/systemd/user"
    for name, text in units.items():
        (folder / name).write_text(text)
    room.run("systemctl", "--user", "daemon-reload")
    room.run("systemctl", "--user", "enable", "--now", *(n for n in units if n.endswith("timer")))


@pytest.mark.slow
def test_real_cron_runs_a_line_at_the_next_minute(cron_room: Room) -> None:
    cron_room.run("crontab", "-", stdin=f"* * * * * date +\\%S >>{cron_room.home}/ticks\n")
    ticks = cron_room.wait_for(lambda: lines(cron_room.home / "ticks"), timeout=70)
    assert int(ticks[0]) < 5


def test_a_real_user_manager_fires_a_timer_and_lists_it(systemd_room: Room) -> None:
    install(systemd_room, EVERY_SECOND)
    systemd_room.wait_for(lambda: len(lines(systemd_room.home / "ticks")) >= 2, timeout=10)
    listed = systemd_room.run("systemctl", "--user", "list-timers", "--output=json").stdout
    assert [timer["unit"] for timer in json.loads(listed)] == ["tick.timer"]


def test_cron_keeps_up_with_a_fast_clock_in_its_zone(open_room: Open) -> None:
    clock = Clock(datetime(2026, 3, 29, 0, 57, 30, tzinfo=UTC), rate=60)
    room = open_room("cron", zone="Europe/Berlin", clock=clock)
    table = f"* * * * * date +\\%FT\\%H:\\%M\\%:z >>{room.home}/ticks\n"
    room.run("crontab", "-", stdin=table)
    ticks = room.wait_for(lambda: _at_least(room.home / "ticks", 4), timeout=20)
    assert {"2026-03-29T01:59+01:00", "2026-03-29T03:00+02:00"} <= set(ticks)


def test_systemd_keeps_up_with_a_fast_clock_in_its_zone(open_room: Open) -> None:
    clock = Clock(datetime(2026, 10, 25, 0, 58, 30, tzinfo=UTC), rate=60)
    room = open_room("systemd", zone="Europe/Berlin", clock=clock)
    install(
        room,
        EVERY_SECOND
        | {
            "tick.timer": EVERY_SECOND["tick.timer"].replace("*:*:*", "*:*:00"),
            "tick.service": EVERY_SECOND["tick.service"].replace("%%T", "%%H:%%M"),
        },
    )
    assert room.wait_for(lambda: _at_least(room.home / "ticks", 1), timeout=20)[0] == (
        "2026-10-25T02:59+02:00"
    )


def _at_least(path: Path, count: int) -> list[str]:
    found = lines(path)
    return found if len(found) >= count else []


@KINDS
def test_what_happens_in_a_room_stays_in_it(open_room: Open, kind: str) -> None:
    room = open_room(kind, zone="Asia/Kathmandu")
    before = seen_outside()
    room.run("sh", "-c", "touch /etc/planted /run/planted; echo '# planted' >>/etc/crontab")
    room.run("crontab", "-", stdin="0 0 1 1 * planted\n")
    assert room.run("crontab", "-l").stdout == "0 0 1 1 * planted\n"
    assert room.run("date", "+%Z").stdout == "+0545\n"
    assert seen_outside() == before


def seen_outside() -> dict[str, object]:
    return {
        "planted": [folder for folder in ("/etc", "/run") if Path(folder, "planted").exists()],
        "zone": os.path.realpath("/etc/localtime"),
        "table of cron": Path("/etc/crontab").read_text(),
        "table of root": subprocess.run(["crontab", "-l"], capture_output=True, check=False).stdout,
    }


@KINDS
def test_a_closed_room_leaves_no_process_and_no_cgroup(open_room: Open, kind: str) -> None:
    room = open_room(kind)
    stubborn = room.start("sh", "-c", "trap '' TERM HUP; setsid sleep 987654 & echo up; wait")
    assert stubborn.stdout is not None
    assert stubborn.stdout.readline() == "up\n"
    room.wait_for(lambda: "987654" in words_in(room), timeout=5)
    groups, inside = cgroups(room), running_in(room)
    assert "room.sh" in words_in(room)
    assert room.close() == 0
    stubborn.wait(timeout=5)
    stubborn.stdout.close()
    assert groups
    assert [group for group in groups if group.exists()] == []
    assert [words for pid, words in inside.items() if Path("/proc", pid).exists()] == []


def cgroups(room: Room) -> list[Path]:
    """The cgroups that were made for the room, from the kernel's own list."""
    names = {line.split(":")[2] for line in Path("/proc", room.pid, "cgroup").read_text().split()}
    made = {name.split("/")[1] for name in names if "/ncp-room-" in name}
    roots = [Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").iterdir()]
    return [root / name for name in made for root in roots if (root / name).exists()]


def running_in(room: Room) -> dict[str, list[str]]:
    """The processes of the room's namespace by id outside, with their words."""
    world = Path("/proc", room.pid, "ns/pid").readlink()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "ns/pid").readlink() == world:
                words = (process / "cmdline").read_text().split("\0")
                found[process.name] = [Path(word).name for word in words]
    return found


def words_in(room: Room) -> set[str]:
    return {word for words in running_in(room).values() for word in words}


@KINDS
@pytest.mark.usefixtures("open_room")
def test_a_room_ends_with_the_process_that_opened_it(tmp_path: Path, kind: str) -> None:
    script = (
        "import os, pathlib, sys; from real.rooms import Room\n"
        "print(Room(sys.argv[1], pathlib.Path(sys.argv[2])).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, kind, str(tmp_path / "killed")],
        env={"PYTHONPATH": str(Path(__file__).parent.parent), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    room = Path("/proc") / killed.stdout.strip()
    deadline = time.monotonic() + 5
    while room.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_room_can_be_carried_to_another_zone(cron_room: Room) -> None:
    cron_room.move_to("Pacific/Auckland")
    assert cron_room.run("date", "-d", "2026-01-01T00:00Z", "+%H").stdout == "13\n"
    assert cron_room.run("cat", "/etc/timezone").stdout == "Pacific/Auckland\n"


def test_a_cron_room_has_no_user_manager(cron_room: Room) -> None:
    answer = cron_room.run("systemctl", "--user", "is-system-running", check=False)
    assert answer.returncode != 0


def test_a_program_that_fails_inside_fails_the_test_with_its_words(cron_room: Room) -> None:
    with pytest.raises(AssertionError, match="ended with 3:\nsaid\nmeant"):
        cron_room.run("sh", "-c", "echo said; echo meant >&2; exit 3")
    assert cron_room.run("sh", "-c", "exit 3", check=False).returncode == 3


def test_waiting_in_vain_shows_what_the_scheduler_said(cron_room: Room) -> None:
    with pytest.raises(AssertionError, match=r"Not within 0.1 s. The cron room says:\n"):
        cron_room.wait_for(lambda: False, timeout=0.1)


def test_without_root_a_room_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert obstacle() == "Rooms with real schedulers need Linux and root, for private namespaces."


def test_without_a_program_a_room_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        rooms, "PACKAGES", {"sh": "dash", "no-such-tool": "b", "/no/such/file": "a"}
    )
    assert obstacle() == "Install a b for rooms with real schedulers."


def test_a_missing_real_part_is_a_skip_at_home_and_a_failure_in_ci() -> None:
    with pytest.raises(pytest.skip.Exception, match="why"):
        give_up("why", {})
    with pytest.raises(pytest.fail.Exception, match="why"):
        give_up("why", {"CI": "true"})
