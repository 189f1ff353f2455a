"""What is a text in a task, although it looks like a number: it is taken as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.fields import TASK
from ncp.taskfile.shorthand import truth

if TYPE_CHECKING:
    from ncp.document.text import Place
    from ncp.fields import Field
    from ncp.taskfile.trees import Tree


def _has_words(row: Field) -> bool:
    return row.kind is not None and bool(row.kind.words)


# A complaint about one of a few words shows what was typed, `yes` as true.
PLAIN = {"path", *(row.key for row in TASK if row.type == "text" and not _has_words(row))}
LISTS = {"args", "environment", *(row.key for row in TASK if row.type == "list of text")}
NESTED = frozenset({"steps", "onFailure", "onSuccess"})


def texts(tree: Tree, path: Place, raw: Any) -> Any:
    """Give a task its texts as they stand in the file; `08` is no 8, and `yes` no true.

    So for a step and a hook. One text for a shell may stand without a list around it.
    """
    if not isinstance(raw, dict):
        return raw
    found = {key: _value(tree, (*path, key), key, value) for key, value in raw.items()}
    if truth(found.get("shell")) is True and isinstance(found.get("command"), str):
        found["command"] = [found["command"]]
    return found


def _value(tree: Tree, path: Place, key: str, value: Any) -> Any:
    if value is None:
        return None
    if key in PLAIN:
        return tree.texts.get(path, value)
    if key in LISTS:
        return _each(tree, path, value)
    if key in NESTED and isinstance(value, list):
        return [texts(tree, (*path, index), one) for index, one in enumerate(value)]
    return texts(tree, path, value) if key in NESTED else value


def _each(tree: Tree, path: Place, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: tree.texts.get((*path, key), one) for key, one in value.items()}
    if isinstance(value, list):
        return [tree.texts.get((*path, index), one) for index, one in enumerate(value)]
    return value
