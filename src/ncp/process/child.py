"""A child process on a POSIX system, from its start to the end of all it started."""

from __future__ import annotations

import os
import sys

from ncp.process import strays
from ncp.process.strays import family, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from resource import struct_rusage

    from ncp.owners import Usage
    from ncp.process.cgroups import Cgroup
else:
    import _signal  # the same names without enums, which cost 5 ms

_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in: bytes on macOS, KiB elsewhere (getrusage(2))."""


class Child:
    """A program that was started: its pipes while they are open, its end once it came."""

    __slots__ = (
        *("exit_code", "gone_at", "group", "mark", "over", "pid", "pipes"),
        *("signal", "start", "starved", "usage", "watch"),
    )

    def __init__(
        self, pid: int, start: str, pipes: dict[int, str], mark: str, group: Cgroup | None = None
    ) -> None:
        self.pid, self.start, self.mark, self.group = pid, start, mark, group
        self.pipes = pipes
        self.watch = _watch(pid)
        self.exit_code: int | None = None
        self.signal: int | None = None
        self.usage: Usage | None = None
        self.gone_at: float | None = None
        self.starved = False
        """Whether its memory limit ended it, where that can be known."""
        self.over = False

    def files(self) -> list[int]:
        """List what to wait for: its pipes, and its end where the system announces that."""
        for file in self.pipes:
            os.set_blocking(file, False)
        return [*self.pipes] if self.watch is None else [*self.pipes, self.watch]

    def ended(self, status: int, used: struct_rusage, now: float) -> None:
        """Take note of its end, as wait4(2) tells it."""
        code = os.waitstatus_to_exitcode(status)
        self.exit_code, self.signal = (code, None) if code >= 0 else (None, -code)
        seconds = used.ru_utime + used.ru_stime
        self.usage = (used.ru_maxrss * _PEAK_UNIT, round(seconds * 1_000_000))
        self.gone_at = now
        if self.group is not None:
            self.usage, self.starved = self.group.usage(self.usage), self.group.starved()

    def terminate(self, *, alone: bool = False) -> None:
        """Ask the whole tree to end, or just the program where it sees to the rest itself."""
        if alone:
            send(self.pid, _signal.SIGTERM)
        else:
            self._send(_signal.SIGTERM)

    def renice(self, change: int, *, to: int | None = None) -> None:
        """Make the group so much nicer than this process, or as nice as `to`, where it may be."""
        try:
            level = os.getpriority(os.PRIO_PROCESS, 0) + change if to is None else to
            os.setpriority(os.PRIO_PGRP, self.pid, level)
        except OSError:
            return  # only root may be less nice

    def kill(self) -> None:
        """End the whole tree."""
        self._send(_signal.SIGKILL)
        if self.group is not None:
            self.group.kill()  # the second net

    def kill_rest(self) -> None:
        """End what is left of its group after it has ended; the sweep ends what has left that."""
        if strays.WITHOUT_PROC:
            self.kill()  # no sweep will find it
            return
        signal_group(self.pid, _signal.SIGKILL)
        if self.group is not None:
            self.group.kill()

    def _send(self, number: int) -> None:
        # Only an execution is ended with all below it: a runner ends its tasks by itself.
        # Listed before, because who has died is no parent any more.
        others = family(self.pid, self.mark) if self.mark else []
        signal_group(self.pid, number)
        for pid in others:
            if group_of(pid) != self.pid:
                send(pid, number)


def _watch(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a process group; gone already is fine."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return  # macOS says EPERM where only zombies are left


def group_of(pid: int) -> int:
    """Look up the group of a process; 0 where it has ended."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
