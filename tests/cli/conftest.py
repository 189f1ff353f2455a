"""The command line as a person meets it, in a home of its own, without a machine's scheduler."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from machine import programs
from ncp.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN = {"PATH": programs(), "LANG": "C.UTF-8", "TZ": "Europe/Berlin"}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def partial(self) -> Any:
        """The JSON of what was done in part: some of it was refused, and the exit code says so."""
        tree = json.loads(self.out)
        assert (self.code, tree["partial"]) == (2, True), self.err
        return tree


class Ncp:
    """Runs commands in this process, or in one of their own."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home = folder / "n & c 100%"
        self.user_home = folder / "user"
        self.environment = {**PLAIN, "HOME": str(self.user_home), "NCP_HOME": str(self.home)}
        self._capture = capture

    def __call__(self, *argv: str) -> Said:
        self._capture.readouterr()
        code = main(argv)
        sys.stdout.flush()
        return Said(code, *self._capture.readouterr())

    def create(self, schedule: str, *words: str, **options: str) -> dict[str, Any]:
        """Make a task that runs `words` (true, if none) and return its JSON."""
        named = [piece for key, value in options.items() for piece in (f"--{key}", value)]
        command = words or ("true",)
        twice = "--allow-duplicate-name"
        said = self("schedule", "create", schedule, *named, twice, "--json", "--", *command)
        task: dict[str, Any] = said.json["task"]
        return task

    def program(self, *argv: str) -> list[str]:
        """The same command as a program, to be started with `environment`."""
        return [sys.executable, "-m", "ncp", *argv]

    @contextmanager
    def running(self, *argv: str) -> Iterator[subprocess.Popen[str]]:
        """A command at work, ended with the block and after half a minute at the latest."""
        program = subprocess.Popen(
            self.program(*argv),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        watchdog = threading.Timer(30, program.kill)
        watchdog.start()
        try:
            with program:
                yield program
        finally:
            watchdog.cancel()

    def overdue(self, minutes: int = 1) -> None:
        """Make the timings look as if they had been there for some minutes more."""
        with sqlite3.connect(self.home / "state.db") as book:
            book.execute("UPDATE timings SET since = since - ?", (minutes,))
            book.execute("UPDATE tasks SET active_since = 0")
        book.close()

    @contextmanager
    def ledger(self) -> Iterator[sqlite3.Connection]:
        """The ledger, to be changed behind the back of ncp."""
        book = sqlite3.connect(self.home / "state.db")
        try:
            with book:
                yield book
        finally:
            book.close()

    def fire(self, timing: str) -> Said:
        """Let a timing be due and fire it."""
        self.overdue()
        return self("_timing-run", timing)


@pytest.fixture
def ncp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Ncp]:
    """The command line in a new home that uses the embedded target."""
    room = Ncp(tmp_path, capfd)
    room.user_home.mkdir()
    room.home.mkdir(mode=0o700)
    (room.home / "config.toml").write_text('target = "embedded"\n')
    for name in [name for name in os.environ if name.startswith("NCP_")]:
        monkeypatch.delenv(name)
    for name, value in room.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(import_module("ncp.host.look"), "processes", frozenset)
    monkeypatch.chdir(room.user_home)
    time.tzset()
    yield room
    monkeypatch.undo()
    time.tzset()
