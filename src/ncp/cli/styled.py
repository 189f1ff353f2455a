"""What a terminal shows: colours, tables as wide as the window. The owner of consoles."""

from __future__ import annotations

import os
import sys
from errno import EPIPE
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from ncp.cli import fitting

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], keep: Collection[str] = ()
) -> None:
    """Print rows under headings, fitted into the window: no line wraps."""
    console, code = _console(sys.stdout), sys.stdout.encoding or "utf-8"
    # What the terminal cannot show is written as an escape, which is wider.
    shown = [[cell.encode(code, "backslashreplace").decode(code) for cell in row] for row in rows]
    more = "…" if code.lower().startswith("utf") else "~"
    titles, cells = fitting.fitted(headings, shown, console.width, keep=keep, more=more)
    text = Text()
    text.append("  ".join(titles).rstrip(), "bold")
    for row in cells:
        text.append("\n")
        for cell in row[:-1]:
            text.append(f"{cell}  ", STYLES.get(cell.rstrip(), ""))
        text.append(row[-1].rstrip(), STYLES.get(row[-1].rstrip(), ""))
    console.print(text)


def say(stream: TextIO, pieces: Sequence[tuple[str, str]]) -> None:
    """Print pieces of (text, style) as one line; no markup."""
    _console(stream).print(Text.assemble(*pieces))
