"""What a word that a person typed may mean: tasks and timings that answer to it.

The command line's quick answers know the ledger, everything else knows the document: both ask
here, with rows. Nothing is imported, so that a quick answer stays quick.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SHORTEST_PREFIX = 3


def meant(
    tasks: Collection[tuple[str, str, str]], timings: Collection[str], reference: str
) -> tuple[list[str], str]:
    """Find the ids of the tasks that answer, and the id of the timing that does, or "".

    `tasks` are rows of id, name and timing. `task:X` and `timing:X` mean one of both; where that
    finds nothing, the whole word may be a name. A word that means a timing and its only task
    means the task. Where both are returned, or several tasks, the reference is ambiguous.
    """
    kind, colon, rest = reference.partition(":")
    if colon and kind == "task" and (found := task_ids(tasks, rest)):
        return found, ""
    if colon and kind == "timing" and rest in timings:
        return [], rest
    timing = reference if reference in timings else ""
    exact = _exact(tasks, reference)
    if timing and len(exact) == 1 and exact == [row[0] for row in tasks if row[2] == timing]:
        return exact, ""
    return exact or ([] if timing else _beginning(tasks, reference)), timing


def tagged(tasks: Iterable[tuple[str, Collection[str]]], reference: str) -> list[str]:
    """Find tasks, rows of id and tags, by `tag:X`, or `tag:X,Y` for those that have one of them."""
    kind, _, rest = reference.partition(":")
    words = {*rest.split(",")} if kind == "tag" else set[str]()
    return [row[0] for row in tasks if not words.isdisjoint(row[1])]


def nearest(word: str, known: Iterable[str]) -> str:
    """Find what a mistyped word may mean, in capitals or not; "" where nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415  a quick answer needs none

    names = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), names, n=1)
    return names[found[0]] if found else ""


def task_ids(tasks: Iterable[tuple[str, str, str]], reference: str) -> list[str]:
    """Find tasks by their id, else by their name, else by the start of their id."""
    rows = list(tasks)
    return _exact(rows, reference) or _beginning(rows, reference)


def _exact(tasks: Iterable[tuple[str, str, str]], reference: str) -> list[str]:
    rows = list(tasks)
    by_id = [row[0] for row in rows if row[0] == reference]
    return by_id or [row[0] for row in rows if row[1] == reference]


def _beginning(tasks: Iterable[tuple[str, str, str]], reference: str) -> list[str]:
    if len(reference) < SHORTEST_PREFIX:
        return []
    return [row[0] for row in tasks if row[0].startswith(reference)]
