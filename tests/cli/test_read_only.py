"""A home that cannot be written: what people ask is answered, what changes it is refused."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="mounts the home read-only, in a private mount namespace: Linux, root, util-linux",
)
MOUNT = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'

READING = (
    ("schedule", "list"),
    ("schedule", "executions"),
    ("schedule", "show", "tick"),
    ("schedule", "stats"),
    ("schedule", "next", "tick"),
    ("schedule", "get", "tick"),
    ("schedule", "plan"),
    ("schedule", "explain", "tick"),
    ("schedule", "logs", "tick"),
    (),
)
CHANGING = (
    ("schedule", "create", "@daily", "--", "true"),
    ("schedule", "update", "tick", "--name", "tock"),
    ("schedule", "pause", "tick"),
    ("schedule", "delete", "tick", "-y"),
    ("schedule", "sync"),
    ("schedule", "run", "tick"),
    ("schedule", "catchup"),
    ("uninstall", "-y"),
)


def read_only(ncp: Ncp, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run a program where the home is mounted read-only."""
    words = ["unshare", "--mount", "sh", "-c", MOUNT, str(ncp.home), *argv]
    return subprocess.run(
        words, env=ncp.environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def home(ncp: Ncp) -> Ncp:
    """A home with a task that ran once, and a row that a dead runner left open."""
    ncp.create("every minute", "echo", "hello", name="tick")
    assert ncp("schedule", "run", "tick").code == 0
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("UPDATE executions SET status = 'running', pid_start = 'gone'")
        book.execute("UPDATE task_state SET last_status = 'running'")
    book.close()
    ncp.overdue(10)
    return ncp


@pytest.mark.parametrize("log", ["kept", "gone"])
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_what_only_shows_answers(home: Ncp, command: tuple[str, ...], log: str) -> None:
    if log == "gone":  # as whoever closes the ledger last leaves it
        with sqlite3.connect(home.home / "state.db") as book:
            book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.close()
        for end in ("wal", "shm"):
            (home.home / f"state.db-{end}").unlink(missing_ok=True)
    done = read_only(home, *home.program(*command))
    assert done.returncode == 0, done.stderr
    assert done.stdout or command == ("schedule", "plan")  # which has nothing to list


def test_a_log_without_its_index_is_not_passed_over(home: Ncp) -> None:
    with sqlite3.connect(home.home / "state.db") as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        book.execute("UPDATE executions SET status = 'timeout'")  # which only the log holds
    (home.home / "state.db-shm").unlink()
    said = read_only(home, *home.program("schedule", "executions", "--json"))
    book.close()
    assert json.loads(said.stdout)["executions"][0]["status"] == "timeout"


def test_an_open_row_of_a_dead_runner_is_shown_as_interrupted(home: Ncp) -> None:
    said = read_only(home, *home.program("schedule", "executions", "--json"))
    assert "cannot be written: nothing can run or change" in said.stderr
    (row,) = json.loads(said.stdout)["executions"]
    assert row["status"] == "interrupted"
    listed = json.loads(read_only(home, *home.program("schedule", "list", "--json")).stdout)
    assert listed["tasks"][0]["lastStatus"] == "interrupted"
    with sqlite3.connect(home.home / "state.db") as book:
        assert book.execute("SELECT status FROM executions").fetchall() == [("running",)]
    book.close()


def test_doctor_finds_it(home: Ncp) -> None:
    done = read_only(home, *home.program("doctor"))
    assert done.returncode == 1
    assert f"error   home: You may not write {home.home}." in done.stdout


@pytest.mark.parametrize("command", CHANGING, ids=" ".join)
def test_what_changes_or_runs_is_refused_in_three_parts(
    home: Ncp, command: tuple[str, ...]
) -> None:
    before = (home.home / "schedule.json").read_bytes()
    done = read_only(home, *home.program(*command))
    assert done.returncode == 2
    assert "It cannot be written, so nothing can be changed or run." in done.stderr
    assert str(home.home) in done.stderr
    assert "Run: chmod u+rwx" in done.stderr
    assert (home.home / "schedule.json").read_bytes() == before


def test_a_firing_says_why_it_could_not_record(home: Ncp) -> None:
    done = read_only(home, "/bin/sh", str(home.home / "bin/ncp"), "_timing-run", "every-minute")
    assert done.returncode == 1
    assert "ERROR: Nothing could be run or recorded: " in done.stderr
    assert "state.db" in done.stderr


def test_a_person_without_the_right_to_write_can_still_read(home: Ncp) -> None:
    nobody = 65534
    for path in (home.home, *home.home.rglob("*"), home.user_home):
        os.chown(path, nobody, nobody)
    home.home.chmod(0o500)
    for path in (home.home, *home.home.parents):
        path.chmod(path.stat().st_mode | 0o001) if path.stat().st_uid != nobody else None
    as_nobody = ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]
    run = [*as_nobody, *home.program("schedule", "list", "--json")]
    done = subprocess.run(run, env=home.environment, capture_output=True, text=True, check=False)
    home.home.chmod(0o700)
    if "ermission denied" in done.stderr and "state.db" not in done.stderr:
        pytest.skip("this user cannot reach the interpreter or the home at all")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tasks"][0]["name"] == "tick"
