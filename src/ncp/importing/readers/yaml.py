"""A `config.yaml` that names folders with a `run.sh`, and the declarative form of ncp itself."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ncp.importing import declared_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ncp.importing.items import Found, Item, Options
    from ncp.importing.opening import Opened

SUFFIXES = {".yaml", ".yml"}
TASKS = re.compile(rb"^tasks[ \t]*:|\A\s*\{(?s:.)*?\"tasks\"\s*:\s*\[", re.MULTILINE)


def recognises(opened: Opened) -> bool:
    """Tell it by its name, or by its list of tasks."""
    return PurePath(opened.path).suffix.lower() in SUFFIXES or bool(TASKS.search(opened.data))


def read(opened: Opened, options: Options) -> Found:
    """List its tasks, which keep their old meaning: what was missed is not run later.

    A task's id is made of the file's path and its name, so that others of the
    file can wait for it, and a second import knows it again.
    """
    origin = f"yaml:{opened.path or '-'}"
    found = declared_file.read(
        opened, options, lambda name: f"{origin}#{name}", {"catchupMissed": False}
    )
    ids = {one.name: str(uuid.uuid5(uuid.NAMESPACE_URL, one.origin)) for one in found.items}
    items = [replace(one, values=_connected(one, ids, options)) for one in found.items]
    return replace(found, items=tuple(_awaited_first(items)))


def _connected(item: Item, ids: Mapping[str, str], options: Options) -> dict[str, Any]:
    """Give a task its id, those that it waits for theirs, and the environment of now."""
    after = item.values.get("after", ())
    named = tuple(replace(one, task=ids.get(one.task, one.task)) for one in after)
    own = {"id": ids[item.name], "captured_environment": options.captured}
    return {**item.values, **own} | ({"after": named} if named else {})


def _awaited_first(items: Iterable[Item]) -> Iterator[Item]:
    """Put what others wait for before them; what waits in a circle comes last."""
    waiting, known = list(items), set[str]()
    while waiting:
        left = {one.values["id"] for one in waiting}
        ready = [
            one for one in waiting if left.isdisjoint(a.task for a in one.values.get("after", ()))
        ] or waiting
        yield from ready
        known |= {one.values["id"] for one in ready}
        waiting = [one for one in waiting if one.values["id"] not in known]
