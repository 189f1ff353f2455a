"""Which process is which, on POSIX systems, before and after a reboot."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.ledger.record import Owner


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
    return _read("/proc/sys/kernel/random/boot_id").strip()


def start_of(pid: int) -> str:
    """Read the start time of a process, in ticks since boot; empty where it has ended."""
    # The second field is the program's name in parentheses and may hold anything (proc(5)).
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def _read(path: str) -> str:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.read(file, 4096).decode("utf-8", "replace")
    except OSError:
        return ""  # it ended meanwhile
    finally:
        os.close(file)
