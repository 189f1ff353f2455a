"""SIGKILL before any step of a change: the next command completes it, or nothing has begun."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.conftest import Ncp
    from cli.crontab import Crontab

DYING = Path(__file__).parent / "dying.py"
CHANGES = {
    "create": ("create", "every 5 minutes", "--name", "new", "--", "true"),
    "update": ("update", "a", "--schedule", "every 10 minutes"),
    "pause": ("pause", "a"),
    "delete": ("delete", "b", "-y"),
    "leave": ("sync", "--target", "embedded"),
}


def killed_at(ncp: Ncp, step: int, words: tuple[str, ...]) -> bool:
    """Run a command that dies before a step; False where it has no more steps."""
    argv = [sys.executable, str(DYING), str(step), "schedule", *words]
    environment = {**ncp.environment, "PATH": os.environ["PATH"]}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode != 0


def crashes(ncp: Ncp, words: tuple[str, ...]) -> Iterator[int]:
    """Kill a command at each of its steps in turn, each time from the same beginning."""
    beginning, room = ncp.home.parent / "beginning", (ncp.home, ncp.user_home)
    for folder in room:
        shutil.copytree(folder, beginning / folder.name)
    for step in count():
        for folder in room:
            for old in folder.iterdir():
                shutil.rmtree(old) if old.is_dir() else old.unlink()
            shutil.copytree(beginning / folder.name, folder, dirs_exist_ok=True)
        if not killed_at(ncp, step, words):
            return
        yield step


def wanted(ncp: Ncp) -> set[str]:
    """The timings of the document that need an entry."""
    tree = json.loads((ncp.home / "schedule.json").read_text())
    active = (task for task in tree["tasks"].values() if task.get("status", "active") == "active")
    return {task["timingId"] for task in active}


def compiled(ncp: Ncp) -> dict[str, str]:
    """The tasks of the compiled copy and their timings, and whether a change is pending."""
    with sqlite3.connect(ncp.home / "state.db") as book:
        tasks = dict(book.execute("SELECT id, timing_id FROM tasks"))
        pending = book.execute("SELECT value FROM meta WHERE key = 'pending'").fetchone()
    book.close()
    return {**tasks, "pending": pending[0]}


@pytest.mark.parametrize("words", CHANGES.values(), ids=CHANGES)
def test_the_next_command_completes_what_was_killed(
    ncp: Ncp, crontab: Crontab, words: tuple[str, ...]
) -> None:
    ncp.create("hourly", name="a")
    ncp.create("daily at 9am", name="b")
    outcomes = set()
    for step in crashes(ncp, words):
        shown = ncp("schedule", "list", "--json").json
        documented = json.loads((ncp.home / "schedule.json").read_text())["tasks"]
        assert {task["id"] for task in shown["tasks"]} == documented.keys(), step
        timings = {key: task["timingId"] for key, task in documented.items()}
        assert compiled(ncp) == {**timings, "pending": ""}, step
        left = 'target = "embedded"' in (ncp.home / "config.toml").read_text()
        lines = {line.split()[-1] for line in crontab.lines}
        assert lines == (set() if left else wanted(ncp)), step
        assert ncp("schedule", "plan", "--json").json.get("add", []) == [], step
        outcomes.add((left, len(timings), len(wanted(ncp)), *sorted(timings.values())))
    assert len(outcomes) == 2, "each kill left what was before, or what should be"


def test_a_home_killed_on_its_way_to_cron_has_lines_there_or_none(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly", name="a")
    ncp("schedule", "sync", "--target", "embedded")
    ends = set()
    for step in crashes(ncp, ("sync", "--target", "cron")):
        assert ncp("schedule", "list").code == 0, step
        arrived = 'target = "cron"' in (ncp.home / "config.toml").read_text()
        assert len(crontab.lines) == int(arrived), step
        ends.add(arrived)
    assert ends == {False, True}


def test_a_first_create_that_is_killed_leaves_nothing_half_done(ncp: Ncp, crontab: Crontab) -> None:
    for step in crashes(ncp, CHANGES["create"]):
        shown = ncp("schedule", "list", "--json").json
        assert len(crontab.lines) == len(shown["timings"]) <= 1, step
        assert ncp("schedule", "create", "hourly", "--", "true").code == 0, step
        assert list(ncp.home.glob(".ncp-new-*")) == [], step
