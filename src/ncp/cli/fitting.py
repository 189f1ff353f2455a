"""One policy for all tables on a terminal: what is narrowed, what goes, what is never cut.

What became of a task, how long it took and the id to type next stay whole. Names and reasons
are narrowed down to a few characters; then columns go, the least useful first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GAP = 2
KEPT = 24
NAME = 40
"""How wide a column that can be narrowed may be, before the others have what they want."""
NARROWED = {
    **dict.fromkeys(("TASK", "NAME", "SERVER", "ITEM", "TOOL", "ARGUMENT"), (12, 16)),
    **dict.fromkeys(("TIMING", "WHEN", "AFTER", "ENTRY", "TAKES"), (8, 12)),
    **dict.fromkeys(("RUNS", "FILE", "DESCRIPTION", "ARGUMENTS", "WAKES"), (10, 12)),
    "REASON": (10, 22),  # which holds "missed 3: 16:05-16:15"
}
"""The columns that can be narrowed: to how many cells, and to how many a reader is content with.

The others are shown whole.
"""
DROPPED = (
    *("LAST WAKE", "LAST", "ENTRY", "FILE", "AFTER", "WHEN", "TASKS", "TIMING"),
    *("SKIPPED", "95 %", "GOOD", "ARGUMENTS", "TRANSPORT", "NEXT", "REASON", "STARTED"),
)
"""The columns that go where there is no room for all, in this order."""
DEAR = ("REASON", "STARTED")
"""These go only where the others are as narrow as can be."""


def fitted(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    keep: Collection[str] = (),
    more: str = "…",
) -> tuple[list[str], list[list[str]]]:
    """Choose columns and cut their cells, so that no line is wider than `width` cells.

    The columns in `keep` do not go, and keep KEPT cells. `more` stands where a text is cut.
    """
    wanted = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]
    least, content = (
        [
            min(w, KEPT if name in keep else NARROWED[name][at]) if name in NARROWED else w
            for name, w in zip(headings, wanted, strict=True)
        ]
        for at in (0, 1)
    )
    left = _left(headings, rows, (least, content), width, keep)
    room = width - GAP * (len(left) - 1)
    goals = [[of[at] for at in left] for of in (least, content, wanted)]
    sizes = _sizes(goals, room)
    cells = [
        [cut(row[at], size, more) for at, size in zip(left, sizes, strict=True)] for row in rows
    ]
    titles = [cut(headings[at], size, more) for at, size in zip(left, sizes, strict=True)]
    return titles, cells


def cut(text: str, size: int, more: str = "…") -> str:
    """Make a text exactly `size` cells wide."""
    if cell_len(text) > size > cell_len(more):
        text = set_cell_size(text, size - cell_len(more)).rstrip() + more
    return set_cell_size(text, size)


def _left(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    sizes: tuple[Sequence[int], Sequence[int]],
    width: int,
    keep: Collection[str],
) -> list[int]:
    """Say which columns stay: first go those without a value, then by DROPPED."""
    left, (least, content) = list(range(len(headings))), sizes
    places = {name: at for at, name in enumerate(headings) if name in DROPPED and name not in keep}
    order = [places[name] for name in DROPPED if name in places]
    empty = {at for at in order if all(row[at] == "-" for row in rows)}
    for at in sorted(order, key=lambda at: at not in empty):
        dear = headings[at] in DEAR and at not in empty
        if sum((least if dear else content)[one] + GAP for one in left) - GAP > width:
            left.remove(at)
    return left


def _sizes(goals: Sequence[Sequence[int]], room: int) -> list[int]:
    """Share out the room: what each is content with, up to KEPT and NAME cells, what it wants."""
    least, content, wanted = goals
    sizes, room = list(least), room - sum(least)
    for goal in (content, *([min(want, most) for want in wanted] for most in (KEPT, NAME)), wanted):
        for at, size in enumerate(sizes):
            more = max(0, min(goal[at] - size, room))
            sizes[at] += more
            room -= more
    while room < 0 and max(sizes) > 1:  # what is never cut has no room either
        widest = sizes.index(max(sizes))
        sizes[widest] -= 1
        room += 1
    return sizes
