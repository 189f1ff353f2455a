"""Start a program that may use less than its runner: address space, CPU time, open files.

Limits set from outside would come too late: by then a program may have started
others, which keep the old ones. So its process is forked here and takes them
upon itself before it becomes the program. A fork costs a millisecond more than
posix_spawn(3), so only tasks with limits are started this way.
"""

from __future__ import annotations

import os
import resource

from ncp.process.starting import DEFAULTED, in_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping, Sequence
    from typing import NoReturn
else:
    import _signal  # the same names without enums, which cost 5 ms

MEGABYTE = 1024 * 1024


def spawn(
    program: str,
    argv: Sequence[str],
    env: Mapping[str, str],
    files: Sequence[int],
    *,
    confine: tuple[tuple[int, ...], str],
) -> int:
    """Start a program as `starting.spawn` does, but within limits and a cgroup (or none: "")."""
    words = [in_bytes(word) for word in argv]
    values = {in_bytes(key): in_bytes(value) for key, value in env.items()}
    read, write = os.pipe()
    # A stop signal must not be taken by the runner's handlers in the child.
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    try:
        pid = os.fork()
        if pid == 0:
            _become(in_bytes(program), words, values, files, confine, write)
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
        os.close(write)
    with os.fdopen(read, "rb") as answer:
        failure = answer.read()  # until the program is started, which closes it
    if failure:
        os.waitpid(pid, 0)
        raise OSError(int(failure), os.strerror(int(failure)))
    return pid


def _become(  # noqa: PLR0917  all of it is made before the fork
    program: bytes,
    words: list[bytes],
    values: Mapping[bytes, bytes],
    files: Sequence[int],
    confine: tuple[tuple[int, ...], str],
    failed: int,
) -> NoReturn:
    try:
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
        for number in DEFAULTED:
            _signal.signal(number, _signal.SIG_DFL)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
        restrict(*confine)
        os.execve(program, words, values)  # noqa: S606  the task is a program of its own
    except OSError as error:
        os.write(failed, str(error.errno).encode())
    except MemoryError:
        os.write(failed, b"12")  # ENOMEM
    finally:
        os._exit(127)


def restrict(limits: tuple[int, ...], group: str) -> None:
    """Take limits upon this process; memory is left to its cgroup where it can have one."""
    memory, cpu, files = limits
    if group and memory:
        join(group)
        memory = 0
    if files:
        _lower(resource.RLIMIT_NOFILE, files, files)
    if cpu:
        # SIGXCPU, which may be heeded, and a second later SIGKILL (getrlimit(2)).
        _lower(resource.RLIMIT_CPU, cpu, cpu + 1)
    if memory:
        _lower(resource.RLIMIT_AS, memory * MEGABYTE, memory * MEGABYTE)


def join(group: str) -> None:
    """Move this process into a cgroup."""
    file = os.open(f"{group}/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(file, b"0")  # whoever writes it (cgroups(7))
    finally:
        os.close(file)


def _lower(which: int, soft: int, hard: int) -> None:
    """Set a limit, but never above the one there is: only root could."""
    _, most = resource.getrlimit(which)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))
