"""Entries and proofs in words: what a sync does, how exact an artifact is."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from ncp.cli import output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.model import Changes

SIGNS = {"add": "+", "change": "~", "remove": "-", "keep": "="}


def keys(changes: Changes) -> dict[str, list[str]]:
    """The keys of a plan's entries, for --json."""
    return {name: [entry.key for entry in getattr(changes, name)] for name in SIGNS}


def entries(changes: Changes, *, keep: bool = True) -> None:
    """Print a line for each entry: `+ key`, `~ key`, `- key`, `= key`."""
    for name, found in keys(changes).items():
        for key in found if keep or name != "keep" else ():
            output.data(f"{SIGNS[name]} {_shown(key)}")


def _shown(key: str) -> str:
    """Cut the start of a path that a terminal has no room for: its end names the entry."""
    text = output.visible(key)
    if not sys.stdout.isatty():
        return text
    room = shutil.get_terminal_size().columns - len("+ ")
    return text if len(text) <= room else f"…{text[1 - room :]}"


def counted(changes: Changes, *, done: bool = False) -> str:
    """Count a plan: `1 to add, 0 to change, 0 to remove, 2 as wanted`; or what was done."""
    words = ("added", "changed", "removed") if done else ("to add", "to change", "to remove")
    counts = [len(found) for found in keys(changes).values()]
    return ", ".join(f"{n} {word}" for n, word in zip(counts, (*words, "as wanted"), strict=True))


def exactness(found: Mapping[str, Any]) -> str:
    """Say what the proof showed: `exact`, or `guarded (+23 wakes/day)`."""
    if found["exactness"] == "exact":
        return "exact"
    extra = found["extraPerDay"]
    return f"guarded (+{f'{extra:g}' if extra else '<0.01'} wakes/day)"
