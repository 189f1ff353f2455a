"""No process or file left at the moment: what cannot start now starts when a child has ended."""

from __future__ import annotations

import os
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from ledgers import FIRE, day_log, once, rows, save, shell, statuses, task
from ncp.ledger.schema import connect
from ncp.ledger.steps import Step, encoded
from ncp.process import Children
from ncp.process.contract import Scarce
from ncp.runner import run_now, running

if TYPE_CHECKING:
    from pathlib import Path
from others import folder_of, interpreter, needs_root, open_room

CROWDED = 34567
"""A user of this test alone: the system counts processes by user."""


def fire(home: Path, limits: dict[int, int], uid: int | None = None) -> int:
    """Fire as a user within limits of processes or open files."""

    def confine() -> None:
        for what, most in limits.items():
            resource.setrlimit(what, (most, most))
        if uid is not None:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)

    program = FIRE[0] if uid is None else interpreter() or ""
    argv = [program, *FIRE[1:], str(home), "t"]
    done = subprocess.run(argv, preexec_fn=confine, check=False, timeout=120, cwd="/")
    return done.returncode


@pytest.mark.parametrize("most", [14, 16, 20])
def test_fifty_tasks_within_few_open_files_all_run(tmp_path: Path, most: int) -> None:
    tasks = [shell(f"x{i}", "sleep 0.05; echo done") for i in range(50)]
    book = save(tmp_path, once(), *tasks, concurrency="50")
    assert fire(tmp_path, {resource.RLIMIT_NOFILE: most}) == 0
    assert set(statuses(book).values()) == {"success"}
    assert all(len(rows(book, one.id)) == 1 for one in tasks)


@needs_root
def test_fifty_tasks_within_few_processes_all_run() -> None:
    with open_room() as room:
        home = folder_of(CROWDED, room / "home")
        tasks = [task(f"x{i}", "sleep", "0.05") for i in range(50)]  # none starts others itself
        book = save(home, once(), *tasks, concurrency="50")
        book.close()
        for file in home.iterdir():
            os.chown(file, CROWDED, CROWDED)
        assert fire(home, {resource.RLIMIT_NPROC: 8}, CROWDED) == 0
        book = connect(str(home))
        assert set(statuses(book).values()) == {"success"}
        assert "waits, as others may" in day_log(home)


def test_steps_and_hooks_wait_for_their_turn_too(tmp_path: Path) -> None:
    two = encoded([Step("a", 9, ("sleep", "0.05")), Step("b", 9, ("sleep", "0.05"))])
    hook = encoded([Step("on-success", 60, ("/bin/sh", "-c", "echo >>heard"))])
    tasks = [
        shell(f"x{i}", "true", steps=two, on_success=hook, cwd=str(tmp_path)) for i in range(12)
    ]
    book = save(tmp_path, once(), *tasks, concurrency="12")
    assert fire(tmp_path, {resource.RLIMIT_NOFILE: 16}) == 0
    assert set(statuses(book).values()) == {"success"}
    assert len((tmp_path / "heard").read_text().splitlines()) == 12


def test_what_can_never_start_fails_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise Scarce("sh: Resource temporarily unavailable", 126)

    monkeypatch.setattr(Children, "spawn", none_left)
    monkeypatch.setattr(running, "PATIENCE_SECONDS", 0.4)
    monkeypatch.setattr(running, "RETRY_SECONDS", 0.1)
    book = save(tmp_path, once(), shell("x", "true"))
    assert run_now(str(tmp_path), ["x"], None) == 1
    (row,) = rows(book, "x")
    assert (row["status"], row["exitCode"]) == ("failure", 126)
    assert "Resource temporarily unavailable" in str(row["reason"])
