"""The whole process of a firing, through the real launcher."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledgers import (
    FIRE,
    day_log,
    install_launcher,
    once,
    printed_by,
    rows,
    save,
    shell,
    statuses,
    task,
    wait_for,
)

if TYPE_CHECKING:
    from pathlib import Path

# What each costs is in docs/design.md; together they would cost several times the firing itself.
FORBIDDEN = {
    *("asyncio", "collections", "concurrent", "contextlib", "functools"),
    *("croniter", "crontab", "dataclasses", "datetime"),
    *("encodings.idna", "enum", "importlib", "jinja2", "json", "logging", "mcp", "msgspec"),
    *("ncp.model", "pathlib", "re", "rich", "selectors", "signal", "site", "socket", "sqlite3"),
    *("subprocess", "threading", "traceback", "typer", "typing", "warnings", "zoneinfo"),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "n & c 100% 'home'"
    path.mkdir()
    return path


def test_a_firing_through_the_launcher_runs_its_task(home: Path) -> None:
    book = save(home, once(), shell("x", "echo hello"))
    launcher = install_launcher(home)
    done = subprocess.run(["/bin/sh", str(launcher), "_timing-run", "t"], check=False)
    assert done.returncode == 0
    assert statuses(book) == {"x": "success"}
    assert "[x] STDOUT: hello" in day_log(home)


def test_a_firing_imports_nothing_dear(home: Path) -> None:
    save(home, once(), task("x"))
    words = [FIRE[0], "-X", "importtime", *FIRE[1:], str(home), "t"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env={})
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "ncp.runner.firing" in imported
    assert imported & FORBIDDEN == set()
    assert len([name for name in imported if name.startswith("ncp")]) < 32


def test_a_task_inherits_no_files_of_the_scheduler(home: Path) -> None:
    book = save(home, once(), task("x", "ls", "/proc/self/fd"))
    read, write = os.pipe()
    subprocess.run([*FIRE, str(home), "t"], check=True, pass_fds=(read, write))
    os.close(read)
    os.close(write)
    files = printed_by(rows(book, "x")[0]).split()
    assert files == ["0", "1", "2", "3"]  # 3 is the folder that ls reads


def test_a_firing_that_was_given_no_streams_keeps_those_of_its_tasks(home: Path) -> None:
    book = save(home, once(), shell("x", "cat; echo out; echo err >&2"), shell("y", "echo why"))
    line = '"$@" <&- >&- 2>&-'
    subprocess.run(["sh", "-c", line, "sh", *FIRE, str(home), "t"], check=True)
    assert sorted(printed_by(rows(book, "x")[0]).split()) == ["err", "out"]
    assert printed_by(rows(book, "y")[0]) == "why\n"


BADLY = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Starts a program that hears no signal, and whose children end unseen."""


def test_whatever_signals_the_scheduler_ignores_or_blocks_a_firing_hears_them(home: Path) -> None:
    book = save(home, once(), shell("quick", "exit 3"), shell("slow", "sleep 60"))
    with subprocess.Popen([sys.executable, "-c", BADLY, *FIRE, str(home), "t"]) as runner:
        try:
            wait_for(lambda: statuses(book) == {"quick": "failure", "slow": "running"})
            runner.terminate()
            assert runner.wait(5) == 130
        finally:
            runner.kill()
    assert statuses(book) == {"quick": "failure", "slow": "interrupted"}
    assert rows(book, "quick")[0]["exitCode"] == 3


@pytest.mark.parametrize("locale", ["C", "POSIX", "de_DE.ISO-8859-1", "C.UTF-8"])
def test_the_locale_of_the_scheduler_does_not_matter(home: Path, locale: str) -> None:
    env = {"WORD": "ß", "PATH": "/usr/bin:/bin"}
    book = save(home, once(), shell("ü🎉", "printf '%s' 'ü🎉'; printenv WORD", env=env))
    subprocess.run([*FIRE, str(home), "t"], check=True, env={"LC_ALL": locale})
    assert printed_by(rows(book, "ü🎉")[0]) == "ü🎉ß\n"
    assert "[ü🎉] STDOUT: ü🎉ß" in day_log(home)


def test_a_firing_says_nothing_itself(home: Path) -> None:
    save(home, once(), shell("x", "echo hello; exit 3"))
    done = subprocess.run([*FIRE, str(home), "t"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_the_interpreter_of_the_tests_is_the_one_fired() -> None:
    assert FIRE[0] == sys.executable
