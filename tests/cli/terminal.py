"""A terminal with one program in it."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE = 30.0


class Terminal:
    """Starts a program on a terminal of its own, and ends it with the block."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._ours, theirs = os.openpty()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._program = subprocess.Popen(
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={"TERM": "xterm-256color", "COLUMNS": "200", **environment},
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.kill()
        self._program.wait()
        os.close(self._ours)

    @property
    def code(self) -> int:
        return self._program.returncode

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{text}\n".encode())

    def until(self, words: str) -> str:
        """Read until those words have come."""
        seen = ""
        until = time.monotonic() + PATIENCE
        while words not in seen:
            assert time.monotonic() < until, seen
            piece = self._piece()
            assert piece, seen
            seen += piece
        return seen

    def rest(self) -> str:
        """Read to the end, and wait for it."""
        seen = ""
        while piece := self._piece():
            seen += piece
        self._program.wait(PATIENCE)
        return seen

    def _piece(self) -> str:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        try:
            data = os.read(self._ours, 65536) if ready else b""
            return self._decoder.decode(data) or ("" if not data else self._piece())
        except OSError:  # how Linux says that the other end is closed
            return ""
