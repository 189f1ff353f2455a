"""Data on stdout, talk on stderr, colour only on a terminal. The one owner of rich."""

from __future__ import annotations

import json
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDE = 4096
"""Where nobody looks, nothing is cut off."""


def make_usable() -> None:
    """Let every text be printed: what a stream cannot encode is escaped, a closed one takes all."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    terminal = stream.isatty()
    return Console(
        file=stream,
        highlight=False,
        soft_wrap=True,
        width=None if terminal else WIDE,
        force_terminal=terminal,  # FORCE_COLOR must not reach a file
        color_system=None if os.environ.get("NO_COLOR") else "auto",  # None: no bold either
    )


def data(text: str) -> None:
    """Print what was asked for, as it is."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def raw(printed: bytes) -> None:
    """Print bytes as they are, which may be anything; on a terminal as text."""
    if sys.stdout.isatty():
        sys.stdout.write(printed.decode("utf-8", "replace"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(printed)
    sys.stdout.buffer.flush()


def as_json(tree: object, *, one_line: bool = False) -> None:
    """Print a value as JSON; what stdout cannot encode is escaped."""
    text = json.dumps(tree, ensure_ascii=False, indent=None if one_line else 2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(tree, indent=None if one_line else 2)
    data(text)


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values in two columns; values stay on one line."""
    known = list(pairs)
    width = max((len(visible(name)) for name, _ in known), default=0)
    for name, value in known:
        line(f"{visible(name):<{width}}  {visible(value)}")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; cells hold no markup and stay on one line."""
    if not sys.stdout.isatty():
        _plain_table([headings, *rows])
        return
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        made.add_column(heading, no_wrap=True, overflow="ellipsis")
    for row in rows:
        made.add_row(*(Text(visible(cell), style=_style(visible(cell))) for cell in row))
    _console().print(made)


def _plain_table(rows: Sequence[Sequence[object]]) -> None:
    """Print a table that nobody looks at: thousands of rows take rich seconds."""
    texts = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        data("  ".join(cells).rstrip())


def line(text: str = "", style: str = "") -> None:
    """Print a line on stdout; no markup."""
    _console().print(Text(text, style=style))


def talk(text: str, style: str = "") -> None:
    """Say something on stderr."""
    _console(stderr=True).print(Text(text, style=style))


def note(text: str) -> None:
    """Say what was assumed or advised."""
    talk(f"Note: {text}", style="yellow")


def error(what: str, *, where: str = "", next_step: str = "") -> None:
    """Say what, where and the next step."""
    console = _console(stderr=True)
    place = f"{visible(where)}: " if where else ""
    console.print(Text.assemble(("Error: ", "bold red"), f"{place}{visible(what)}"))
    if next_step:
        console.print(Text(visible(next_step)))


def visible(value: object) -> str:
    """A value on one line: control characters and line breaks as escapes, None as a dash."""
    if value is None:
        return "-"
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


STYLES: dict[str, str] = {
    "success": "green",
    "active": "green",
    "failure": "red",
    "timeout": "red",
    "error": "red",
    "interrupted": "yellow",
    "paused": "yellow",
    "skipped": "yellow",
}


def _style(cell: str) -> Any:
    return STYLES.get(cell, "")
