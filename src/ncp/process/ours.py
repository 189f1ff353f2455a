"""What this process has on a POSIX system: its files, locks and launcher, the signals it hears."""

from __future__ import annotations

import os

from ncp.process.contract import CHUNK

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any
else:
    import _signal  # the same names without enums, which cost 5 ms

STOP_SIGNALS = (_signal.SIGTERM, _signal.SIGINT, _signal.SIGHUP)


def launcher(home: str, *words: str) -> tuple[str, ...]:
    """Write the command that calls this home's own ncp."""
    return ("/bin/sh", f"{home}/bin/ncp", *words)


def most_children() -> int:
    """How many children fit into the file descriptors that this process may have."""
    return max(1, (os.sysconf("SC_OPEN_MAX") - 64) // 4)


def close_inherited() -> None:
    """Close what the caller left open: it is not for tasks, and a lock in it would live on."""
    for file in _files():
        try:
            os.close(file)
        except OSError:
            continue  # the one that listed the folder, or none
    fill_streams()


def fill_streams() -> None:
    """Open what the caller closed of 0, 1 and 2: else the next file takes its place."""
    while (file := os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)) <= 2:
        continue
    os.close(file)


def _files() -> list[int]:
    try:
        files = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        files = [*range(256)]
    return [file for file in files if file > 2]


def hear_signals() -> None:
    """Unblock what the caller had blocked: a firing that cannot hear SIGTERM cannot be stopped."""
    _signal.pthread_sigmask(_signal.SIG_SETMASK, ())


class Bell:
    """Has stop signals ring a pipe that can be waited for, and tells `heard` their number.

    `file` is the pipe's end, None outside the main thread: no signal is seen there.
    """

    def __init__(self, heard: Callable[[int], None]) -> None:
        self._handlers: dict[int, Any] = {}
        self._outer = -1
        self.file: int | None = None
        ring, bell = os.pipe()
        for end in (ring, bell):
            os.set_blocking(end, False)
        try:
            self._outer = _signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
        except ValueError:  # not the main thread
            os.close(ring)
            os.close(bell)
            return
        self.file = ring
        self._handle(lambda number, _: heard(number))

    def _handle(self, handler: Callable[[int, object], None]) -> None:
        if _signal.getsignal(_signal.SIGCHLD) == _signal.SIG_IGN:  # ends of children would go by
            self._handlers[_signal.SIGCHLD] = _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
        for number in STOP_SIGNALS:
            if number == _signal.SIGHUP and _signal.getsignal(number) == _signal.SIG_IGN:
                continue  # nohup(1) was asked for
            self._handlers[number] = _signal.signal(number, handler)

    def silence(self) -> None:
        """Read what has rung."""
        try:
            if self.file is not None:
                os.read(self.file, CHUNK)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Stop listening, and leave signals as they were."""
        if self.file is not None:
            for number, handler in self._handlers.items():
                _signal.signal(number, handler)
            os.close(_signal.set_wakeup_fd(self._outer))
            os.close(self.file)
            self.file = None


class Apart:
    """Around tasks that are run by a process with another life: they get none of its files.

    Afterwards its files and its folder are as they were.
    """

    def __enter__(self) -> None:
        self._folder = os.getcwd()
        self._files = [file for file in _files() if _withheld(file)]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.chdir(self._folder)  # starting a task enters its folder
        for file in self._files:
            try:
                os.set_inheritable(file, True)  # noqa: FBT003  it takes no names
            except OSError:
                continue  # closed meanwhile


def _withheld(file: int) -> bool:
    """Keep a file from children; False where they would not have got it anyway."""
    try:
        if not os.get_inheritable(file):
            return False
        os.set_inheritable(file, False)  # noqa: FBT003  it takes no names
    except OSError:
        return False
    return True


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


def contained(limits: tuple[int, ...], execution_id: str) -> None:
    """Take limits upon this process, in the cgroup of its execution if the runner made one."""
    if limits:
        from ncp.process import cgroups, limiting  # noqa: PLC0415  few tasks have limits

        limiting.restrict(limits, cgroups.of_execution(execution_id))
