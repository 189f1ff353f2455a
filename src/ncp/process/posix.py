"""Processes on Linux, macOS and other POSIX systems.

Each child leads its own session and process group, so that it can be ended with
everything it started. What a leader leaves behind when it ends is killed: a task
is over when its program is. On Linux that includes what has left the group
(`strays`); elsewhere what the process table still ties to it (`table`), and the rest escapes.
"""

from __future__ import annotations

import os
import select
import time

from ncp.process.child import Child
from ncp.process.contract import (
    CHUNK,
    DRAIN_SECONDS,
    UNBOUND,
    Scarce,
    refused,
)
from ncp.process.identity import StartClock, alive, me
from ncp.process.ours import (
    Apart,
    Bell,
    close_inherited,
    contained,
    fill_streams,
    hear_signals,
    launcher,
    locked,
    most_children,
)
from ncp.process.starting import Source, enter, find, spawn
from ncp.process.strays import MARK, Strays

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ncp.owners import Owner
    from ncp.process.cgroups import Cgroup, Cgroups
    from ncp.process.contract import Bounds

__all__ = [
    "Apart",
    "Child",
    "Children",
    "alive",
    "close_inherited",
    "contained",
    "end_orphan",
    "fill_streams",
    "hear_signals",
    "launcher",
    "locked",
    "me",
    "most_children",
]

SCAN_SECONDS = 0.05
"""How often children are looked at where the system has no pidfd (macOS, old Linux)."""

LAST_SECONDS = 1
"""How long the end of killed strays is waited for at last: they may be stuck in the kernel."""
SWEEP_SECONDS = 5
"""How often adopted orphans that have ended are put away while a task runs."""

_READABLE = select.POLLIN | select.POLLHUP | select.POLLERR


def end_orphan(child: Owner, grace: float, mark: str) -> None:
    """End a child whose runner is dead, all below it and all that carries its mark."""
    from ncp.process import ending  # noqa: PLC0415  only after a runner has died

    ending.end_orphan(child, grace, mark)


class Children:
    """All children of this process, and one place to wait for them.

    `stop` is the number of the signal that asked this process to stop, else 0.
    Signals are only seen where this is made in the main thread. With `adopting`
    nothing that the children started stays behind either, from the first one on.
    """

    def __init__(self, *, adopting: bool = False) -> None:
        self.stop = 0
        self._adopting = adopting
        self._strays: Strays | None = None
        self._cgroups: Cgroups | None = None
        self._left = 0
        self._swept = time.monotonic()
        self._clock = StartClock()
        self._source = Source()
        self._poll = select.poll()
        self._files: dict[int, Child] = {}
        self._children: list[Child] = []
        self._bell = Bell(self._stop)
        if self._bell.file is not None:
            self._poll.register(self._bell.file, _READABLE)

    def _stop(self, number: int) -> None:
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
        """Start a program in a folder, within bounds; CannotStart says why not.

        It reads `text`, or nothing, and its output comes here.
        """
        enter(folder)
        name, path = argv[0], env.get("PATH", os.defpath)
        program = name if "/" in name else find(name, path)
        if self._adopting and self._strays is None:
            self._strays = Strays()
        source, (out, out_end), (err, err_end) = self._streams(name, text)
        group = self._group_for(bounds, env.get(MARK, "")) if bounds.limits else None
        words = (program, argv, env, [source, out_end, err_end])
        self._clock.starts()
        try:
            pid = _start(words, bounds, "" if group is None else group.path)
        except OSError as error:
            os.close(out)
            os.close(err)
            found = refused(name, error)
            if not isinstance(found, Scarce):
                find(name, path)  # knows more of what is wrong
            raise found from None
        finally:
            for file in (out_end, err_end) if text is None else (source, out_end, err_end):
                os.close(file)
        begun, streams = self._clock.started(pid), {out: "STDOUT", err: "STDERR"}
        return self._begun(Child(pid, begun, streams, env.get(MARK, ""), group))

    def _streams(
        self, name: str, text: bytes | None
    ) -> tuple[int, tuple[int, int], tuple[int, int]]:
        """Open what a program reads, and the pipes it writes to; all of them, or none."""
        opened: list[int] = []
        try:
            source = self._source.open(text)
            opened += [] if text is None else [source]
            out = os.pipe()
            opened += out
            return source, out, os.pipe()
        except OSError as error:
            for file in opened:
                os.close(file)
            raise refused(name, error) from None

    def _begun(self, child: Child) -> Child:
        if self._strays is not None:
            self._strays.begun(child.mark)
        self._children.append(child)
        for file in child.files():
            self._files[file] = child
            self._poll.register(file, _READABLE)
        return child

    def _group_for(self, bounds: Bounds, mark: str) -> Cgroup | None:
        """Make a cgroup for a task with a memory limit, where there can be one."""
        if not (bounds.limits[0] and mark):
            return None
        if self._cgroups is None:
            from ncp.process.cgroups import Cgroups  # noqa: PLC0415  few tasks have such a limit

            self._cgroups = Cgroups()
        return self._cgroups.make(mark, bounds.limits[0])

    def wait(self, seconds: float) -> list[tuple[Child, str, bytes]]:
        """Wait until something happens; return what was printed: (child, stream, bytes).

        Children that are over afterwards (gone, and their pipes read or given
        up) say so in `over`, once.
        """
        ready = self._poll.poll(max(0.0, self._shorter(seconds)) * 1000)
        printed = []
        for file, event in ready:
            child = self._files.get(file)
            if child is None:
                self._bell.silence()
            elif file in child.pipes and not event & select.POLLIN:
                self._close(child, file)  # every writer is gone, and nothing is left to read
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
        return min(seconds, SWEEP_SECONDS) if self._strays is not None else seconds

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
        for child in self._children:
            if child.gone_at is None and (child.watch is None or child.watch in ready):
                self._bury(child, now)
        gone = [(one, one.gone_at) for one in self._children if one.gone_at is not None]
        if gone or now - self._swept > SWEEP_SECONDS:
            self._sweep(now)
        for child, since in gone:
            given_up = now - since > DRAIN_SECONDS
            for file in list(child.pipes) if given_up else ():
                self._close(child, file)
            if not child.pipes and (given_up or not self._left):
                child.over = True
                self._children.remove(child)

    def _sweep(self, now: float) -> None:
        """End what the gone have left behind; some of it may take until the next time."""
        self._swept = now
        if self._strays is not None:
            living = {one.pid: one.mark for one in self._children if one.gone_at is None}
            self._left = self._strays.sweep(living)
        if self._cgroups is not None:
            self._cgroups.tidy()

    def _bury(self, child: Child, now: float) -> None:
        """Take the exit status of a child that has ended, and kill what it left behind."""
        if child.watch is not None:
            child.kill_rest()  # while the zombie keeps the number of the group from being reused
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid == 0:
            return
        if child.watch is None:
            child.kill_rest()
        else:
            self._close(child, child.watch)
        child.ended(status, used, now)
        if self._strays is not None:
            self._strays.ended(child.mark)
        if child.group is not None and self._cgroups is not None:
            self._cgroups.end(child.group)

    def close(self) -> None:
        """End the last strays, stop listening for signals, and leave those as they were."""
        if self._strays is not None:
            self._sweep_out(self._strays)
            self._strays = None
        if self._cgroups is not None:
            self._cgroups.close()
            self._cgroups = None
        self._source.close()
        self._bell.close()

    def _sweep_out(self, strays: Strays) -> None:
        """End what is left, whatever it takes to find it; but do not wait for ever."""
        until = time.monotonic() + LAST_SECONDS
        self._sweep(time.monotonic())
        while self._left and time.monotonic() < until:
            time.sleep(0.005)
            self._sweep(time.monotonic())
        strays.close()


def _start(words: tuple[Any, ...], bounds: Bounds, group: str) -> int:
    """Start a program (what `starting.spawn` takes) within bounds and a cgroup (or none: "").

    The umask is set around it, as a child has it from its parent.
    """
    before = None if bounds.umask is None else os.umask(bounds.umask)
    try:
        if bounds.limits and not bounds.later:
            from ncp.process import limiting  # noqa: PLC0415  few tasks have limits

            return limiting.spawn(*words, confine=(bounds.limits, group))
        return spawn(*words)
    finally:
        if before is not None:
            os.umask(before)
