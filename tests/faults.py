"""A seeded campaign: runners are killed at random moments under load, and nothing may be lost.

`scripts/faults [COUNT] [--seed N]` runs it whole; the tests run a slice. In each
round one to three runners of a timing are started at once and killed (SIGKILL) at
some moment of their firing; then the timing fires once more, as its scheduler
would, and what is left is looked at.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ledgers import FIRE, HOURLY, install_launcher, this_minute
from ncp import fingerprint
from ncp.ledger.compiled import CompiledTask, CompiledTiming, save_compiled
from ncp.ledger.schema import connect

SCRIPTS = (
    "exit 0",
    "exit 3",
    "echo to the one side; echo and to the other >&2",
    "i=0; while test $i -lt 200; do echo line $i; i=$((i + 1)); done",
    "sleep 0.05",
    "sleep 30 & sleep 0.02",
    "exec sleep 30",
    "trap '' TERM; sleep 30",
)
"""Tasks that end, fail, print, take their time, leave something, and do not want to end."""
TIMEOUT, GRACE = 0.3, 0.1
LIVES = (0.03, 0.4)
"""A firing claims and starts within the first of these many seconds, and ends after the second."""
MARK = "NCP_TESTS_FAULTS"
DOCUMENT = '{"version": "2.0.0", "tasks": {}, "timings": {}}\n'


@dataclass
class Tally:
    """What was seen: how executions ended, how far the killed runners had come, complaints."""

    statuses: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


class Campaign:
    """A home with a timing for each round."""

    def __init__(self, home: Path, rounds: int) -> None:
        self.home, self.tally = home, Tally()
        (home / "starts").mkdir()
        (home / "schedule.json").write_text(DOCUMENT)
        install_launcher(home)
        self.book = connect(str(home))
        self._save(rounds)

    def _save(self, rounds: int) -> None:
        timings = [
            CompiledTiming(id=f"t{number}", identity=f"t{number}", rules=(HOURLY,))
            for number in range(rounds)
        ]
        prints = {
            "document": fingerprint.document(str(self.home)),
            "zone": fingerprint.zone(),
            "concurrency": "4",
            "retention": "14 100",
        }
        tasks = [task for timing in timings for task in self._tasks(timing.id)]
        save_compiled(self.book, timings, tasks, prints, this_minute() - 60)

    def _tasks(self, timing: str) -> list[CompiledTask]:
        """Each task notes that it starts, before it does anything else."""
        return [
            CompiledTask(
                id=f"{timing}-{number}",
                timing_id=timing,
                position=number,
                name=f"{timing} {number}",
                argv=("sh", "-c", f'echo "$NCP_SLOT" >> "{self.starts(timing, number)}"; {script}'),
                env={"PATH": "/usr/bin:/bin", MARK: str(self.home)},
                timeout=TIMEOUT,
                grace=GRACE,
                catchup=True,
            )
            for number, script in enumerate(SCRIPTS)
        ]

    def starts(self, timing: str, number: int) -> Path:
        """The file in which a task notes its starts."""
        return self.home / "starts" / f"{timing}-{number}"

    def round(self, timing: str, random: Random) -> None:
        """Kill runners of a timing, let it fire again, and look at what is left."""
        argv = [*FIRE, str(self.home), timing]
        runners = [subprocess.Popen(argv) for _ in range(random.randint(1, 3))]
        for runner in runners:
            time.sleep(random.uniform(0, random.choice(LIVES)) / len(runners))
            runner.kill()
            runner.wait()
        self.tally.moments[self._progress(timing)] += 1
        code = subprocess.run(argv, check=False, timeout=30).returncode
        if code not in {0, 1}:
            self._complain(timing, f"the next firing ended with {code}")
        self._look(timing)

    def _progress(self, timing: str) -> str:
        """How far the killed runners had come: the statuses of the executions they left."""
        query = "SELECT DISTINCT status FROM executions WHERE timing_id = ? ORDER BY status"
        found = [row[0] for row in self.book.execute(query, (timing,))]
        return ", ".join(found) or "nothing claimed"

    def _look(self, timing: str) -> None:
        rows = self.book.execute(
            "SELECT task_id, slot, count(*), min(status) FROM executions"
            " WHERE timing_id = ? AND attempt = 1 GROUP BY task_id, slot",
            (timing,),
        ).fetchall()
        self.tally.statuses.update(status for _, _, _, status in rows)
        slots = {slot for _, slot, _, _ in rows}
        if len(rows) != len(slots) * len(SCRIPTS) or not slots:
            self._complain(timing, f"{len(rows)} executions of {len(SCRIPTS)} tasks, {slots=}")
        for task, _, count, status in rows:
            if count > 1 or status in {"planned", "running"}:
                self._complain(timing, f"{task}: {count} times {status}")
        for number in range(len(SCRIPTS)):
            path = self.starts(timing, number)
            starts = path.read_text().split() if path.exists() else []
            if len(starts) != len(set(starts)):
                self._complain(timing, f"{path.name} started twice for a slot")
        if alive := living(str(self.home)):
            self._complain(timing, f"still alive: {alive}")
        if (self.home / "schedule.json").read_text() != DOCUMENT:
            self._complain(timing, "schedule.json has changed")

    def _complain(self, timing: str, what: str) -> None:
        self.tally.complaints.append(f"{timing}: {what}")

    def close(self) -> None:
        """Check the ledger as a whole."""
        answer = self.book.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            self._complain("the ledger", answer)
        self.book.close()


def living(mark: str) -> list[str]:
    """The processes that a campaign's tasks have left, by what their environment holds."""
    wanted, found = f"{MARK}={mark}".encode(), []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it has ended, or belongs to somebody else
    return found


def run(home: Path, *, seed: int, count: int) -> Tally:
    """Run a campaign in a new home."""
    campaign, random = Campaign(home, count), Random(seed)
    for number in range(count):
        campaign.round(f"t{number}", random)
    campaign.close()
    return campaign.tally


def main() -> int:
    """Run a campaign and print what was seen."""
    parser = argparse.ArgumentParser(description="Kill runners at random moments.")
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(Path(folder), seed=given.seed, count=given.count)
    sys.stdout.write(f"Killed when executions were: {dict(tally.moments)}\n")
    sys.stdout.write(f"Executions ended as: {dict(tally.statuses)}\n")
    for complaint in tally.complaints:
        sys.stdout.write(f"{complaint}\n")
    sys.stdout.write(f"Complaints: {len(tally.complaints)} in {given.count} rounds.\n")
    return 1 if tally.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
