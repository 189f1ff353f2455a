#!/usr/bin/env python3
"""What ncp costs, measured as whole processes in turn, against what else could start a task.

Milliseconds belong to one machine and one moment; the ratios carry over. The
method and figures are in docs/performance.md.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark_homes import Room, book_of, fill_past, firing_home, forget_slots, whole_home
from benchmark_rivals import apscheduler, busy

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 20
MEMORY = "/dev/shm"  # noqa: S108  a disk would be measured too: creating a file costs 0.1 to 0.9 ms
COUNTS = (1, 10, 20, 100, 1000)
AT_ONCE = 100
TRUE = "/bin/true"
PEAK = (
    "import os, sys; pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ);"
    " print(os.wait4(pid, 0)[2].ru_maxrss)"
)


def main(rounds: int) -> None:
    """Measure and print tables."""
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as folder:
        room = Room(Path(folder))
        firings(room, rounds)
        on_a_busy_machine(room, max(3, rounds // 4))
        homes(room, rounds)
        commands(room, max(3, rounds // 4))


def firings(room: Room, rounds: int) -> None:
    """From the fire to the last task done, for groups of trivial tasks; and peak memory."""
    home = firing_home(room, "fire", COUNTS)
    book = book_of(home)  # kept open, as runners leave it: closing would remove the WAL
    baseline = {"python -c pass": [sys.executable, "-c", "pass"]}
    rival = apscheduler()
    for count in COUNTS:
        words = room.words(count)
        each = f"xargs -a {words} -n1 -P{min(count, AT_ONCE)}"
        guarded = f"exec setsid -w timeout 300 {TRUE} >{room.path}/out/$0 2>{room.path}/out/$0.err"
        measured(
            f"{count} tasks" if count > 1 else "One task",
            {
                **baseline,
                "ncp": room.fire(home, f"group-{count}"),
                "xargs -P": ["/bin/sh", "-c", f"{each} {TRUE}"],
                "xargs, setsid, timeout, files": [
                    *("/bin/sh", "-c"),
                    f"{each} sh -c '{guarded}'",
                ],
                **({"APScheduler": [*rival, str(count)]} if rival else {}),
            },
            rounds if count < 1000 else max(3, rounds // 4),
            before=lambda: forget_slots(book),
        )
    print("\nPeak memory, MB")
    for name, argv in {
        **baseline,
        **{f"ncp, {n}": room.fire(home, f"group-{n}") for n in COUNTS},
    }.items():
        forget_slots(book)
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PEAK, *argv],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        print(f"{name:34}{int(done.stdout) / 1024:8.1f}")


def on_a_busy_machine(room: Room, rounds: int) -> None:
    """The same firing beside endless loops, as a multiple of what it takes without them."""
    count = 100
    home = firing_home(room, "busy", (count,))
    book = book_of(home)
    each = f"xargs -a {room.words(count)} -n1 -P{count} {TRUE}"
    cases = {"ncp": room.fire(home, f"group-{count}"), "xargs -P": ["/bin/sh", "-c", each]}
    taken: dict[tuple[str, bool], list[float]] = {}
    for _ in range(rounds + 1):
        for loaded in (False, True):
            with busy() if loaded else contextlib.nullcontext():
                for name, argv in cases.items():
                    forget_slots(book)
                    taken.setdefault((name, loaded), []).append(cost(argv)[0])
    print(f"\n{count} tasks, two loops per core{'quiet':>8}{'busy':>9}{'ratio':>8}")
    for name in cases:
        quiet, loaded = (statistics.median(taken[name, one][1:]) for one in (False, True))
        ms = f"{quiet * 1000:8.1f}{loaded * 1000:9.1f}{loaded / quiet:8.2f}"
        print(f"{name:31}{ms}", flush=True)


def homes(room: Room, rounds: int) -> None:
    """One task fired in homes of different sizes and pasts."""
    sizes = {
        "10 tasks": (10, 0),
        "10 000 tasks": (10_000, 0),
        "10 tasks, 1 000 000 executions": (10, 1_000_000),
    }
    made = {
        name: firing_home(room, name.replace(" ", ""), (1,), *size) for name, size in sizes.items()
    }
    books = {name: book_of(home) for name, home in made.items()}

    def forget() -> None:
        for book in books.values():
            forget_slots(book)

    due = {name: room.fire(home, "group-1") for name, home in made.items()}
    measured("One task, in a home of", due, rounds, before=forget)
    idle = {name: room.fire(home, "idle") for name, home in made.items()}
    measured("Nothing due, in a home of", idle, rounds)


def commands(room: Room, rounds: int) -> None:
    """What a person waits for."""
    small, large = whole_home(room, "small", 10, 10), whole_home(room, "large", 1000, 10_000)
    fewer, huge = whole_home(room, "fewer", 10, 10), whole_home(room, "huge", 1000, 10_000)
    fill_past(large, 1_000_000)
    newest = ("schedule", "executions", "-n", "50")
    create = ("schedule", "create", "daily at 9:30am", "--", "true")
    measured(
        "Commands",
        {
            "python -c pass": [sys.executable, "-c", "pass"],
            "ncp --version": room.ncp(small, "--version"),
            "newest 50 executions of 1 000 000": room.ncp(large, *newest),
            "list, 10 tasks": room.ncp(small, "schedule", "list"),
            "list, 10 000 tasks": room.ncp(large, "schedule", "list"),
            "list --json, 10 000 tasks": room.ncp(large, "schedule", "list", "--json"),
            "create, among 10": room.ncp(fewer, *create),
            "create, among 10 000": room.ncp(huge, *create),
            "sync, 10 timings unchanged": room.ncp(small, "schedule", "sync"),
            "sync, 1000 timings unchanged": room.ncp(large, "schedule", "sync"),
        },
        rounds,
    )
    table = room.path / "table"
    measured(
        "1000 timings to crontab",
        {
            "ncp --version": room.ncp(small, "--version"),
            "sync, all new": room.ncp(large, "schedule", "sync", "--target", "cron"),
        },
        rounds,
        before=lambda: table.unlink(missing_ok=True),
    )


def measured(
    title: str,
    cases: dict[str, list[str]],
    rounds: int,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Run cases in turn, and print the median of each and its ratio to the first."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for _ in range(rounds + 1):  # the first round warms caches and is not counted
        for name, argv in cases.items():
            before()
            taken[name].append(cost(argv))
    medians = {
        name: [statistics.median(kind) for kind in zip(*costs[1:], strict=True)]
        for name, costs in taken.items()
    }
    wall, cpu = next(iter(medians.values()))
    print(f"\n{title:34}{'ms':>8}{'÷ first':>9}{'cpu ms':>9}{'÷ first':>9}")
    for name, (took, used) in medians.items():
        ratios = f"{took * 1000:8.1f}{took / wall:9.2f}{used * 1000:9.1f}{used / cpu:9.2f}"
        print(f"{name:34}{ratios}", flush=True)


def cost(argv: list[str]) -> tuple[float, float]:
    """Run a program to its end; return the seconds it took, and those of processors it used."""
    begin = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=quiet)
    _, status, used = os.wait4(pid, 0)
    took = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{argv} ended with status {status}")
    return took, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
