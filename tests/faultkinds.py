"""The kinds of faults: what goes wrong in each round, and what must hold all the same."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from faults import SCRIPTS, Campaign, Tally, living
from ledgers import EVERY_MINUTE, HOURLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    Round = Callable[[Campaign, str, Random, float], None]

LIVES = (0.03, 0.4)
"""A firing claims and starts within the first of these many seconds, and ends after the second."""
DISK_MB = 6
MINUTE, HOUR, DAY = 60, 3600, 86_400


def run(kind: str, folder: Path, random: Random, count: int, *, hold: float) -> Tally:
    """Run the rounds of one kind in a new home."""
    prepare, one = KINDS[kind]
    (folder / "home").mkdir()
    with prepare(folder):
        campaign = Campaign(folder, count, DAILY if kind == "clock" else HOURLY)
        for number in range(count):
            one(campaign, f"t{number}", random, hold)
            if kind != "kill":
                _nothing_interrupted(campaign, f"t{number}")
        campaign.close()
    return campaign.tally


def _nothing_interrupted(campaign: Campaign, timing: str) -> None:
    """Whose runner is not killed ends its tasks and records it."""
    query = "SELECT task_id, reason FROM executions WHERE timing_id = ? AND status = 'interrupted'"
    for task, reason in campaign.book.execute(query, (timing,)).fetchall():
        campaign.complain(timing, f"{task} is interrupted: {reason}")


@contextmanager
def load(_: Path) -> Iterator[None]:
    """Two programs that want the processor too."""
    burn = [sys.executable, "-c", "import os; os.nice(5)\nwhile True: pass"]
    burners = [subprocess.Popen(burn) for _ in range(2)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


@contextmanager
def disk(folder: Path) -> Iterator[None]:
    """A small disk for the home."""
    home = folder / "home"
    size = f"size={DISK_MB}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", home], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", home], check=True)


@contextmanager
def nothing(_: Path) -> Iterator[None]:
    """What needs no preparation."""
    yield


@contextmanager
def run_folder(_: Path) -> Iterator[None]:
    """A /run of our own, where the preload library looks for its clock."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", "/run"], check=True)


def kill(campaign: Campaign, timing: str, random: Random, _hold: float) -> None:
    """SIGKILL for one to three runners at once, at times for their group."""
    tally = campaign.tally
    for _ in range(runners := random.randint(1, 3)):
        runner = campaign.fire(timing)
        time.sleep(random.uniform(0, random.choice(LIVES)) / runners)
        whole = random.random() < 0.25
        if runner.poll() is None:
            (os.killpg if whole else os.kill)(runner.pid, signal.SIGKILL)
            tally.seen["group killed" if whole else "runner killed"] += 1
        runner.communicate()
    tally.seen[f"when executions were: {_progress(campaign, timing)}"] += 1
    if random.random() < 0.3:
        tally.seen["a command looked first"] += 1
        campaign.look_by_command(timing)
    campaign.fire_well(timing)
    campaign.look(timing)


def _progress(campaign: Campaign, timing: str) -> str:
    query = "SELECT DISTINCT status FROM executions WHERE timing_id = ? ORDER BY status"
    found = [row[0] for row in campaign.book.execute(query, (timing,))]
    return ", ".join(found) or "nothing claimed"


def full(campaign: Campaign, timing: str, random: Random, _hold: float) -> None:
    """No room left, from some moment before or in a firing or a change, for a while."""
    tally, filler = campaign.tally, campaign.home / "filler"
    if random.random() < 0.7:  # else there is room inside the log, as it is reused
        campaign.book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    early = random.random() < 0.3
    runner = None if early else campaign.fire(timing)
    time.sleep(0 if early else random.uniform(0, 0.5))
    _fill(filler)
    runner = runner or campaign.fire(timing)
    if random.random() < 0.3:
        _change_in_vain(campaign, timing)
    time.sleep(random.uniform(0.2, 2))
    tally.seen["runner outlived it" if runner.poll() is None else "runner ended in it"] += 1
    if random.random() < 0.5:
        tally.seen["a command while full"] += 1
        done = campaign.command("schedule", "executions", "--json")
        if done.returncode:
            campaign.complain(timing, f"executions while full: {done.returncode} {done.stderr}")
    filler.unlink()
    _, errors = runner.communicate(timeout=60)
    tally.seen[f"runner's exit code {runner.returncode}"] += 1
    tally.seen["said on stderr"] += bool(errors)
    campaign.look_by_command(timing)
    campaign.fire_well(timing)
    campaign.look(timing)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def _change_in_vain(campaign: Campaign, timing: str) -> None:
    """Create a task in a second home on the full disk: done, or refused with the old document."""
    second, name = campaign.home / "second", f"made in {timing}"
    second.mkdir(mode=0o700, exist_ok=True)
    document = second / "schedule.json"
    before = document.read_bytes() if document.exists() else b""
    words = ("schedule", "create", "hourly", "--target", "embedded", "--name", name, "--", "true")
    done = campaign.command(*words, home=second)
    campaign.tally.seen[f"a change while full: exit code {done.returncode}"] += 1
    after = document.read_bytes() if document.exists() else b""
    if after != before and (name not in after.decode() or not json.loads(after)):
        campaign.complain(timing, "the document is damaged")
    if done.returncode not in {0, 2} or (done.returncode and "Traceback" in done.stderr):
        campaign.complain(timing, f"a change while full: {done.returncode} {done.stderr}")


def readonly(campaign: Campaign, timing: str, random: Random, _hold: float) -> None:
    """The home goes read-only before a firing or in it."""
    tally, home = campaign.tally, str(campaign.home)
    early = random.random() < 0.5
    runner = None if early else campaign.fire(timing)
    time.sleep(0 if early else random.uniform(0.02, 0.4))
    subprocess.run(["mount", "--bind", home, home], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", home], check=True)
    runner = runner or campaign.fire(timing)
    _, errors = runner.communicate(timeout=60)
    if early and (runner.returncode != 1 or b"Nothing could be run or recorded" not in errors):
        campaign.complain(timing, f"{runner.returncode} {errors.decode()}")
    if early and campaign.starts(timing, 0):
        campaign.complain(timing, "something ran unrecorded")
    for words in (("executions",), ("list",), ("stats",)):
        done = campaign.command("schedule", *words)
        if done.returncode:
            campaign.complain(timing, f"{words}: {done.returncode} {done.stderr}")
    done = campaign.command("schedule", "sync")
    if done.returncode != 2 or "cannot be written" not in done.stderr:
        campaign.complain(timing, f"sync: {done.returncode} {done.stderr}")
    subprocess.run(["umount", "-l", home], check=True)
    tally.seen["before a firing" if early else "in a firing"] += 1
    campaign.look_by_command(timing)
    campaign.fire_well(timing)
    campaign.look(timing)


def locked(campaign: Campaign, timing: str, random: Random, hold: float) -> None:
    """Another connection holds the lock at the claim, at the end of tasks, or in a change."""
    moment = ("claim", "end", "change")[int(timing[1:]) % 3]
    how = random.choice(("IMMEDIATE", "EXCLUSIVE"))
    campaign.tally.seen[f"{moment}, {how}"] += 1
    if moment == "change":
        _locked_change(campaign, timing, how, hold)
        campaign.fire_well(timing)
    else:
        runner = campaign.fire(timing) if moment == "end" else None
        if runner is not None:
            _await_start(campaign, timing, 6)  # which only its deadline ends
        with _lock(campaign.home, how):
            runner = runner or campaign.fire(timing)
            time.sleep(hold)
            if moment == "end" and (left := living(str(campaign.folder))):
                campaign.complain(timing, f"deadlines were not kept: {left}")
        _, errors = runner.communicate(timeout=60)
        if runner.returncode not in {0, 1} or errors:
            campaign.complain(timing, f"{runner.returncode} {errors.decode()}")
    campaign.look_by_command(timing)
    campaign.look(timing)


def _await_start(campaign: Campaign, timing: str, number: int) -> None:
    until = time.monotonic() + 20
    while not campaign.starts(timing, number) and time.monotonic() < until:
        time.sleep(0.01)


@contextmanager
def _lock(home: Path, how: str) -> Iterator[None]:
    other = sqlite3.connect(home / "state.db", timeout=20, isolation_level=None)
    other.execute(f"BEGIN {how}")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def _locked_change(campaign: Campaign, timing: str, how: str, hold: float) -> None:
    second = campaign.folder / "second"
    second.mkdir(mode=0o700, exist_ok=True)
    words = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    first = campaign.command(*words, home=second)
    variables = {"NCP_HOME": str(second), "HOME": str(campaign.folder / "user")}
    argv = [sys.executable, "-m", "ncp", *words]
    with _lock(second, how):
        change = subprocess.Popen(argv, env={**os.environ, **variables}, stdout=subprocess.PIPE)
        time.sleep(hold)
    change.communicate(timeout=60)
    if first.returncode or change.returncode:
        campaign.complain(timing, f"a change in a lock: {change.returncode} {first.stderr}")


DAILY = (1, 1, *EVERY_MINUTE[2:])
PLACES = (0, -7 * MINUTE, 5 * HOUR, -DAY, 3 * DAY, 20 * DAY, -20 * DAY, -40 * DAY)
"""So that a slot comes again, also after retention has forgotten it."""


def clock(campaign: Campaign, timing: str, random: Random, _hold: float) -> None:
    """The clock steps to and fro between firings."""
    from real.rooms import _clock_library  # noqa: PLC0415  it needs a compiler

    ahead = 60 * DAY  # the schedule is as old
    library, offset = str(_clock_library()), 0
    campaign.book.execute(
        "UPDATE timings SET since = ? WHERE id = ?", ((time.time() - ahead) // MINUTE, timing)
    )
    for _turn in range(8):
        before, offset = offset, random.choice(PLACES)
        campaign.tally.seen["steps forwards" if offset > before else "steps backwards"] += 1
        _fire_at(campaign, timing, library, offset)
        campaign.look_at_starts(timing)
    counts = [len(campaign.starts(timing, number)) for number in range(len(SCRIPTS))]
    _fire_at(campaign, timing, library, ahead + DAY)
    after = [len(campaign.starts(timing, number)) for number in range(len(SCRIPTS))]
    if any(new != old + 1 for old, new in zip(counts, after, strict=True)):
        campaign.complain(timing, f"the next slot did not run: {counts} {after}")
    campaign.tally.seen["slots that ran"] += after[0]
    campaign.look_at_starts(timing)
    rows = campaign.book.execute("SELECT status FROM executions WHERE timing_id = ?", (timing,))
    campaign.tally.statuses.update(row[0] for row in rows)


def _fire_at(campaign: Campaign, timing: str, library: str, offset: float) -> None:
    now = time.time()
    with open("/run/fastclock", "w", encoding="ascii") as settings:  # noqa: PTH123  a line of a file
        settings.write(f"{now + offset:.3f} {now:.3f} 1\n")
    runner = campaign.fire(timing, LD_PRELOAD=library)
    _, errors = runner.communicate(timeout=60)
    if runner.returncode not in {0, 1} or errors:
        campaign.complain(timing, f"{runner.returncode} {errors.decode()}")


KINDS = {
    "kill": (load, kill),
    "full": (disk, full),
    "readonly": (nothing, readonly),
    "locked": (nothing, locked),
    "clock": (run_folder, clock),
}
