"""Read and write schedule.json and config.toml of a home."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

from ncp import config, document, files, trust
from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ncp.config import Settings
    from ncp.document import Document
    from ncp.model import Schedule
    from ncp.store.home import Home


def read(home: Home, known: Document | None = None) -> Document:
    """Read the document; an absent one is empty. `known` is what was read before, if anything.

    Raises DocumentError where it cannot be read or does not parse, HomeError
    where others may write it.
    """
    trust.require_private(home.schedule)
    source = contents(home.schedule)
    if source is None:
        return document.Document()
    with _undisturbed():
        return document.parse(source, str(home.schedule), known=known)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nobody look for garbage among a million small objects that all stay."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def write(home: Home, old: Document, schedule: Schedule) -> None:
    """Write a schedule over the document it came from, if what is written can be read again."""
    text = document.dump(old, schedule)
    document.parse(text, str(home.schedule), known=old)
    files.write(home.schedule, text.encode())


def settings(home: Home) -> Settings:
    """Read the settings; an absent file means the defaults."""
    return config.parse(_text(home.config), str(home.config))


def record_target(home: Home, target: str) -> None:
    """Record in config.toml which target this home uses."""
    files.write(home.config, config.with_target(_text(home.config), target).encode())


def add_settings(home: Home, values: Mapping[str, object]) -> tuple[str, ...]:
    """Write settings that config.toml says nothing of; return the names where it says another."""
    text = _text(home.config)
    known = config.said(text)
    new = {key: value for key, value in values.items() if key not in known}
    if new:
        files.write(home.config, config.with_values(text, new).encode())
    return tuple(key for key in values if key in known and known[key] != values[key])


def _text(path: Path) -> str:
    try:
        return (contents(path) or b"").decode()
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"The byte at position {error.start} is not UTF-8.",
            where=str(path),
            next_step="Correct it by hand.",
        ) from None


def contents(path: Path) -> bytes | None:
    """Read a file of a home, None where there is none; DocumentError where it is no file."""
    if path.is_fifo() or path.is_socket() or path.is_char_device():
        raise DocumentError(
            "It is not a regular file.",
            where=str(path),
            next_step="Move it away, and put a file there.",
        )
    try:
        return files.read(path)
    except OSError as error:
        raise DocumentError(
            f"It cannot be read: {error.strerror}.",
            where=str(path),
            next_step="Make it a file that you may read.",
        ) from None
