"""What this process has and may have on a POSIX system: its files, its locks, its launcher."""

from __future__ import annotations

import os


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
