"""What one execution prints: to its own file, to the daily log, and live where wanted."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.daylog import Daylog
    from ncp.runner.kept import Kept

    Echo = Callable[[bytes], None]
    """Takes what is printed as it comes; raises OSError where nobody reads any more."""

MOST_BYTES = 10 * 1024 * 1024
LONGEST_LINE = 8 * 1024
"""A longer line is split in the daily log, so that no memory is needed for it."""


class Output:
    """Takes the bytes of one execution as they come, and holds at most a line of each stream.

    Its file keeps head and tail of them, together `limit` bytes, the daily log the head.
    """

    __slots__ = (
        "_echo",
        "_file",
        "_limit",
        "_log",
        "_mark",
        "_name",
        "_partial",
        "_path",
        "lost",
        "path",
    )

    def __init__(self, path: str, name: str, log: Daylog, echo: Echo | None, limit: int) -> None:
        self.path: str | None = None
        self.lost = ""
        """Why some of it could not be kept."""
        self._file: Kept | None = None
        self._mark = ""
        self._path, self._limit = path, limit
        self._name, self._log, self._echo = name, log, echo
        self._partial = {"STDOUT": b"", "STDERR": b""}

    def mark(self, text: str) -> None:
        """Have a remark of ncp's stand before what is printed next."""
        self._mark = text

    def write(self, stream: str, data: bytes) -> None:
        """Take what was printed to a stream."""
        if self._echo is not None:
            self._show(self._echo, data)
        head = self._save(stream, data)
        if head:
            self._pass_on(stream, head)

    def _show(self, echo: Echo, data: bytes) -> None:
        try:
            echo(data)
        except OSError:
            self._echo = None  # nobody is reading any more

    def _save(self, stream: str, data: bytes) -> bytes:
        """Keep it, in a file made at the first byte: most tasks print nothing, and files are dear.

        Returns what belongs to the head. Where it cannot be kept that is as much.
        """
        try:
            if self._file is None:
                from ncp.runner.kept import Kept  # noqa: PLC0415  most tasks print nothing

                self._file = Kept(self._path, self._limit)
                self.path = self._path
            if self._mark:
                self._file.write("NCP", f"[ncp] {self._mark}\n".encode())
                self._mark = ""
            return self._file.write(stream, data)
        except OSError as error:
            self._give_up(error)
            return data

    def _give_up(self, error: OSError) -> None:
        """Say it once; what comes still goes to the daily log, which has a limit of its own."""
        if not self.lost:
            self.lost = error.strerror or str(error)
            self._log.alarm(f"The output of '{self._name}' cannot be kept: {self.lost}")

    def _pass_on(self, stream: str, data: bytes) -> None:
        lines, newline, rest = (self._partial[stream] + data).rpartition(b"\n")
        if newline:
            self._log.output(self._name, stream, _text(lines))
        while len(rest) > LONGEST_LINE:
            self._log.output(self._name, stream, _text(rest[:LONGEST_LINE]))
            rest = rest[LONGEST_LINE:]
        self._partial[stream] = rest

    def close(self) -> None:
        """Pass on what did not end with a newline, and say how much was dropped."""
        for stream, rest in self._partial.items():
            if rest:
                self._log.output(self._name, stream, _text(rest))
        dropped = self._closed()
        if dropped:
            self._log.note(f"Task '{self._name}' printed too much: {dropped} bytes were dropped")

    def _closed(self) -> int:
        try:
            return 0 if self._file is None else self._file.close()
        except OSError as error:
            self._give_up(error)
            return 0


def path_for(home: str, execution_id: str) -> str:
    """Name the file of an execution's output."""
    return f"{home}/executions/{time.strftime('%Y-%m-%d')}/{execution_id}.log"


def beside(path: str) -> str:
    """Name the folder of what an execution leaves as files beside its output."""
    return f"{path.removesuffix('.log')}.files"


def _text(lines: bytes) -> str:
    plain = lines.replace(b"\r\n", b"\n").removesuffix(b"\r")
    return plain.decode("utf-8", "backslashreplace")
