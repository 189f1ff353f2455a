"""Processes on Linux, macOS and other POSIX systems.

Each child leads its own session and process group, so that it can be ended with
everything it started. Where a leader ends and leaves members of its group
behind, they are killed: a task is over when its program is. A program meant to
stay must leave the group (setsid), as daemons do.
"""

from __future__ import annotations

import os
import select
import time

from ncp.process.contract import CHUNK, DRAIN_SECONDS, NOT_RUNNABLE, CannotStart
from ncp.process.identity import alive, me, start_of
from ncp.process.starting import STOP_SIGNALS, enter, find, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ncp.ledger.record import Owner

else:
    import _signal  # the same names without enums, which cost 5 ms

__all__ = [
    "Child",
    "Children",
    "alive",
    "close_inherited",
    "end_orphan",
    "launcher",
    "locked",
    "me",
    "most_children",
]

SCAN_SECONDS = 0.05
"""How often children are looked at where the system has no pidfd (macOS, old Linux)."""

_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR


def launcher(home: str, *words: str) -> tuple[str, ...]:
    """Write the command that calls this home's own ncp."""
    return ("/bin/sh", f"{home}/bin/ncp", *words)


def most_children() -> int:
    """How many children fit into the file descriptors that this process may have."""
    return max(1, (os.sysconf("SC_OPEN_MAX") - 64) // 4)


def close_inherited() -> None:
    """Close what the caller left open: it is not for tasks, and a lock in it would live on."""
    try:
        files = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        files = [*range(256)]
    for file in files:
        if file > 2:
            try:
                os.close(file)
            except OSError:
                continue  # the one that listed the folder, or none


def locked(path: str) -> int | str:
    """Lock a file for as long as this process lives; return its open file, or the holder's pid."""
    import fcntl  # noqa: PLC0415  not on the path of a firing

    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(file, 32).decode("ascii", "replace").strip()
        os.close(file)
        return holder
    os.ftruncate(file, 0)
    os.write(file, str(os.getpid()).encode())
    return file


def end_orphan(child: Owner, grace: float) -> None:
    """End the group of a child whose runner is dead: SIGTERM, grace, SIGKILL."""
    if not alive(child):
        return
    signal_group(child[1], _signal.SIGTERM)
    until = time.monotonic() + grace
    while alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    if alive(child):
        signal_group(child[1], _signal.SIGKILL)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a process group; gone already is fine."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return  # macOS says EPERM where only zombies are left


class Child:
    """A program that was started: its pipes while they are open, its end once it came."""

    __slots__ = ("exit_code", "gone_at", "over", "pid", "pipes", "signal", "start", "watch")

    def __init__(self, pid: int, pipes: dict[int, str]) -> None:
        self.pid = pid
        self.pipes = pipes
        self.start = start_of(pid)
        self.watch = _watch(pid)
        self.exit_code: int | None = None
        self.signal: int | None = None
        self.gone_at: float | None = None
        self.over = False

    def terminate(self) -> None:
        """Ask the whole group to end."""
        signal_group(self.pid, _signal.SIGTERM)

    def renice(self, change: int) -> None:
        """Make the whole group so much nicer than this process; less nice where that is allowed."""
        try:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PGRP, self.pid, own + change)
        except OSError:
            return  # only root may be less nice

    def kill(self) -> None:
        """End the whole group."""
        signal_group(self.pid, _signal.SIGKILL)


def _watch(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


class Children:
    """All children of this process, and one place to wait for them.

    `stop` is the number of the signal that asked this process to stop, else 0.
    Signals are only seen where this is made in the main thread.
    """

    def __init__(self) -> None:
        self.stop = 0
        self._poll = select.poll()
        self._files: dict[int, Child] = {}
        self._children: list[Child] = []
        self._handlers: dict[int, Any] = {}
        self._outer = -1
        self._bell = self._listen()

    def _listen(self) -> int | None:
        """Have stop signals ring a pipe, which `wait` watches."""
        ring, bell = os.pipe()
        for end in (ring, bell):
            os.set_blocking(end, False)
        try:
            self._outer = _signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
        except ValueError:  # not the main thread
            os.close(ring)
            os.close(bell)
            return None
        for number in STOP_SIGNALS:
            if number == _signal.SIGHUP and _signal.getsignal(number) == _signal.SIG_IGN:
                continue  # nohup(1) was asked for
            self._handlers[number] = _signal.signal(number, self._stop)
        self._poll.register(ring, _READABLE)
        return ring

    def _stop(self, number: int, _frame: object) -> None:
        self.stop = self.stop or number

    def spawn(self, argv: Sequence[str], env: Mapping[str, str], folder: str | None) -> Child:
        """Start a program in a folder, with its output coming here; CannotStart says why not."""
        enter(folder)
        program = find(argv[0], env.get("PATH", os.defpath))
        pipes = [os.pipe(), os.pipe()]
        try:
            pid = spawn(program, argv, env, [write for _, write in pipes])
        except OSError as error:
            for read, _ in pipes:
                os.close(read)
            raise CannotStart(f"{argv[0]}: {error.strerror}", NOT_RUNNABLE) from None
        finally:
            for _, write in pipes:
                os.close(write)
        child = Child(pid, {pipes[0][0]: "STDOUT", pipes[1][0]: "STDERR"})
        self._children.append(child)
        for file in self._files_of(child):
            self._files[file] = child
            self._poll.register(file, _READABLE)
        return child

    @staticmethod
    def _files_of(child: Child) -> list[int]:
        for file in child.pipes:
            os.set_blocking(file, False)
        return [*child.pipes] if child.watch is None else [*child.pipes, child.watch]

    def wait(self, seconds: float) -> list[tuple[Child, str, bytes]]:
        """Wait until something happens; return what was printed: (child, stream, bytes).

        Children that are over afterwards (gone, and their pipes read or given
        up) say so in `over`, once.
        """
        ready = self._poll.poll(max(0.0, self._shorter(seconds)) * 1000)
        printed = []
        for file, _ in ready:
            child = self._files.get(file)
            if child is None:
                self._silence(file)
            elif file in child.pipes:
                data = self._read(child, file)
                if data:
                    printed.append((child, data[0], data[1]))
        self._reap({file for file, _ in ready})
        return printed

    def _shorter(self, seconds: float) -> float:
        """Do not sleep through the end of a child that nothing announces."""
        if any(child.gone_at is not None or child.watch is None for child in self._children):
            return min(seconds, SCAN_SECONDS)
        return seconds

    @staticmethod
    def _silence(bell: int) -> None:
        try:
            os.read(bell, CHUNK)
        except BlockingIOError:
            return

    def _read(self, child: Child, file: int) -> tuple[str, bytes] | None:
        try:
            data = os.read(file, CHUNK)
        except BlockingIOError:
            return None
        if data:
            return child.pipes[file], data
        self._close(child, file)
        return None

    def _close(self, child: Child, file: int) -> None:
        child.pipes.pop(file, None)
        self._poll.unregister(file)
        del self._files[file]
        os.close(file)

    def _reap(self, ready: set[int]) -> None:
        now = time.monotonic()
        for child in list(self._children):
            if child.gone_at is None and (child.watch is None or child.watch in ready):
                self._bury(child, now)
            if child.gone_at is None:
                continue
            if now - child.gone_at > DRAIN_SECONDS:
                for file in list(child.pipes):
                    self._close(child, file)
            if not child.pipes:
                child.over = True
                self._children.remove(child)

    def _bury(self, child: Child, now: float) -> None:
        """Take the exit status of a child that has ended, and kill what it left behind."""
        if child.watch is not None:
            child.kill()  # while the zombie keeps the number of the group from being reused
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid == 0:
            return
        if child.watch is None:
            child.kill()
        else:
            self._close(child, child.watch)
        code = os.waitstatus_to_exitcode(status)
        child.exit_code, child.signal = (code, None) if code >= 0 else (None, -code)
        child.gone_at = now

    def close(self) -> None:
        """Stop listening for signals, and leave them as they were."""
        if self._bell is not None:
            for number, handler in self._handlers.items():
                _signal.signal(number, handler)
            os.close(_signal.set_wakeup_fd(self._outer))
            os.close(self._bell)
            self._bell = None
