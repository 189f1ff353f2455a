"""A declarative file: what it says of all its tasks, then each of them."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.document.text import shown
from ncp.errors import InputError, Location
from ncp.intake import foreign
from ncp.intake.items import Found, Refusal
from ncp.taskfile import entry, shorthand, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ncp.document.text import Place
    from ncp.intake.items import Item, Options
    from ncp.intake.opening import Opened
    from ncp.model import Task
    from ncp.taskfile.trees import Tree

TOP = ("$schema", "scheduler", "tasks")
SCHEDULER = ("log_file", "default_timeout")
IMPORTED, APPLIED = "yaml:", "apply:"
"""What the origins of tasks begin with that an import, or an apply, made of such a file."""
EXTRA = "x-"
"""Keys of the file that begin so are its writer's own, for anchors mostly."""
EXAMPLE = 'tasks: [{name: sync, path: tasks/sync, cron: "0 9 * * *"}]'


def known_as(one: Task | Item) -> str:
    """By what an import knows a task; those of an applied file, which share an origin, by name."""
    origin = one.origin or ""
    if origin.startswith(APPLIED):
        return f"{IMPORTED}{origin.removeprefix(APPLIED)}#{one.name}"
    return origin


def read(
    opened: Opened,
    options: Options,
    origin: Callable[[str], str],
    values: Mapping[str, Any] | None = None,
) -> Found:
    """List its tasks; InputError where it is no such file at all.

    `origin` makes that of a task from its name, `values` are what a task gets
    for keys that it does not have.
    """
    tree = trees.parse(opened)
    foreign.require_no_jobs(tree.value, opened.where)
    _require_keys(tree, (), TOP, opened.where)
    scheduler = tree.value.get("scheduler") or {}
    if scheduler:
        _require_keys(tree, ("scheduler",), SCHEDULER, opened.where)
    count = len(_tasks(tree, opened.where))
    folder = Path(opened.path).parent if opened.path else Path.cwd()
    given = {**(values or {}), **_deadline(tree, scheduler, opened.where)}
    old_form = "scheduler" in tree.value
    context = entry.Context(tree, options, folder, "", given, old_form)
    found = (entry.item(context, ("tasks", number)) for number in range(count))
    items = (replace(one, origin=origin(one.name)) for one in found)
    return Found(tuple(_once(items)), tuple(_notes(scheduler)))


def _require_keys(tree: Tree, path: Place, known: Iterable[str], where: str) -> None:
    value = tree.value
    for step in path:
        value = value[step]
    place = f"{where}:{tree.line(path)}"
    for key in trees.require_mapping(value, place, EXAMPLE):
        if key not in known and not key.startswith(EXTRA):
            near = get_close_matches(key, known, n=1)
            raise InputError(
                f"{shown(key)} is not a key of this file.",
                where=f"{where}:{tree.line((*path, key))}",
                next_step=f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}.",
            )


def _tasks(tree: Tree, where: str) -> list[Any]:
    tasks = tree.value.get("tasks")
    if not isinstance(tasks, list):
        raise InputError(
            "It has no list of tasks." if tasks is None else f"{shown(tasks)} is no list of tasks.",
            where=f"{where}:{tree.line(('tasks',))}",
            next_step=f"Write for example: {EXAMPLE}",
        )
    return tasks


def _deadline(tree: Tree, scheduler: Mapping[str, Any], where: str) -> dict[str, Any]:
    given = scheduler.get("default_timeout")
    if given is None:
        return {}
    line = Location(f"{where}:{tree.line(('scheduler', 'default_timeout'))}")
    if isinstance(given, str):
        given = shorthand.amount(amounts.seconds, "default_timeout", given, line)
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < 10**9:
        raise InputError(
            f"{shown(given)} is not a number of seconds.",
            where=line,
            next_step="Write: default_timeout: 300",
        )
    return {"timeoutSeconds": given}


def _once(items: Iterable[Item]) -> Iterator[Item]:
    """A name is what a task is known by: the second of a name is refused."""
    first: dict[str, Item] = {}
    for item in items:
        other = first.setdefault(item.name, item)
        said = f'"{item.name}" is the name of the task at {other.place} too.'
        twice = Refusal(said, "Rename one of them.")
        yield item if other is item or item.refusal else replace(item, refusal=twice)


def _notes(scheduler: Mapping[str, Any]) -> Iterator[str]:
    if scheduler.get("log_file"):
        yield "log_file has no use here: ncp keeps a log of each day; see: ncp schedule logs"
