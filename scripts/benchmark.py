#!/usr/bin/env python3
"""What a firing costs, measured as whole processes in turn, against what else could start a task.

Milliseconds belong to one machine and one moment; the ratios carry over.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ncp
from ncp import fingerprint
from ncp.launcher import launcher_text
from ncp.ledger.compiled import CompiledTask, CompiledTiming, save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from _sqlite3 import Connection

ROUNDS = 40
MEMORY = "/dev/shm"  # noqa: S108  a disk would be measured too: creating a file costs 0.1 to 0.9 ms
EVERY_MINUTE = ((1 << 60) - 1, (1 << 24) - 1, (1 << 32) - 2, (1 << 13) - 2, 127, 1)
TRUE = "/bin/true"
MANY = 20


def main(rounds: int) -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as home:
        # Kept open, as runners leave it: closing the last connection would remove the WAL.
        book = connect(home)
        cases = prepared(Path(home), book)
        taken: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(rounds + 1):  # the first round warms caches and is not counted
            for name, argv in cases.items():
                forget_slots(book)
                if name == "one task, not due":
                    seconds(argv)
                taken[name].append(seconds(argv))
        report({name: statistics.median(times[1:]) for name, times in taken.items()})


def prepared(home: Path, book: Connection) -> dict[str, list[str]]:
    """Fill a home, and name the commands to compare."""
    package = str(Path(ncp.__file__).parent)
    launcher = home / "bin" / "ncp"
    launcher.parent.mkdir()
    launcher.write_text(launcher_text(str(home), sys.executable, package, "", "linux"))
    now = int(time.time() // 60)
    timings = [CompiledTiming(id=i, identity=i, rules=(EVERY_MINUTE,)) for i in ("one", "many")]
    tasks = [task("one", 0), *(task("many", number) for number in range(MANY))]
    prints = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    save_compiled(book, timings, tasks, {**prints, "concurrency": "20"}, now - 3)
    words = home / "words"
    words.write_text("\n" * MANY)
    xargs = f"xargs -a {words} -d '\\n' -n1 -P{MANY} {TRUE}"
    fire = ["/bin/sh", str(launcher), "_timing-run"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "xargs, one command": ["/bin/sh", "-c", f"echo | xargs {TRUE}"],
        f"xargs -P, {MANY} commands": ["/bin/sh", "-c", xargs],
        "one task, due": [*fire, "one"],
        "one task, not due": [*fire, "one"],
        f"{MANY} tasks, due": [*fire, "many"],
    }


def task(timing: str, number: int) -> CompiledTask:
    """A task that does nothing."""
    name = f"{timing}-{number}"
    env = {"PATH": os.defpath}
    return CompiledTask(id=name, name=name, timing_id=timing, argv=(TRUE,), env=env)


def forget_slots(book: Connection) -> None:
    """Make what was claimed due again."""
    for table in ("slots", "executions"):
        book.execute(f"DELETE FROM {table}")  # noqa: S608  the names are above


def seconds(argv: list[str]) -> float:
    """Run a program to its end, and return how long that took."""
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ)
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit(f"{argv} ended with status {status}")
    return time.perf_counter() - begin


def report(medians: dict[str, float]) -> None:
    """Print each median, and its ratio to bare Python and to xargs."""
    python, xargs = medians["python -c pass"], medians["xargs, one command"]
    print(f"{'':24}{'ms':>8}{'÷ python':>10}{'÷ xargs':>10}")
    for name, took in medians.items():
        print(f"{name:24}{took * 1000:8.1f}{took / python:10.2f}{took / xargs:10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
