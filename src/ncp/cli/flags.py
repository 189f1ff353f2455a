"""Complaints about a task in the words of who typed it: the option, and a value that works."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ncp.errors import DocumentError, InputError, TogetherError, ZoneError
from ncp.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

ROWS = {row.place: row for row in FIELDS if row.option is not None}
OPTIONS: dict[str, tuple[str, str]] = {
    **{place: (row.option.name, row.option.example) for place, row in ROWS.items() if row.option},
    "command": ("-- COMMAND", "-- /usr/bin/true"),
}
"""By the key of a task: its option and what may stand behind it, empty where the complaint says."""
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    place: (row.option.name, row.kind.words)
    for place, row in ROWS.items()
    if row.option and row.kind and row.kind.words
}
"""Those that take one of a few words."""


@contextmanager
def meant(others: Container[str]) -> Iterator[None]:
    """Let complaints about a key of a task name its option, unless it is one of the `others`."""
    try:
        yield
    except DocumentError as error:
        option, advice = _option(error.key)
        if not option or error.place.file or error.task in others:
            raise
        keep = not advice or isinstance(error, TogetherError)
        step = error.next_step if keep else advice
        raise InputError(error.what, where=option, next_step=step) from None
    except ZoneError as error:
        raise InputError(error.what, where="--timezone", next_step=error.next_step) from None


def _option(key: str) -> tuple[str, str]:
    """Find the option of a key such as `retries.on` or `steps[0].name`, and what to write."""
    for name in (key, re.split(r"[.\[]", key)[0]):
        if name in WORDS:
            option, words = WORDS[name]
            return option, f"Write one of: {', '.join(words)}."
        if name in OPTIONS:
            return OPTIONS[name][0], advice(OPTIONS[name][0])
    return "", ""


def advice(option: str) -> str:
    """Say what may stand behind an option; empty where that is not known."""
    if some := dict(WORDS.values()).get(option):
        return f"Write one of: {', '.join(some)}."
    value = dict(OPTIONS.values()).get(option, "")
    words = value if value.startswith("-- ") else f"{option} {value}"
    return f"Write for example: {words}" if value else ""
