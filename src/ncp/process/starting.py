"""Start one program on a POSIX system: its folder, its file, its own session."""

from __future__ import annotations

import os
import sys

from ncp.process.contract import NOT_FOUND, NOT_RUNNABLE, CannotStart

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Mapping, Sequence
    from typing import Any
else:
    import _signal  # the same names without enums, which cost 5 ms

# Python ignores two signals, whoever called us perhaps others, and a child would inherit that.
DEFAULTED = _signal.valid_signals() - {_signal.SIGKILL, _signal.SIGSTOP}


def enter(folder: str | None) -> None:
    """Change into the folder, else the root: ncp itself uses absolute paths only."""
    try:
        os.chdir(folder or "/")
    except OSError as error:
        reason = f"The working directory {folder} cannot be entered: {error.strerror}"
        raise CannotStart(reason, NOT_RUNNABLE) from None


def find(name: str, path: str) -> str:
    """Look a program up as execvp does, in the child's PATH and from its folder."""
    if not name:
        raise CannotStart("The command is empty", NOT_FOUND)
    candidates = [name] if "/" in name else [f"{part or '.'}/{name}" for part in path.split(":")]
    found = [one for one in candidates if os.path.isfile(one)]
    for one in found:
        if os.access(one, os.X_OK):
            return one
    if found:
        raise CannotStart(f"{found[0]} is not executable", NOT_RUNNABLE)
    if "/" in name:
        raise CannotStart(f"The program {name} does not exist", NOT_FOUND)
    raise CannotStart(f"The program {name} is in no folder of the task's PATH", NOT_FOUND)


class Source:
    """What programs read: a text, or nothing, which is the same file for all."""

    def __init__(self) -> None:
        self._nothing = -1

    def open(self, text: bytes | None) -> int:
        """Open it; what holds a text is to be closed by who asked for it."""
        if text is not None:
            return _reading(text)
        if self._nothing < 0:
            self._nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        return self._nothing

    def close(self) -> None:
        """Close what all have read that read nothing."""
        if self._nothing >= 0:
            os.close(self._nothing)
            self._nothing = -1


def _reading(text: bytes) -> int:
    """Open a file without a name that holds a text."""
    file = _nameless()
    while text:
        text = text[os.write(file, text) :]
    os.lseek(file, 0, os.SEEK_SET)
    return file


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("ncp-stdin")
    path = f"{os.environ.get('TMPDIR', '/tmp')}/ncp-{os.urandom(12).hex()}"  # noqa: S108  made anew
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    os.unlink(path)
    return file


def spawn(program: str, argv: Sequence[str], env: Mapping[str, str], files: list[int]) -> int:
    """Start a program in its own session with the files as 0, 1, 2; return its pid."""
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_DUP2, file, number) for number, file in enumerate(files)
    ]
    words: list[str] | list[bytes] = list(argv)
    values: Mapping[str, str] | Mapping[bytes, bytes] = env
    if sys.getfilesystemencoding() != "utf-8":  # the locale of the scheduler that called us
        words = [in_bytes(word) for word in argv]
        values = {in_bytes(key): in_bytes(value) for key, value in env.items()}
    return os.posix_spawn(
        in_bytes(program),
        words,
        values,
        file_actions=actions,
        setsid=True,
        setsigmask=(),
        setsigdef=DEFAULTED,
    )


def in_bytes(text: str) -> bytes:
    """Write an argument as the bytes that it came from."""
    return text.encode("utf-8", "surrogateescape")
