"""The daily log: one readable file for everything, `logs/YYYY-MM-DD.log` in the home.

Each line is one line, whatever a task prints or is called: control characters
are written as escapes. The file stops growing at MOST_BYTES, after which only
what ncp itself says is added, not what tasks print.
"""

from __future__ import annotations

import os
import time

MOST_BYTES = 64 * 1024 * 1024
FLUSH_BYTES = 64 * 1024


class Daylog:
    """Collects lines and appends them in one write, so that runners do not mix within a line."""

    __slots__ = ("_folder", "_lines", "_pending", "_second", "_stamp")

    def __init__(self, home: str) -> None:
        self._folder = f"{home}/logs"
        self._lines: list[tuple[str, bytes]] = []
        self._pending = 0
        self._second, self._stamp = -1, ""

    def note(self, message: str) -> None:
        """Say what happens."""
        self._add(f"INFO: {visible(message)}", "ncp")

    def alarm(self, message: str) -> None:
        """Say what went wrong."""
        self._add(f"ERROR: {visible(message)}", "alarm")

    def output(self, task: str, stream: str, text: str) -> None:
        """Pass on what a task printed to `stream` (STDOUT or STDERR): a line, or several."""
        if not text.replace("\n", "").isprintable():
            text = "\n".join(map(visible, text.split("\n")))
        start = f"{self._now()} [{visible(task)}] {stream}: "
        # All of them in one go: there may be a million.
        self._put(start + text.replace("\n", f"\n{start}"), "task")

    def _add(self, text: str, who: str) -> None:
        self._put(f"{self._now()} {text}", who)

    def _now(self) -> str:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("[%Y-%m-%d %H:%M:%S]", time.localtime(second))
        return self._stamp

    def _put(self, text: str, who: str) -> None:
        line = f"{text}\n".encode("utf-8", "backslashreplace")
        self._lines.append((who, line))
        self._pending += len(line)
        if self._pending > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Append what was collected. A log that cannot be written never stops a task.

        What went wrong is then said on stderr, which the scheduler may keep.
        """
        lines, self._lines, self._pending = self._lines, [], 0
        if not lines:
            return
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
            self._append(lines)
        except OSError:
            say(b"".join(line for who, line in lines if who == "alarm"))

    def _append(self, lines: list[tuple[str, bytes]]) -> None:
        path = f"{self._folder}/{time.strftime('%Y-%m-%d')}.log"
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            full = os.fstat(log).st_size >= MOST_BYTES
            data = b"".join(line for who, line in lines if who != "task" or not full)
            while data:
                data = data[os.write(log, data) :]
        finally:
            os.close(log)


def say(data: bytes) -> None:
    """Write on stderr, if anybody listens."""
    try:
        while data:
            data = data[os.write(2, data) :]
    except OSError:
        return


def visible(text: str) -> str:
    """Write control and other unprintable characters as escapes, so that one line stays one."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text
    )
