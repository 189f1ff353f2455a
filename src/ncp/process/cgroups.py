"""Memory limits for whole trees: cgroups (version 2) below the one that this runner was given.

As cgroups(7) wants it: a cgroup that hands the memory controller on holds no
processes itself, so the runner and what it has started move into one below.
That is done only for a task with a memory limit, and only in a cgroup that
holds nothing but this runner, as a service of systemd does (`Delegate=memory`).
"""

from __future__ import annotations

import os
import time

from ncp.process.identity import read
from ncp.process.strays import descendants, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.owners import Usage

ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
"""Where version 2 is mounted: alone, or beside version 1."""
RUNNER = "ncp-runner"
CONTROLLER, LIMIT = "memory", "memory.max"
LAST_SECONDS = 1
_ROUNDS = 10
"""What is moved may fork meanwhile."""
_KILL = 9


class Cgroups:
    """The cgroups of one runner's tasks."""

    def __init__(self) -> None:
        self._base = _prepared(own())
        self._ended: list[Cgroup] = []

    def make(self, name: str, memory_mb: int) -> Cgroup | None:
        """Make one that may use so much memory and no swap; None where that cannot be."""
        if not self._base:
            return None
        group = Cgroup(f"{self._base}/ncp-{name}")
        # A pipeline's next step comes to the one of the step before it.
        self._ended = [one for one in self._ended if one.path != group.path]
        try:
            if os.path.exists(group.path):
                group.before = group.spent()
            else:
                os.mkdir(group.path)
            _write(f"{group.path}/{LIMIT}", str(memory_mb * 1024 * 1024))
        except OSError:
            group.remove()
            return None
        for file, value in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
            try:
                _write(f"{group.path}/{file}", value)
            except OSError:
                continue  # a kernel without swap accounting has no such file
        return group

    def end(self, group: Cgroup) -> None:
        """Kill what is left in one, and remove it as soon as that is gone."""
        group.kill()
        self._ended.append(group)
        self.tidy()

    def tidy(self) -> None:
        """Remove those that have ended and are empty."""
        self._ended = [group for group in self._ended if not group.remove()]

    def close(self) -> None:
        """Wait for the last to be empty; but not for ever."""
        until = time.monotonic() + LAST_SECONDS
        self.tidy()
        while self._ended and time.monotonic() < until:
            time.sleep(0.005)
            self.tidy()


class Cgroup:
    """The cgroup of one execution."""

    __slots__ = ("before", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.before = 0
        """The CPU time (microseconds) of an earlier step, which is counted there."""

    def kill(self) -> None:
        """Kill everything in it: by the kernel at once, or one by one before Linux 5.14."""
        try:
            _write(f"{self.path}/cgroup.kill", "1")
        except OSError:
            for pid in _members(self.path):
                send(pid, _KILL)

    def usage(self, otherwise: Usage) -> Usage:
        """Tell the peak memory and CPU time of all that ran in it, where the kernel counts them."""
        peak = read(f"{self.path}/memory.peak").strip()
        cpu = self.spent()
        return int(peak or otherwise[0]), cpu - self.before if cpu else otherwise[1]

    def spent(self) -> int:
        """Read the CPU time of all that ever ran in it, in microseconds; 0: not counted."""
        return _fact(f"{self.path}/cpu.stat", "usage_usec") or 0

    def starved(self) -> bool:
        """Tell whether something in it was killed because it needed more memory."""
        return bool(_fact(f"{self.path}/memory.events", "oom_kill"))

    def remove(self) -> bool:
        """Remove it; False where something in it has not ended yet."""
        try:
            os.rmdir(self.path)
        except FileNotFoundError:
            return True
        except OSError:
            self.kill()
            return False
        return True


def own() -> str:
    """Find the folder of this process's cgroup; empty where there is no version 2."""
    lines = read("/proc/self/cgroup").splitlines()
    place = next((line[3:] for line in lines if line.startswith("0::")), None)
    if place is None:
        return ""
    folders = (root + place.rstrip("/") for root in ROOTS)
    return next((one for one in folders if os.path.exists(f"{one}/cgroup.controllers")), "")


def of_execution(name: str) -> str:
    """Find the cgroup that the runner has made for an execution, seen from a process of it."""
    folder = f"{os.path.dirname(own())}/ncp-{name}"
    return folder if name and os.path.exists(f"{folder}/{LIMIT}") else ""


def delegated(folder: str) -> bool:
    """Tell whether a cgroup can hand memory on, is ours to write, and holds only this runner."""
    if CONTROLLER not in read(f"{folder}/cgroup.controllers").split():
        return False
    if not all(os.access(f"{folder}{end}", os.W_OK) for end in ("", "/cgroup.procs")):
        return False
    return {*_members(folder)} <= {os.getpid(), *descendants(os.getpid())}


def _prepared(folder: str) -> str:
    """Make a cgroup hand its memory controller on; empty where it cannot."""
    if not folder or not delegated(folder):
        return ""
    try:
        os.makedirs(f"{folder}/{RUNNER}", exist_ok=True)
        for _ in range(_ROUNDS):
            members = _members(folder)
            if not members:
                break
            for pid in members:
                _move(pid, f"{folder}/{RUNNER}")
        _write(f"{folder}/cgroup.subtree_control", f"+{CONTROLLER}")
    except OSError:
        return ""
    return folder


def _move(pid: int, folder: str) -> None:
    try:
        _write(f"{folder}/cgroup.procs", str(pid))
    except ProcessLookupError:
        return  # it has ended


def _members(folder: str) -> list[int]:
    return [int(word) for word in read(f"{folder}/cgroup.procs").split()]


def _fact(path: str, key: str) -> int | None:
    for line in read(path).splitlines():
        name, _, value = line.partition(" ")
        if name == key:
            return int(value)
    return None


def _write(path: str, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
