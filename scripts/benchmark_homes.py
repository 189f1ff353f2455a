#!/usr/bin/env python3
"""The homes that scripts/benchmark.py measures in: groups of tasks, large pasts, a fake crontab."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import ncp
from ncp import fingerprint
from ncp.launcher import launcher_text
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from _sqlite3 import Connection

PACKAGE = str(Path(ncp.__file__).parent)
EVERY_MINUTE = ((1 << 60) - 1, (1 << 24) - 1, (1 << 32) - 2, (1 << 13) - 2, 127, 1)
NEVER = (1, 1, 2, 2, 1, 0)  # Sundays that are New Year's Day: not today
PAST = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO executions (id, task_id, task_name, timing_id, slot, status, planned_at, started_at,
    ended_at, boot_id, pid, pid_start)
SELECT strftime('%Y%m%dT%H%M%S', :now - :count + i, 'unixepoch') || printf('-%012x', i),
    'other-' || (i % 10), 'other', 'others', i, 'success', (:now - :count + i) * 1000,
    (:now - :count + i) * 1000, (:now - :count + i) * 1000 + 7, 'boot', 1, '1' FROM n"""
CRONTAB = """#!/bin/sh
case "$1" in
    -l) cat '{0}' 2>/dev/null || {{ echo "no crontab for you" >&2; exit 1; }} ;;
    *) cat >'{0}' ;;
esac
"""


class Room:
    """A folder for everything, and the command lines that are measured."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("out", "bin", "user"):
            (path / name).mkdir()
        crontab = path / "bin" / "crontab"
        crontab.write_text(CRONTAB.format(path / "table"))
        crontab.chmod(0o755)
        cron = path / "bin" / "cron"
        cron.write_text("#!/bin/sh\n")
        cron.chmod(0o755)

    def words(self, count: int) -> Path:
        """A file of so many words."""
        path = self.path / f"words-{count}"
        path.write_text("".join(f"{number}\n" for number in range(count)))
        return path

    def fire(self, home: Path, timing: str) -> list[str]:
        """The command that a native entry holds."""
        return ["/bin/sh", str(home / "bin" / "ncp"), "_timing-run", timing]

    def ncp(self, home: Path, *words: str) -> list[str]:
        """What a person types, in that home."""
        path = f"{self.path / 'bin'}:{os.environ['PATH']}"
        settings = [f"HOME={self.path / 'user'}", f"NCP_HOME={home}", f"PATH={path}"]
        return ["/usr/bin/env", *settings, sys.executable, "-m", "ncp", *words]


def firing_home(
    room: Room, name: str, counts: tuple[int, ...], others: int = 0, past: int = 0
) -> Path:
    """A home with a due timing of each count, one that is not due, other tasks and a past."""
    home = room.path / name
    (home / "bin").mkdir(parents=True)
    text = launcher_text(str(home), sys.executable, PACKAGE, "", "linux")
    (home / "bin" / "ncp").write_text(text)
    groups = [f"group-{count}" for count in counts]
    timings = [CompiledTiming(id=i, identity=i, rules=(EVERY_MINUTE,)) for i in groups]
    timings += [CompiledTiming(id=i, identity=i, rules=(NEVER,)) for i in ("idle", "others")]
    tasks = [task(f"group-{count}", number) for count in counts for number in range(count)]
    tasks += [task("idle", 0), *(task("others", number) for number in range(others))]
    prints = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    meta = {**prints, "concurrency": "100", "retention": "14 100"}
    book = connect(str(home))
    save_compiled(book, timings, tasks, meta, int(time.time() // 60) - 3)
    book.close()
    if past:
        fill_past(home, past)
    return home


def fill_past(home: Path, count: int) -> None:
    """Give a home so many executions of tasks that it has no more."""
    book = connect(str(home))
    book.execute(PAST, {"count": count, "now": int(time.time())})
    book.close()


def task(timing: str, number: int) -> CompiledTask:
    """A task that does nothing."""
    name = f"{timing}-{number}"
    env = {"PATH": os.defpath}
    return CompiledTask(id=name, name=name, timing_id=timing, argv=("/bin/true",), env=env)


def book_of(home: Path) -> Connection:
    """The ledger of a home."""
    return connect(str(home))


def forget_slots(book: Connection) -> None:
    """Make what was claimed due again."""
    book.execute("DELETE FROM slots")
    book.execute("DELETE FROM executions WHERE timing_id >= 'group-' AND timing_id < 'group.'")


def whole_home(room: Room, name: str, timings: int, tasks: int) -> Path:
    """A home with a document, synced."""
    home = room.path / name
    home.mkdir(mode=0o700)
    groups = {
        f"t{i}": {
            "id": f"t{i}",
            "name": f"t{i}",
            "cronExpression": f"{i % 60} {i // 60 % 24} * * *",
            "taskIds": [f"k{j}" for j in range(i, tasks, timings)],
        }
        for i in range(timings)
    }
    members = {
        f"k{j}": {
            "id": f"k{j}",
            "name": f"k{j}",
            "timingId": f"t{j % timings}",
            "command": ["true"],
        }
        for j in range(tasks)
    }
    tree = {"version": "2.0.0", "tasks": members, "timings": groups}
    (home / "schedule.json").write_text(json.dumps(tree))
    (home / "config.toml").write_text('target = "embedded"\n')
    argv = room.ncp(home, "schedule", "sync")
    _, status = os.waitpid(os.posix_spawn(argv[0], argv, os.environ), 0)
    if status:
        raise SystemExit(f"{argv} ended with status {status}")
    return home
