"""Which limits of a task this machine cannot hold it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncp.model import Host, Task

KEYS = {
    "memory_mb": "limits.memoryMb",
    "cpu_seconds": "limits.cpuSeconds",
    "open_files": "limits.openFiles",
    "nice": "limits.nice",
}
UNKNOWN: dict[str, tuple[str, ...]] = {
    "linux": (),
    "darwin": ("memory_mb",),
    "windows": ("open_files", "nice"),
}
"""What a system has no way to enforce: macOS takes RLIMIT_AS and does not heed it."""
SYSTEMS = {"linux": "Linux", "darwin": "macOS", "windows": "Windows"}


def gaps(task: Task, host: Host) -> tuple[str, ...]:
    """Say in a sentence each what is not enforced here."""
    limits = task.limits
    if limits is None:
        return ()
    found = [
        f"{KEYS[name]} is not enforced here: {SYSTEMS[host.system]} has no way to."
        for name in UNKNOWN[host.system]
        if getattr(limits, name) is not None
    ]
    if host.system != "windows" and host.uid != 0 and (limits.nice or 0) < 0:
        found.append(f"limits.nice is not enforced here: {limits.nice} needs root.")
    return tuple(found)
