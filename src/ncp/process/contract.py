"""What every operating system's process file has in common."""

from __future__ import annotations

import errno

NOT_FOUND = 127
NOT_RUNNABLE = 126
CHUNK = 64 * 1024
DRAIN_SECONDS = 0.5
"""How long a pipe is read after its program ended, where an escaped descendant holds it open."""


class Bounds:
    """What a program may: its umask (None: its runner's) and its limits.

    `limits` are empty, or memory in MB, CPU seconds and open files, each 0 for
    none. With `later` the program is ncp itself, which takes them upon itself
    before it becomes the task's program.
    """

    __slots__ = ("later", "limits", "umask")

    def __init__(
        self, umask: int | None = None, limits: tuple[int, ...] = (), *, later: bool = False
    ) -> None:
        self.umask, self.limits, self.later = umask, limits, later


UNBOUND = Bounds()
SCARCE = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Too many processes, open files, or too little memory: it may be better when a child has ended."""


class CannotStart(Exception):  # noqa: N818  it reads as what it says
    """A program that could not be started: why, and the exit code that shells give for it."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason, code)
        self.reason = reason
        self.code = code


class Scarce(CannotStart):
    """A program for which there is no process or file left at the moment."""


def refused(name: str, error: OSError) -> CannotStart:
    """Say why the system did not start a program."""
    kind = Scarce if error.errno in SCARCE else CannotStart
    return kind(f"{name}: {error.strerror}", NOT_RUNNABLE)
