"""Debian's cron compares whole seconds: whatever is installed, the last state fires."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from real.rooms import ncp_command

if TYPE_CHECKING:
    from real.rooms import Room

WAITS = """#!/bin/sh
[ "$1" != - ] || while [ ! -e '{go}' ]; do touch '{ready}'; sleep 0.01; done
exec /usr/bin/crontab "$@"
"""
BURSTS = """
import datetime, sys, time
from ncp.api import Schedule
schedule = Schedule()
def made(when, name, *command):
    schedule.create_task(when, ["true", *command], name=name, target="cron")
for burst in range(3):
    while time.time() % 60 < 55:
        time.sleep(0.05)
    number = 0
    end = time.time() // 60 * 60 + 63.5
    while time.time() < end or number < 67:
        number += 1
        made(f"{number % 60} {number // 60} 1 {1 + burst} *", f"never {burst} {number}")
    at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    fired = ["touch", f"{sys.argv[1]}/fired-{burst}"]
    schedule.create_task(f"{at.minute} * * * *", fired, name=f"last {burst}")
"""


def until(second: float) -> None:
    """Sleep until that second of a minute."""
    time.sleep((second - time.time()) % 60)


def cron_of(room: Room) -> int:
    """The process id, outside, of the daemon in a room."""
    (found,) = (
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/comm")
        if path.read_text() == "cron\n" and _space(path.parent) == _space(Path("/proc", room.pid))
    )
    return found


def _space(process: Path) -> str:
    return str((process / "ns" / "mnt").readlink())


@pytest.mark.slow
def test_what_is_installed_in_the_second_in_which_cron_looked_fires(cron_room: Room) -> None:
    """The look comes between a change by another user and ncp's, all in one second."""
    programs, go, ready = (cron_room.home / name for name in ("bin", "go", "ready"))
    _wrap(programs, go, ready)
    path = f"{programs}:{cron_room.environment['PATH']}"
    words = ("every minute", "--target", "cron", "--", "touch", str(cron_room.home / "fired"))
    table = Path("/proc", cron_room.pid, "root/var/spool/cron/crontabs/daemon")
    daemon = cron_of(cron_room)
    until(40)  # ncp waits for a program half a minute at most
    with cron_room.start(ncp_command(), "schedule", "create", *words, PATH=path) as making:
        cron_room.wait_for(ready.exists)
        until(58)
        os.kill(daemon, signal.SIGSTOP)
        until(2.05)  # it would have woken in second 1, and so does at once
        table.write_text("# another's\n")
        table.chmod(0o600)
        os.chown(table, 1, 1)
        os.kill(daemon, signal.SIGCONT)
        cron_room.wait_for(lambda: table.stat().st_atime_ns > table.stat().st_mtime_ns)
        go.touch()
        assert making.wait(10) == 0
    cron_room.wait_for((cron_room.home / "fired").exists, timeout=75)


def _wrap(programs: Path, go: Path, ready: Path) -> None:
    """Put a crontab on PATH that waits with its installing until it may."""
    programs.mkdir()
    (programs / "crontab").write_text(WAITS.format(go=go, ready=ready))
    (programs / "crontab").chmod(0o755)


@pytest.mark.slow
def test_the_last_of_two_hundred_creates_around_the_turns_of_minutes_fires(
    cron_room: Room,
) -> None:
    python = ncp_command().replace("/bin/ncp", "/bin/python")
    cron_room.run(python, "-c", BURSTS, str(cron_room.home), timeout=300)
    for burst in range(3):
        cron_room.wait_for((cron_room.home / f"fired-{burst}").exists, timeout=75)
