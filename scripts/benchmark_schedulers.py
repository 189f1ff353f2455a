#!/usr/bin/env python3
"""What it costs to tell a scheduler of 1000 timings, against the least that could do it.

Prints tables as scripts/benchmark.py does. The second one needs root and
systemd: it opens the room of the tests with a real `systemd --user`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from benchmark_homes import Room as Folder
from benchmark_homes import whole_home

from ncp.api import Schedule
from ncp.applying import installing
from real import rooms

if TYPE_CHECKING:
    from collections.abc import Callable

TIMINGS = 1000
UNITS = ".config/systemd/user"
REWRITE = """
import re, time
from crontab import CronTab
begin = time.perf_counter()
table = CronTab(user=True)
lines = [(str(job.slices), job.command) for job in table]
table.remove_all()
for when, command in lines:
    table.new(command=command).setall(when)
table.write()
print(time.perf_counter() - begin)
"""
RECORD = """#!/bin/sh
echo "$*" >>'{0}'
exec /usr/bin/systemctl "$@"
"""
READING = ("is-system-running", "list-units")
STEP = """
import sys, time
from ncp.api import Schedule
from ncp.applying import installing
schedule = Schedule()
host = schedule.site.host
wanted = installing.artifacts(schedule.model, "systemd", host)
begin = time.perf_counter()
installing.install(wanted, "systemd", host)
print(time.perf_counter() - begin)
"""


def main(rounds: int) -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        crontabs(Folder(Path(folder)), rounds)
        if not rooms.obstacle():
            timers(Path(folder) / "room", rounds)


def crontabs(room: Folder, rounds: int) -> None:
    """From wanted lines to the user's table: python-crontab's rewrite of it, and ours."""
    home = whole_home(room, "crontab", TIMINGS, TIMINGS)
    os.environ |= {"PATH": f"{room.path / 'bin'}:{os.environ['PATH']}", "NCP_HOME": str(home)}
    table = room.path / "table"
    schedule = Schedule()
    host = schedule.site.host
    wanted = installing.artifacts(schedule.model, "cron", host)

    def ours() -> float:
        begin = time.perf_counter()
        installing.install(wanted, "cron", host)
        return time.perf_counter() - begin

    def new() -> float:
        table.unlink(missing_ok=True)
        return ours()

    def theirs() -> float:
        done = subprocess.run(
            [sys.executable, "-c", REWRITE], capture_output=True, check=True, text=True
        )
        return float(done.stdout)

    new()  # what theirs rewrites
    cases = {"python-crontab's rewrite": theirs, "ncp, all new": new, "ncp, nothing changed": ours}
    show(f"{TIMINGS} lines of a crontab", cases, rounds)


def timers(folder: Path, rounds: int) -> None:
    """From no timer to 1000 that wait, on a real `systemd --user`."""
    folder.mkdir()
    room = rooms.Room("systemd", folder / "home")
    try:
        _timers(room, rounds)
    finally:
        room.close()


def _timers(room: rooms.Room, rounds: int) -> None:
    made = whole_home(Folder(_folder(room.home / "made")), "home", TIMINGS, TIMINGS)
    shutil.copytree(made, room.home / ".ncp" / "scheduler")
    (room.home / ".ncp" / "scheduler").chmod(0o700)
    sync = ("schedule", "sync", "--target", "systemd")
    room.ncp(*sync, timeout=300)
    units = sorted(path.name for path in (room.home / UNITS).glob("ncp-*.timer"))
    calls = recorder(room)

    def least() -> float:
        room.run("systemctl", "--user", "stop", *units)
        begin = time.perf_counter()
        room.run("systemctl", "--user", "daemon-reload")
        room.run("systemctl", "--user", "start", *units, timeout=300)
        return time.perf_counter() - begin

    def unchanged() -> float:
        begin = time.perf_counter()
        room.ncp(*sync, timeout=300)
        return time.perf_counter() - begin

    def step() -> float:
        return float(room.run(sys.executable, "-c", STEP, timeout=300).stdout)

    def forget() -> None:
        room.run("systemctl", "--user", "disable", "--now", *units, timeout=300)
        for name in units:
            (room.home / UNITS / name).unlink()
        room.run("systemctl", "--user", "daemon-reload")

    def anew(case: Callable[[], float]) -> Callable[[], float]:
        return lambda: (forget(), case())[1]

    cases = {
        "one reload, one start": least,
        "the step, nothing changed": step,
        "the step, all new": anew(step),
        "ncp sync, nothing changed": unchanged,
        "ncp sync, all new": anew(unchanged),
    }
    show(f"{len(units)} timers of systemd", cases, rounds)
    for name, before in {"nothing changed": unchanged, "all new": forget}.items():
        before()
        calls.unlink(missing_ok=True)
        room.ncp(*sync, timeout=300, PATH=f"{calls.parent}:{room.environment['PATH']}")
        said = [line.split()[1] for line in calls.read_text().splitlines()]
        writing = [verb for verb in said if verb not in READING]
        print(f"systemctl, {name}: {len(said)} calls, of which write: {', '.join(writing) or 0}")


def recorder(room: rooms.Room) -> Path:
    """A `systemctl` that notes its arguments; returns where."""
    folder = _folder(room.home / "bin")
    program = folder / "systemctl"
    program.write_text(RECORD.format(folder / "calls"))
    program.chmod(0o755)
    return folder / "calls"


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def show(title: str, cases: dict[str, Callable[[], float]], rounds: int) -> None:
    """Run cases in turn, and print the median of each and its ratio to the first."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds + 1):  # the first round warms caches and is not counted
        for name, case in cases.items():
            taken[name].append(case())
    medians = {name: statistics.median(times[1:]) for name, times in taken.items()}
    first = next(iter(medians))
    print(f"\n{title:34}{'ms':>8}{'÷ first':>9}")
    for name, took in medians.items():
        print(f"{name:34}{took * 1000:8.1f}{took / medians[first]:9.2f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
