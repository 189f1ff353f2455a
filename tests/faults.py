"""A seeded campaign of faults: killed runners, a full disk, locks, wrong clocks; nothing is lost.

`scripts/faults [--seed N] [KIND=COUNT …]` runs it; the tests run a slice. Each round of a
kind (`faultkinds`) has a timing of its own: something goes wrong while it fires, then
it fires once more, as its scheduler would, and what is left is looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ledgers import FIRE, HOURLY, install_launcher, this_minute
from ncp import fingerprint
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.saving import save_compiled
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
MARK = "NCP_TESTS_FAULTS"
DOCUMENT = '{"version": "2.0.0", "tasks": {}, "timings": {}}\n'
WHOLE = {"kill": 200, "full": 40, "readonly": 20, "locked": 6, "clock": 30}
ROOM = "NCP_TESTS_FAULTS_ROOM"


@dataclass
class Tally:
    """What was seen: what happened when, how executions ended, complaints."""

    seen: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


class Campaign:
    """A home with a timing for each round; its tasks note their starts outside of it."""

    def __init__(self, folder: Path, rounds: int, rule: tuple[int, ...] = HOURLY) -> None:
        self.folder, self.home, self.tally = folder, folder / "home", Tally()
        self.home.mkdir(mode=0o700, exist_ok=True)
        for name in ("starts", "user"):
            (folder / name).mkdir()
        (self.home / "schedule.json").write_text(DOCUMENT)
        (self.home / "config.toml").write_text('target = "embedded"\n')
        install_launcher(self.home)
        self.book = connect(str(self.home))
        self._save(rounds, rule)

    def _save(self, rounds: int, rule: tuple[int, ...]) -> None:
        timings = [
            CompiledTiming(id=f"t{number}", identity=f"t{number}", rules=(rule,))  # type: ignore[arg-type]  # six numbers
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
        return [
            CompiledTask(
                id=f"{timing}-{number}",
                timing_id=timing,
                position=number,
                name=f"{timing} {number}",
                argv=("sh", "-c", f'echo "$NCP_SLOT" >> "{self._note(timing, number)}"; {script}'),
                env={"PATH": "/usr/bin:/bin", MARK: str(self.folder)},
                timeout=TIMEOUT,
                grace=GRACE,
                catchup=True,
            )
            for number, script in enumerate(SCRIPTS)
        ]

    def _note(self, timing: str, number: int) -> Path:
        return self.folder / "starts" / f"{timing}-{number}"

    def starts(self, timing: str, number: int) -> list[str]:
        """The slots for which a task has started."""
        path = self._note(timing, number)
        return path.read_text().split() if path.exists() else []

    def fire(self, timing: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a firing."""
        return subprocess.Popen(
            [*FIRE, str(self.home), timing],
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def fire_well(self, timing: str) -> None:
        """Fire as the scheduler would next; that works."""
        runner = self.fire(timing)
        _, errors = runner.communicate(timeout=60)
        if runner.returncode not in {0, 1} or errors:
            self.complain(timing, f"the next firing: {runner.returncode} {errors.decode()}")

    def command(self, *argv: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command as a person would."""
        variables = {"NCP_HOME": str(home or self.home), "HOME": str(self.folder / "user")}
        return subprocess.run(
            [sys.executable, "-m", "ncp", *argv],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )

    def look_by_command(self, timing: str) -> None:
        """Have a command look, after which nothing is running on paper."""
        done = self.command("schedule", "executions", "--limit", "1")
        if done.returncode:
            self.complain(timing, f"executions: {done.returncode} {done.stderr}")
        self.no_open_rows(timing, "running")

    def no_open_rows(self, timing: str, *statuses: str) -> None:
        """Complain of rows of those statuses."""
        query = "SELECT task_id, status FROM executions WHERE status IN ('planned', 'running')"
        for task, status in self.book.execute(query).fetchall():
            if status in statuses:
                self.complain(timing, f"{task} is left {status}")

    def look(self, timing: str) -> None:
        """Look at everything that a round may have spoiled."""
        rows = self.book.execute(
            "SELECT task_id, slot, count(*), min(status) FROM executions"
            " WHERE timing_id = ? AND attempt = 1 GROUP BY task_id, slot",
            (timing,),
        ).fetchall()
        self.tally.statuses.update(status for _, _, _, status in rows)
        slots = {slot for _, slot, _, _ in rows}
        if len(rows) != len(slots) * len(SCRIPTS) or not slots:
            self.complain(timing, f"{len(rows)} executions of {len(SCRIPTS)} tasks, {slots=}")
        self.look_at_starts(timing)

    def look_at_starts(self, timing: str) -> None:
        """Look at what started, what is open, what still lives, and the document."""
        self.no_open_rows(timing, "running", "planned")
        for number in range(len(SCRIPTS)):
            starts = self.starts(timing, number)
            if len(starts) != len(set(starts)):
                self.complain(timing, f"task {number} started twice for a slot")
        if alive := living(str(self.folder)):
            self.complain(timing, f"still alive: {alive}")
        if (self.home / "schedule.json").read_text() != DOCUMENT:
            self.complain(timing, "schedule.json has changed")

    def complain(self, timing: str, what: str) -> None:
        """Note that something is wrong."""
        self.tally.complaints.append(f"{timing}: {what}")

    def close(self) -> None:
        """Check the ledger as a whole."""
        answer = self.book.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            self.complain("the ledger", answer)
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


def enter_room() -> None:
    """Go on in a private mount namespace, where kinds may mount what they like."""
    if ROOM not in os.environ:
        os.environ[ROOM] = "1"
        words = ["unshare", "--mount", sys.executable, *sys.argv]
        os.execvp(words[0], words)


def can_mount() -> bool:
    """Tell whether there is root and unshare(1) here."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare") is not None


def main() -> int:
    """Run a campaign and print what was seen, a line of JSON for each kind."""
    parser = argparse.ArgumentParser(description="Let everything go wrong at random moments.")
    parser.add_argument("kinds", nargs="*", metavar="KIND=COUNT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold", type=float, default=10, help="seconds for which a lock is held")
    given = parser.parse_args()
    if can_mount():
        enter_room()
    import faultkinds  # noqa: PLC0415  it imports this module

    counts = dict(word.split("=") for word in given.kinds) or WHOLE
    complaints = 0
    for kind, count in counts.items():
        with tempfile.TemporaryDirectory() as folder:
            random = Random(f"{given.seed} {kind}")
            tally = faultkinds.run(kind, Path(folder), random, int(count), hold=given.hold)
        complaints += len(tally.complaints)
        shown = {"kind": kind, "rounds": int(count), "seen": tally.seen, "ended": tally.statuses}
        sys.stdout.write(json.dumps({**shown, "complaints": tally.complaints}) + "\n")
        sys.stdout.flush()
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
