"""Data on stdout, talk on stderr, colour only on a terminal: elsewhere rich is not even loaded."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import TextIO


acted = False
"""Whether a command has changed something: then that its report cannot be written is no failure."""


def make_usable() -> None:
    """Let every text be printed: what a stream cannot encode is escaped, a closed one takes all."""
    if None in {sys.stdin, sys.stdout, sys.stderr}:
        from ncp.api import streams  # noqa: PLC0415  rarely is one closed

        streams.fill()
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  as cheap as can be; a stream to the end


def drop(stream: TextIO) -> None:
    """Let all that a stream still holds, and all that comes, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def leave_nothing() -> None:
    """Drop what cannot be written: the interpreter would try again at its end, to exit with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        drop(sys.stdout)


def tell(report: Callable[[], None]) -> None:
    """Report on a deed: that the reader has gone does not change how it went."""
    try:
        report()
        sys.stdout.flush()
    except BrokenPipeError:
        drop(sys.stdout)


def data(text: str, *, bare: bool = False) -> None:
    """Print what was asked for: as it is, but that nothing commands a terminal (unless `bare`)."""
    if not bare and not text.isprintable() and sys.stdout.isatty():
        from ncp.cli import passing  # noqa: PLC0415  only where there is something to pass on

        text = passing.harmless(text)
    _write(text)


def _write(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def raw(printed: bytes) -> None:
    """Print bytes as they are, which may be anything."""
    sys.stdout.flush()
    sys.stdout.buffer.write(printed)
    sys.stdout.buffer.flush()


def printed(pieces: Iterable[bytes], *, colours: bool = False, bare: bool = False) -> None:
    """Print what a task or a tool has printed: as it is, but that nothing commands a terminal.

    With `colours`, those that it has pass all the same, and all of it does with `bare`.
    """
    if bare or not sys.stdout.isatty():
        for piece in pieces:
            raw(piece)
        return
    from ncp.cli import passing  # noqa: PLC0415  only where there is something to pass on

    show = passing.Passer(colours=colours)
    for piece in pieces:
        sys.stdout.write(show(piece))
    sys.stdout.write(show(b"", last=True))


def as_json(tree: object, *, one_line: bool = False) -> None:
    """Print a value as JSON; what stdout cannot encode is escaped."""
    import json  # noqa: PLC0415  6 ms, and only where it is asked for

    text = json.dumps(tree, ensure_ascii=False, indent=None if one_line else 2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(tree, indent=None if one_line else 2)
    if sys.stdout.isatty():
        from ncp.cli import passing  # noqa: PLC0415  only where there is something to pass on

        text = passing.harmless_json(text)
    _write(text)


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values in two columns; values stay on one line."""
    known = list(pairs)
    width = max((len(visible(name)) for name, _ in known), default=0)
    for name, value in known:
        line(f"{visible(name):<{width}}  {visible(value)}")


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, keep: Collection[str] = ()
) -> None:
    """Print rows under headings; cells hold no markup and stay on one line.

    On a terminal they are fitted into its width; the columns in `keep` do not go.
    """
    texts = [list(map(visible, row)) for row in rows]
    if sys.stdout.isatty():
        from ncp.cli import styled  # noqa: PLC0415  20 ms of rich

        styled.table(headings, texts, keep)
    else:
        data("\n".join(_plain_rows([headings, *texts])))


def _plain_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out a table that nobody looks at: thousands of rows take rich seconds."""
    if all("".join(row).isascii() for row in rows):
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        form = "  ".join(f"{{:<{width}}}" for width in widths)
        yield from (form.format(*row).rstrip() for row in rows)
        return
    from rich.cells import cell_len  # noqa: PLC0415  some characters are two columns wide

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def line(text: str = "", style: str = "") -> None:
    """Print a line on stdout; no markup."""
    _say(sys.stdout, (text, style))


def talk(text: str, style: str = "") -> None:
    """Say something on stderr."""
    _talk((text, style))


def _talk(*pieces: tuple[str, str]) -> None:
    """Say it if anybody listens: what was done is done, and its exit code stays."""
    try:
        _say(sys.stderr, *pieces)
    except OSError:
        drop(sys.stderr)


def _say(stream: TextIO, *pieces: tuple[str, str]) -> None:
    """Print pieces of (text, style) in lines; control characters as escapes."""
    shown = [("\n".join(map(visible, text.split("\n"))), style) for text, style in pieces]
    if stream.isatty():
        from ncp.cli import styled  # noqa: PLC0415  20 ms of rich

        styled.say(stream, shown)
    else:
        stream.write("".join(text for text, _ in shown) + "\n")
        stream.flush()


def note(text: str) -> None:
    """Say what was assumed or advised."""
    talk(f"Note: {visible(text)}", style="yellow")


def notes(texts: Iterable[str]) -> None:
    """Say each of them."""
    for text in texts:
        note(text)


def error(what: str, *, where: str = "", next_step: str = "") -> None:
    """Say what, where and the next step."""
    place = f"{visible(where)}: " if where else ""
    _talk(("Error: ", "bold red"), (f"{place}{visible(what)}", ""))
    for line in next_step.split("\n") if next_step else ():
        talk(visible(line))


def visible(value: object) -> str:
    """A value on one line: control characters and line breaks as escapes, None as a dash."""
    if value is None:
        return "-"
    text = value if type(value) is str else str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
