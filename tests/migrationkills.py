"""A seeded campaign: the migration of 500 jobs killed at random points; none is ever lost.

`PYTHONPATH=tests python tests/migrationkills.py [COUNT] [--seed N]` runs it; the tests run a
slice. Each round has a home of its own with a crontab: the migration is killed one to three
times, after each of which every job must still be found, and then runs to its end.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from cli.crontab import PROGRAM

V1 = Path(__file__).parent / "data" / "v1"
OLD = (
    "MAILTO=me\n"
    "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===\n"
    "# NCP_JOB: {id}\n0 9 * * * /usr/bin/ncp _job-run {id}\n"
    "# === END NCP SCHEDULED JOBS ===\n"
    "17 4 * * 1 true\n"
)
THEIRS = "MAILTO=me\n17 4 * * 1 true\n"


@dataclass
class Tally:
    """What was there after each kill, and complaints."""

    states: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


class Home:
    """The home of a version 1 user, and a crontab program."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "home"
        shutil.copytree(V1, self.path)
        self.path.chmod(0o700)
        (self.path / "config.toml").write_text('target = "cron"\n')
        (self.path / "mcp.json").write_text('{"mcpServers": {"served": {"command": "/bin/true"}}}')
        (folder / "bin").mkdir()
        program = folder / "bin" / "crontab"
        # It is killed with ncp, and the real one renames: a table is the old or the new one.
        whole = PROGRAM.replace("cat >table;", "cat >table.new && mv table.new table;")
        assert whole != PROGRAM
        program.write_text(whole.format(folder=folder))
        program.chmod(0o755)
        self.jobs = set(json.loads((V1 / "jobs.json").read_text())["jobs"])
        (folder / "table").write_text(OLD.format(id=min(self.jobs)))

    @property
    def table(self) -> str:
        return (self.folder / "table").read_text()

    @property
    def backups(self) -> list[Path]:
        return [*self.path.glob("jobs.json.backup-*")]

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.defpath}",
            "HOME": str(self.folder),
            "NCP_HOME": str(self.path),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "ncp", "schedule", *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def done(self, *words: str) -> str:
        program = self.start(*words)
        out, err = program.communicate(timeout=60)
        if program.returncode:
            raise AssertionError(f"{words}: {err.decode()}")
        return out.decode()

    def killed(self, seconds: float) -> bool:
        """Start the migration and kill it and all that it started; False where it was done."""
        program = self.start("migrate")
        with suppress(subprocess.TimeoutExpired):
            program.communicate(timeout=seconds)
            return False
        os.killpg(program.pid, signal.SIGKILL)
        program.communicate()
        return True


def lost(home: Home) -> str:
    """Say what is lost of the jobs; empty where each of them is somewhere, byte for byte."""
    source = (V1 / "jobs.json").read_bytes()
    if (home.path / "jobs.json").exists():
        return "" if (home.path / "jobs.json").read_bytes() == source else "jobs.json is another"
    if [path.read_bytes() for path in home.backups] != [source]:
        return "jobs.json is gone, and its copy is not the same"
    tasks = json.loads((home.path / "schedule.json").read_text())["tasks"]
    return "" if len(tasks) == len(home.jobs) else f"{len(tasks)} tasks"


def state(home: Home) -> str:
    """Say how far a killed migration came."""
    if not (home.path / "jobs.json").exists():
        return "done"
    if "_job-run" not in home.table:
        return "old entries gone"
    if "_timing-run" in home.table:
        return "new entries there"
    if (home.path / "schedule.json").exists():
        return "document written"
    return "copy written" if home.backups else "nothing yet"


def unfinished(home: Home) -> list[str]:
    """Say what is not as it should be after the end."""
    shown: dict[str, Any] = json.loads(home.done("list", "--json"))
    live = {one["timingId"] for one in shown["tasks"] if one["status"] == "active"}
    ours = (line for line in home.table.splitlines() if "_timing-run" in line and line[0] != "@")
    lines = [line.split()[-1] for line in ours]
    theirs = home.table[home.table.index("<<<\n") + 4 :]
    with sqlite3.connect(home.path / "state.db") as book:
        past = book.execute("SELECT count(*) FROM executions").fetchone()[0]
        ran = book.execute("SELECT sum(executions) FROM task_state").fetchone()[0]
    book.close()
    jobs = json.loads((V1 / "jobs.json").read_text())["jobs"].values()
    counted = sum(job["executionCount"] for job in jobs if isinstance(job, dict))
    complaints = {
        lost(home): not lost(home),
        "jobs.json is still there": not (home.path / "jobs.json").exists(),
        f"{len(shown['tasks'])} tasks are listed": len(shown["tasks"]) == len(home.jobs),
        f"{len(home.backups)} copies": len(home.backups) == 1,
        "the lines are not those of the live timings": sorted(lines) == sorted(live),
        f"of others there is {theirs!r}": theirs == THEIRS,
        f"{past} executions": past == 271,
        f"{ran} were counted": ran == counted,
        "something was left beside": not [*home.path.glob(".ncp-new-*")],
        "a sync is due": json.loads(home.done("plan", "--json")).get("add", []) == [],
    }
    return [words for words, good in complaints.items() if not good]


def timed(home: Home) -> float:
    """Let one come to its end; return how long that takes here, in seconds."""
    began = time.monotonic()
    home.done("migrate")
    return time.monotonic() - began


def one(home: Home, chance: Random, longest: float, tally: Tally) -> None:
    """Kill one up to three times, and let it come to its end."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        if not home.killed(chance.uniform(0.3, 1.0) * longest):
            break
        tally.states[state(home)] += 1
        tally.complaints += filter(None, [lost(home)])
    home.done("migrate")
    tally.complaints += unfinished(home)


def campaign(seed: int, count: int) -> Tally:
    """Kill migrations `count` times or a little more, each home from the same beginning."""
    chance, tally, longest = Random(seed), Tally(), 0.0
    while tally.states.total() < count and not tally.complaints:
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            if longest:
                one(home, chance, longest, tally)
            else:
                longest = timed(home)
    return tally


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("--seed", type=int, default=6)
    given = parser.parse_args()
    found = campaign(given.seed, given.count)
    sys.stdout.write("\n".join([str(dict(found.states)), *found.complaints, ""]))
    sys.exit(bool(found.complaints))
