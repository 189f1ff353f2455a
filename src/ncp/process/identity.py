"""Which process is which, on POSIX systems, before and after a reboot."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.owners import Owner

MOST_BYTES = 65536


def me() -> Owner:
    """Tell this process from every other one, before and after a reboot."""
    return _boot_id(), os.getpid(), start_of(os.getpid())


def alive(owner: Owner) -> bool:
    """Tell whether that very process is still running.

    Without /proc (macOS) only the number is known, so a reused one counts.
    """
    boot, pid, start = owner
    if boot != _boot_id():
        return False
    if boot:
        return bool(start) and start == start_of(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _boot_id() -> str:
    return read("/proc/sys/kernel/random/boot_id").strip()


def start_of(pid: int) -> str:
    """Read the start time of a process, in ticks since boot; empty where it has ended."""
    # The second field is the program's name in parentheses and may hold anything (proc(5)).
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


class StartClock:
    """Tells when children started without reading it for each of them, which is dear.

    The kernel takes the start from the clock since boot while it forks, so two
    readings around that, in the same tick, say what /proc would. Trusted once
    /proc has said the same of a child; until then, and between ticks, /proc is read.
    """

    __slots__ = ("_agrees", "_before", "_length")

    def __init__(self) -> None:
        self._agrees: bool | None = None if hasattr(time, "CLOCK_BOOTTIME") else False
        self._length = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        self._before = 0

    def starts(self) -> None:
        """Take note that a child is about to be started."""
        if self._agrees is not False:
            self._before = self._tick()

    def started(self, pid: int) -> str:
        """Say when the child that was just started has started, as `start_of` does."""
        if self._agrees is False:
            return start_of(pid)
        within_one = self._before == self._tick()
        if self._agrees and within_one:
            return str(self._before)
        start = start_of(pid)
        if start and within_one:
            self._agrees = start == str(self._before)
        return start

    def _tick(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // self._length


def read(path: str) -> str:
    """Read a small file of the kernel's; empty where it is not there, or not any more."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.read(file, MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""  # it ended meanwhile
    finally:
        os.close(file)
