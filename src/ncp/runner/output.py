"""What one execution prints: to its own file, to the daily log, and live where wanted."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.daylog import Daylog

MOST_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 8 * 1024
"""A longer line is split in the daily log, so that no memory is needed for it."""


class Output:
    """Takes the bytes of one execution as they come, and holds at most a line of each stream."""

    __slots__ = ("_dropped", "_echo", "_file", "_log", "_name", "_partial", "_size", "path")

    def __init__(self, path: str, name: str, log: Daylog, echo: int | None) -> None:
        self.path: str | None = None
        self._file: int | str | None = path
        self._name, self._log, self._echo = name, log, echo
        self._partial = {"STDOUT": b"", "STDERR": b""}
        self._size = self._dropped = 0

    def write(self, stream: str, data: bytes) -> None:
        """Take what was printed to a stream."""
        if self._echo is not None:
            self._show(data)
        kept = data[: max(0, MOST_BYTES - self._size)]
        self._dropped += len(data) - len(kept)
        self._size += len(kept)
        if kept:
            self._save(kept)
            self._pass_on(stream, kept)

    def _show(self, data: bytes) -> None:
        try:
            _write(self._echo or 1, data)
        except OSError:
            self._echo = None  # nobody is reading any more

    def _save(self, data: bytes) -> None:
        try:
            _write(self._opened(), data)
        except OSError as error:
            self._log.alarm(f"The output of '{self._name}' cannot be kept: {error.strerror}")
            self._close()

    def _opened(self) -> int:
        """Make the file at the first byte: most tasks print nothing, and files are dear."""
        if isinstance(self._file, str):
            path = self._file
            self._file = None
            folder = os.path.dirname(path)
            for one in (os.path.dirname(folder), folder):
                os.makedirs(one, 0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._file = os.open(path, flags, 0o600)
            self.path = path
        if self._file is None:
            self._file = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        return self._file

    def _pass_on(self, stream: str, data: bytes) -> None:
        *lines, rest = (self._partial[stream] + data).split(b"\n")
        while len(rest) > LONGEST_LINE:
            lines.append(rest[:LONGEST_LINE])
            rest = rest[LONGEST_LINE:]
        self._partial[stream] = rest
        for line in lines:
            self._log.output(self._name, stream, _text(line))

    def close(self) -> None:
        """Pass on what did not end with a newline, and say how much was dropped."""
        for stream, rest in self._partial.items():
            if rest:
                self._log.output(self._name, stream, _text(rest))
        if self._dropped:
            note = f"[ncp] {self._dropped} more bytes of output were dropped (the limit is"
            note = f"{note} {MOST_BYTES})"
            self._save(f"\n{note}\n".encode())
            self._log.output(self._name, "STDOUT", note)
        self._close()

    def _close(self) -> None:
        if isinstance(self._file, int):
            os.close(self._file)
        self._file = None


def path_for(home: str, execution_id: str) -> str:
    """Name the file of an execution's output."""
    return f"{home}/executions/{time.strftime('%Y-%m-%d')}/{execution_id}.log"


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "backslashreplace")


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
