"""Processes on Windows: process groups, threads that read pipes, a Job Object for the tree.

Tested through its interface only; no Windows machine has run it in this project.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from typing import IO, TYPE_CHECKING

from ncp.process.contract import (
    CHUNK,
    DRAIN_SECONDS,
    NOT_FOUND,
    NOT_RUNNABLE,
    UNBOUND,
    CannotStart,
    refused,
)
from ncp.process.jobs import SUSPENDED, JobObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from ncp.owners import Owner, Usage
    from ncp.process.contract import Bounds

MARK = "NCP_EXECUTION_ID"
NEW_GROUP = 0x00000200  # CREATE_NEW_PROCESS_GROUP
TICK_SECONDS = 0.05
_ERRORS = (FileNotFoundError, NotADirectoryError)


def launcher(home: str, *words: str) -> tuple[str, ...]:
    """Write the command that calls this home's own ncp."""
    return (f"{home}\\bin\\ncp.cmd", *words)


def most_children() -> int:
    """How many children this process may wait for: a system limit that is far away."""
    return 256


def close_inherited() -> None:
    """Do nothing: on Windows no file is inherited unless it is asked for."""


def fill_streams() -> None:
    """Do nothing: handles have no numbers that others could take."""


def hear_signals() -> None:
    """Do nothing: Windows cannot block them."""


class Apart:
    """Around tasks that are run by a process with another life: keeps its folder.

    No file is inherited on Windows unless it is asked for.
    """

    def __enter__(self) -> None:
        self._folder = os.getcwd()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.chdir(self._folder)


def locked(path: str) -> int | str:
    """Lock a file for as long as this process lives; return its open file, or the holder's pid."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        importlib.import_module("msvcrt").locking(file, 2, 1)  # LK_NBLCK
    except OSError:
        os.close(file)
        return ""
    return file


def me() -> Owner:
    """Tell this process from others; a reused number cannot be told apart."""
    return "", os.getpid(), ""


def alive(owner: Owner) -> bool:
    """Tell whether a process of that number is running."""
    answer = subprocess.run(
        ["tasklist", "/FI", f"PID eq {owner[1]}", "/NH"],  # noqa: S607  Windows finds its own tools
        capture_output=True,
        check=False,
    )
    return str(owner[1]).encode() in answer.stdout


def contained(limits: tuple[int, ...], execution_id: str) -> None:
    """Do nothing: a Job Object is put around a process from outside."""


def end_orphan(child: Owner, grace: float, mark: str) -> None:  # noqa: ARG001  Windows has no gentle way
    """End the tree of a child whose runner is dead."""
    _kill_tree(child[1])


def _kill_tree(pid: int) -> None:
    subprocess.run(
        ["taskkill", "/T", "/F", "/PID", str(pid)],  # noqa: S607  Windows finds its own tools
        capture_output=True,
        check=False,
    )


class Child:
    """A program that was started, and its end once it came."""

    def __init__(self, program: subprocess.Popen[bytes], job: JobObject | None = None) -> None:
        self.program, self.job = program, job
        self.pid = program.pid
        self.start = ""
        self.open = 2
        self.exit_code: int | None = None
        self.signal: int | None = None
        self.usage: Usage | None = None
        self.starved = False
        self.gone_at: float | None = None
        self.over = False

    def terminate(self, *, alone: bool = False) -> None:  # noqa: ARG002  there is no narrower way
        """Ask the group to end, as Ctrl-Break does."""
        self.program.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))

    def renice(self, change: int, *, to: int | None = None) -> None:
        """Do nothing: Windows has no nice levels, and a priority only decides who starts first."""

    def kill(self) -> None:
        """End the whole tree."""
        if self.job is None:
            _kill_tree(self.pid)
        else:
            self.job.kill()

    def leave(self) -> None:
        """Take note of what its tree has used, and end what is left of it."""
        if self.job is not None:
            self.usage = self.job.usage()
            self.job.close()
            self.job = None


class Children:
    """All children of this process, and one place to wait for them."""

    def __init__(self, *, adopting: bool = False) -> None:  # noqa: ARG002  its trees are ended whole
        self.stop = 0
        self._children: list[Child] = []
        self._printed: queue.Queue[tuple[Child, str, bytes]] = queue.Queue(maxsize=64)
        self._handlers = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._handlers[number] = signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        self.stop = self.stop or number

    def spawn(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        folder: str | None,
        text: bytes | None = None,
        *,
        bounds: Bounds = UNBOUND,
    ) -> Child:
        """Start a program in a folder; CannotStart says why not.

        It reads `text`, or nothing, and its output comes here.
        """
        with tempfile.TemporaryFile() as source:
            source.write(text or b"")
            source.seek(0)
            # Only an execution ends with all below it: runners outlive a daemon.
            job = JobObject(bounds.limits) if MARK in env else None
            program = self._popen(argv, env, folder, source, SUSPENDED if job else 0)
        if job is not None and not job.hold(program):
            job.close()
            job = None
        child = Child(program, job)
        self._children.append(child)
        for stream, pipe in (("STDOUT", program.stdout), ("STDERR", program.stderr)):
            threading.Thread(target=self._pump, args=(child, stream, pipe), daemon=True).start()
        return child

    @staticmethod
    def _popen(
        argv: Sequence[str],
        env: Mapping[str, str],
        folder: str | None,
        source: IO[bytes],
        how: int,
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                argv,
                env=dict(env),
                cwd=folder,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=NEW_GROUP | how,
            )
        except OSError as error:
            code = NOT_FOUND if isinstance(error, _ERRORS) else NOT_RUNNABLE
            if code == NOT_RUNNABLE:
                raise refused(argv[0], error) from None
            raise CannotStart(f"{argv[0]}: {error.strerror}", code) from None

    def _pump(self, child: Child, stream: str, pipe: IO[bytes]) -> None:
        with pipe:
            while data := os.read(pipe.fileno(), CHUNK):
                self._printed.put((child, stream, data))
        child.open -= 1

    def wait(self, seconds: float) -> list[tuple[Child, str, bytes]]:
        """Wait until something happens; return what was printed: (child, stream, bytes)."""
        printed = []
        try:
            printed.append(self._printed.get(timeout=min(TICK_SECONDS, max(0.0, seconds))))
            while True:
                printed.append(self._printed.get_nowait())
        except queue.Empty:
            self._reap(time.monotonic())
        return printed

    def _reap(self, now: float) -> None:
        for child in list(self._children):
            if child.gone_at is None and child.program.poll() is not None:
                child.exit_code, child.gone_at = child.program.returncode, now
                child.leave()
            if child.gone_at is not None and (
                not child.open or now - child.gone_at > DRAIN_SECONDS
            ):
                child.over = True
                self._children.remove(child)

    def close(self) -> None:
        """Stop listening for signals, and leave them as they were."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()
