"""What a terminal shows: colours, tables as wide as the window. The one owner of rich."""

from __future__ import annotations

import os
import sys
from errno import EPIPE
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDE = 4096
"""Where nobody looks, nothing is cut off."""
STYLES = {
    "success": "green",
    "active": "green",
    "failure": "red",
    "timeout": "red",
    "error": "red",
    "interrupted": "yellow",
    "paused": "yellow",
    "skipped": "yellow",
}


class _Console(Console):
    """Rich's, without its habit of ending the process where the reader has gone."""

    def on_broken_pipe(self) -> None:
        """Let who called decide."""
        raise BrokenPipeError(EPIPE, os.strerror(EPIPE))


def _console(stream: TextIO) -> Console:
    terminal = stream.isatty()
    return _Console(
        file=stream,
        highlight=False,
        soft_wrap=True,
        width=None if terminal else WIDE,
        force_terminal=terminal,  # FORCE_COLOR must not reach a file
        color_system=None if os.environ.get("NO_COLOR") else "auto",  # None: no bold either
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings, cut off where the window ends."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        made.add_column(heading, no_wrap=True, overflow="ellipsis")
    for row in rows:
        made.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    _console(sys.stdout).print(made)


def say(stream: TextIO, pieces: Sequence[tuple[str, str]]) -> None:
    """Print pieces of (text, style) as one line; no markup."""
    _console(stream).print(Text.assemble(*pieces))
