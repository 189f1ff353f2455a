"""Which limits of a task this machine cannot hold it to, and what its memory limit means here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ncp.host import survey
from ncp.model import Command

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
CGROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
"""Where version 2 is mounted: alone, or beside version 1."""
MANAGER = ("systemctl", "--user", "show", "--property=ControlGroup", "--value")
TOGETHER = (
    "limits.memoryMb binds all of its processes together where systemd fires it (a cgroup);"
    " run by hand, the address space of each of them (RLIMIT_AS)."
)
EACH = (
    "limits.memoryMb binds the address space of each of its processes (RLIMIT_AS), not the"
    " memory of all together: {}. Java, Go and Node need a far higher number."
)
SYSTEMS = {"linux": "Linux", "darwin": "macOS", "windows": "Windows"}


def notes(task: Task, host: Host, target: str) -> tuple[str, ...]:
    """Say what is to be known of a task's limits here, where this target fires it."""
    return *gaps(task, host), *memory(task, host, target)


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


def memory(task: Task, host: Host, target: str) -> tuple[str, ...]:
    """Say what `memoryMb` binds when this target fires: on Linux that is one of two things."""
    two = host.system == "linux" and "memory_mb" not in UNKNOWN["linux"]
    if not two or task.limits is None or task.limits.memory_mb is None:
        return ()
    if target == "systemd" and _hands_memory_on():
        return (TOGETHER,)
    none = "its user manager has no memory to hand on"
    why = none if target == "systemd" else f"fired by {target} it has no cgroup of its own"
    return (EACH.format(why),)


def _hands_memory_on() -> bool:
    """Ask whether the user manager may divide memory among its units (`Delegate=memory`)."""
    group = survey.run(Command(MANAGER)).stdout.strip()
    files = (Path(f"{root}{group}/cgroup.controllers") for root in CGROUPS)
    return bool(group) and any("memory" in one.read_text().split() for one in files if one.exists())
