"""What programs leave behind on Linux: found again although it left group, session and parent.

The kernel hands orphans to the nearest ancestor that adopts them (prctl(2),
PR_SET_CHILD_SUBREAPER), so a program's descendants cannot hide by forking twice.
Whose they are is read from the variable that each execution carries; what has
cleared even that is ended when nothing else runs. Without /proc nothing is found.
"""

from __future__ import annotations

import os
import sys

from ncp.process.identity import start_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping
else:
    import _signal  # the same names without enums, which cost 5 ms

MARK = "NCP_EXECUTION_ID"
"""The variable that tells executions apart."""

WITHOUT_PROC = sys.platform != "linux"
_PR_SET_CHILD_SUBREAPER = 36
_MOST_ENVIRONMENT = 2 * 1024 * 1024


def adopt(*, wanted: bool = True) -> bool:
    """Have this process get the orphans among its descendants; False where that cannot be."""
    try:
        # ctypes is an import of 1.2 ms and more; what it is built on takes a third of that.
        import _ctypes  # noqa: PLC0415  only where a task is started

        program = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]  # as ctypes.CDLL(None) does
        prctl = _ctypes.dlsym(program, "prctl")
        arguments = (_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)
        return bool(_ctypes.call_function(prctl, arguments) == 0)
    except (ImportError, AttributeError, OSError):
        return False


def children_of(pid: int | str) -> list[int]:
    """List the children of a process, zombies too; none where it has ended."""
    found: list[int] = []
    for thread in _names(f"/proc/{pid}/task"):
        listed = _read(f"/proc/{pid}/task/{thread}/children")
        if listed is None:
            return children_by_scan(pid)
        found += [int(word) for word in listed.split()]
    return found


def children_by_scan(pid: int | str) -> list[int]:
    """Do the same on a kernel without CONFIG_PROC_CHILDREN, or where a thread just ended."""
    parent = str(os.getpid() if pid == "self" else pid).encode()
    return [one for one in processes() if parent_of(one) == parent]


def parent_of(pid: int) -> bytes:
    """Read the number of a process's parent as /proc writes it; empty where it has ended."""
    # The second field is the program's name in parentheses and may hold anything (proc(5)).
    fields = (_read(f"/proc/{pid}/stat") or b"").rpartition(b")")[2].split()
    return fields[1] if len(fields) > 1 else b""


def descendants(pid: int) -> list[int]:
    """List everything below a process, nearest first."""
    found = children_of(pid)
    for one in found:
        found += children_of(one)  # grows while it is walked
    return found


def mark_of(pid: int) -> str:
    """Read which execution a process belongs to; empty where it does not say or has ended."""
    name = f"{MARK}=".encode()
    for pair in environment_of(pid):
        if pair.startswith(name):
            return pair[len(name) :].decode("utf-8", "replace")
    return ""


def environment_of(pid: int) -> list[bytes]:
    """Read what a process was started with; nothing of those that have ended or are not ours."""
    return (_read(f"/proc/{pid}/environ") or b"").split(b"\0")


def family(pid: int, mark: str) -> list[int]:
    """List what a program has started: below it, and orphans that carry its mark."""
    if WITHOUT_PROC:
        from ncp.process.table import relatives  # noqa: PLC0415  few systems need it

        return relatives(pid)
    orphans = [one for one in children_of("self") if one != pid and mark and mark_of(one) == mark]
    roots = [pid, *orphans]
    return orphans + [below for root in roots for below in descendants(root)]


def marked(mark: str) -> list[int]:
    """List the processes of an execution, whoever their parents are now."""
    return [pid for pid in processes() if mark_of(pid) == mark]


def send(pid: int, number: int) -> None:
    """Send a signal to one process; gone already, or another user's, is left alone."""
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


class Strays:
    """The orphans that this process has adopted."""

    def __init__(self) -> None:
        self._before = {*children_of("self")}
        self._ended: set[str] = set()
        self._adopting = adopt()

    def ended(self, mark: str) -> None:
        """Take note that an execution is over: nothing of it may stay."""
        self._ended.add(mark)

    def begun(self, mark: str) -> None:
        """Take note that an execution goes on: another program of it starts."""
        self._ended.discard(mark)

    def sweep(self, leaders: Mapping[int, str]) -> int:
        """Kill what no living program answers for; return how many of them still end.

        `leaders` are the programs not yet waited for, with their marks.
        """
        left = 0
        for pid in children_of("self"):
            known = pid in leaders or pid in self._before
            if not known and not self._spared(pid, leaders) and not _reaped(pid):
                # Listed before, because who has died is no parent any more.
                for one in [pid, *descendants(pid)]:
                    send(one, _signal.SIGKILL)
                left += 1
        return left

    def _spared(self, pid: int, leaders: Mapping[int, str]) -> bool:
        mark = mark_of(pid)
        if mark and mark in self._ended:
            return False
        if mark in leaders.values() or len(_names("/proc/self/task")) > 1:
            return True  # with other threads, it may be a child that one of them has started
        return bool(leaders) and start_of(pid) != ""

    def close(self) -> None:
        """Adopt no more, where this process has another life than running tasks."""
        if self._adopting:
            adopt(wanted=False)


def _reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def processes() -> list[int]:
    """List all processes; none where there is no /proc."""
    return [int(name) for name in _names("/proc") if name.isdecimal()]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _read(path: str) -> bytes | None:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _whole(file)
    except OSError:
        return b""  # it ended meanwhile
    finally:
        os.close(file)


def _whole(file: int) -> bytes:
    data = b""
    while len(data) < _MOST_ENVIRONMENT:
        more = os.read(file, 65536)
        if not more:
            break
        data += more
    return data
