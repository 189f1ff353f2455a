"""Wanted entries against found ones: what a sync adds, changes, removes and keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Entry


def plan(wanted: Iterable[Entry], found: Iterable[Entry]) -> Changes:
    """Compare entries by key and text.

    Raises SchedulerError where something that ncp did not write stands at a
    wanted key. Such a thing at any other key is left alone.
    """
    installed = {entry.key: entry for entry in found}
    goal = {entry.key: entry for entry in wanted}
    for key in goal:
        _require_ours(installed.get(key))
    return Changes(
        add=tuple(e for key, e in goal.items() if key not in installed),
        change=tuple(
            e for key, e in goal.items() if key in installed and not _settled(e, installed[key])
        ),
        remove=tuple(e for key, e in installed.items() if key not in goal and e.ours),
        keep=tuple(
            e for key, e in goal.items() if key in installed and _settled(e, installed[key])
        ),
    )


def _settled(wanted: Entry, found: Entry) -> bool:
    return found.loaded and found.text == wanted.text


def _require_ours(entry: Entry | None) -> None:
    if entry is not None and not entry.ours:
        raise SchedulerError(
            "Something that ncp did not write stands where its entry belongs; it was left alone.",
            where=entry.key,
            next_step="Move it away, then run: ncp schedule sync",
        )
