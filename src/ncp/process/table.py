"""What the process table ties to a program, where no orphans can be adopted: macOS, the BSDs.

Found is what is below it, in its group or in its session, and all below that.
What was started anew in a session of its own escapes once its parent has ended.
"""

from __future__ import annotations

import os

PS = "/bin/ps"
COLUMNS = "pid=,ppid=,pgid=,sess="


def relatives(pid: int) -> list[int]:
    """List what the process table ties to a program now; nothing where it cannot be read."""
    return [one for one in tied(_read(), pid) if one != os.getpid()]


def tied(text: str, leader: int) -> list[int]:
    """List who belongs to a program, without itself, by the COLUMNS of ps.

    A session is told by its leader's number (Linux) or by an address (macOS),
    which is looked up in the program's group.
    """
    cells = [line.split() for line in text.splitlines()]
    rows = [(int(a), int(b), int(c), session) for a, b, c, session in cells]
    sessions = {session for pid, _, group, session in rows if leader in {pid, group}}
    sessions = sessions - {"0", "-"} | {str(leader)}
    found = [
        pid
        for pid, parent, group, session in rows
        if leader in {parent, group} or session in sessions
    ]
    for one in found:  # grows while it is walked
        found += [pid for pid, parent, _, _ in rows if parent == one and pid not in found]
    return [pid for pid in found if pid != leader]


def _read() -> str:
    read, write = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, write, 1)]
    try:
        pid = os.posix_spawn(PS, ["ps", "-axo", COLUMNS], {}, file_actions=actions)
    except OSError:
        os.close(read)
        return ""
    finally:
        os.close(write)
    with os.fdopen(read, "rb") as answer:
        text = answer.read().decode("ascii", "replace")
    os.waitpid(pid, 0)
    return text
