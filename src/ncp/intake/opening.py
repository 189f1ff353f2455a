"""Get the text of whatever was named, or say in three parts why that is not possible."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from ncp.errors import InputError

MOST_BYTES = 16 * 1024 * 1024
"""What an import reads at most: tens of thousands of tasks."""
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was read; `path` is absolute, and empty for standard input."""

    where: str
    path: str
    data: bytes

    @property
    def text(self) -> str:
        """The text; InputError where it is not UTF-8."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                f"The byte {self.data[error.start]:#04x} at position {error.start} is not UTF-8.",
                where=self.where,
                next_step="Convert it first, for example: iconv -f latin1 -t utf-8 FILE",
            ) from None

    @property
    def loose(self) -> str:
        """The text with undecodable bytes kept, as commands in a crontab may hold them."""
        return self.data.decode("utf-8", "surrogateescape")


def opened(name: str) -> Opened:
    """Read a file, or standard input for `-`; InputError where that holds no text."""
    where = "standard input" if name == STDIN else name
    path = "" if name == STDIN else str(Path(name).expanduser().absolute())
    found = Opened(where, path, _read(where, path))
    if not found.data.strip():
        raise InputError("It is empty.", where=where, next_step="Name the file that has tasks.")
    if b"\0" in found.data:
        raise InputError(
            "It is not a text: it holds the byte 0.",
            where=where,
            next_step="Name a crontab, a YAML file, or an export of ncp.",
        )
    return found


def _read(where: str, path: str) -> bytes:
    if path and Path(path).is_dir():
        raise InputError(
            "It is a folder.", where=where, next_step="Name one file in it, such as config.yaml."
        )
    try:
        data = _most(path)
    except OSError as error:
        raise InputError(
            f"It cannot be read: {error.strerror}.",
            where=where,
            next_step="Name a file that is there and that you may read, or - for standard input.",
        ) from None
    if len(data) > MOST_BYTES:
        raise InputError(
            f"It has more than {MOST_BYTES // 1024**2} MB, which no schedule needs.",
            where=where,
            next_step="Name the right file, or split it.",
        )
    return data


def _most(path: str) -> bytes:
    """Read one byte more than is allowed, from whatever does not end too."""
    if not path:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with Path(path).open("rb") as file:
        return file.read(MOST_BYTES + 1)
