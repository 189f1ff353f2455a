"""What is a text in a task, although it looks like a number: it is taken as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.taskfile.shorthand import truth

if TYPE_CHECKING:
    from ncp.document.text import Place
    from ncp.taskfile.trees import Tree

PLAIN = frozenset({"name", "description", "path", "umask", "stdin"})
LISTS = frozenset({"args", "command", "environment"})
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
