#!/usr/bin/env python3
"""What scripts/benchmark.py compares with: APScheduler on the same commands, and a busy machine."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPS_PER_CORE = 2
APSCHEDULER = """
import subprocess, sys
from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from threading import Semaphore

count, done = int(sys.argv[1]), Semaphore(0)
pool = {"default": ThreadPoolExecutor(min(count, 100))}
scheduler = BackgroundScheduler(executors=pool, timezone="UTC")
scheduler.add_listener(lambda event: done.release(), EVENT_JOB_EXECUTED)
for number in range(count):
    scheduler.add_job(subprocess.run, args=[["/bin/true"]], misfire_grace_time=None)
scheduler.start()
for _ in range(count):
    done.acquire()
scheduler.shutdown()
"""
"""Jobs that are due at once: without deadlines, output or a record of what became of them."""


def apscheduler() -> list[str]:
    """The command that runs so many tasks, in an environment of its own; [] where it cannot be."""
    folder = Path(sys.prefix) / "apscheduler"
    python = folder / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "-qq", "apscheduler>=3.11,<4"]
        subprocess.run(install, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"APScheduler is left out, it could not be installed: {error}", file=sys.stderr)
        return []
    return [str(python), "-c", APSCHEDULER]


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Keep the machine busy: endless loops, so many for each core.

    Each has a session of its own, as other people's programs do: Linux shares
    processors out among sessions first.
    """
    words = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    count = LOOPS_PER_CORE * (os.cpu_count() or 1)
    loops = [subprocess.Popen(words, start_new_session=True) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
