"""What every operating system's process file has in common."""

from __future__ import annotations

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


class CannotStart(Exception):  # noqa: N818  it reads as what it says
    """A program that could not be started: why, and the exit code that shells give for it."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason, code)
        self.reason = reason
        self.code = code
