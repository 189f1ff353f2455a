"""The file of one execution's output: head and tail, in the order read, each line with its stream.

A line of the file is one line that was printed, after `1 ` (standard output) or
`2 ` (standard error). `1+` and `2+` stand before a piece that did not end its
line: its newline is the file's own. A line that starts with `# ` is ncp's own.
"""

from __future__ import annotations

import os

CHUNK = 64 * 1024
_NUMBERS = {"STDOUT": b"1", "STDERR": b"2", "NCP": b"#"}
_PIECES = (b"\n1+", b"\n2+")


class Kept:
    """Writes the first and the last half of a limit, in bounded memory.

    The tail is a ring behind the head, which `close` puts in order.
    """

    __slots__ = ("_file", "_half", "_head", "_ring", "_seen", "_shown", "path")

    def __init__(self, path: str, limit: int) -> None:
        folder = os.path.dirname(path)
        for one in (os.path.dirname(folder), folder):
            os.makedirs(one, 0o700, exist_ok=True)
        self.path, self._half = path, max(1, limit // 2)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._head = self._ring = 0
        self._seen = self._shown = 0

    def write(self, stream: str, data: bytes) -> bytes:
        """Keep what was printed; return as much of it as belongs to the head."""
        cut = self._cut(data)
        head, tail = data[:cut], data[cut:]
        self._seen += len(data)
        if head:
            self._shown += len(head)
            self._head = _put(self._file, encoded(stream, head), self._head)
        if tail:
            self._turn(encoded(stream, tail))
        return head

    def _cut(self, data: bytes) -> int:
        """Find where the head ends in it: at the end of a line, unless it is one endless line."""
        room = 0 if self._ring else max(0, self._half - self._head)
        if len(data) <= room:
            return len(data)
        return data.rfind(b"\n", 0, room) + 1 or (0 if self._head else room)

    def _turn(self, data: bytes) -> None:
        """Write over the oldest of the tail."""
        at = (self._ring + max(0, len(data) - self._half)) % self._half
        self._ring += len(data)
        data = data[-self._half :]
        fits = self._half - at
        _put(self._file, data[:fits], self._head + at)
        _put(self._file, data[fits:], self._head)

    def close(self) -> int:
        """Put the tail in order; return how many printed bytes were dropped."""
        try:
            return self._in_order() if self._ring > self._half else 0
        finally:
            os.close(self._file)

    def _in_order(self) -> int:
        start = self._head + self._half  # of a copy, behind the ring
        self._copy(self._head + self._ring % self._half, start)
        self._copy(self._head, start + self._half - self._ring % self._half)
        first = self._first_line(start)
        dropped = self._seen - self._shown - self._content(first, start + self._half)
        note = f"# [ncp] {dropped} bytes were dropped here\n".encode()
        end = _put(self._file, note, self._head)
        self._shift(first, start + self._half, end)
        return dropped

    def _copy(self, source: int, goal: int) -> None:
        """Copy from the ring to behind it, up to the ring's end."""
        self._move(source, self._head + self._half, goal)

    def _shift(self, source: int, end: int, goal: int) -> None:
        """Bring the ordered tail forward, and cut off what is behind it."""
        os.ftruncate(self._file, self._move(source, end, goal))

    def _move(self, source: int, end: int, goal: int) -> int:
        while source < end:
            data = os.pread(self._file, min(CHUNK, end - source), source)
            goal = _put(self._file, data, goal)
            source += len(data)
        return goal

    def _first_line(self, at: int) -> int:
        """Find the first whole line: the ring cuts one in two."""
        end = at + self._half
        while at < end:
            data = os.pread(self._file, min(CHUNK, end - at), at)
            if b"\n" in data:
                return at + data.index(b"\n") + 1
            at += len(data)
        return end

    def _content(self, at: int, end: int) -> int:
        """Count the printed bytes in a part of the file: without prefixes and ncp's newlines."""
        count, before = 0, b"\n"
        while at < end:
            data = os.pread(self._file, min(CHUNK, end - at), at)
            text = before + data
            lines = data.count(b"\n")
            pieces = sum(text.count(piece) for piece in _PIECES)
            count += len(data) - 2 * lines - pieces
            before, at = text[-2:], at + len(data)
        return count


def encoded(stream: str, data: bytes) -> bytes:
    """Write what was printed as lines of the file."""
    number = _NUMBERS[stream]
    lines, newline, rest = data.rpartition(b"\n")
    text = b""
    if newline:
        text = number + b" " + lines.replace(b"\n", b"\n" + number + b" ") + b"\n"
    return text + number + b"+" + rest + b"\n" if rest else text


def _put(file: int, data: bytes, at: int) -> int:
    """Write all of it at a place; return the place behind it."""
    while data:
        done = os.pwrite(file, data, at)
        data, at = data[done:], at + done
    return at
