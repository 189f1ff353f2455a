"""Pass on what tasks print while they run, piece by piece."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ncp.cli import output
from ncp.cli.passing import Passer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def echo(stream: TextIO, *, bare: bool = False) -> Iterator[Callable[[bytes], None]]:
    """Pass on what tasks print, as it comes: to a terminal what does not command it, or all `bare`.

    What is called raises OSError where nobody reads any more.
    """
    stream.flush()
    if bare or not stream.isatty():
        yield lambda data: _pass_on(stream, data)
        return
    show = Passer(colours=True)
    yield lambda data: _pass_on(stream, _encoded(show(data), stream))
    try:
        _pass_on(stream, _encoded(show(b"", last=True), stream))
    except OSError:
        output.drop(stream)


def _encoded(text: str, stream: TextIO) -> bytes:
    return text.encode(stream.encoding or "utf-8", "backslashreplace")


def _pass_on(stream: TextIO, data: bytes) -> None:
    while data:
        data = data[os.write(stream.fileno(), data) :]
