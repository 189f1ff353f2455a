"""Types in JSON: msgspec checks them, and its complaints are put into our words."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ncp.document.text import shown
from ncp.errors import DocumentError

_WORDS = {
    "float": ("a number", "300"),
    "int": ("a whole number", "1"),
    "bool": ("true or false", "true"),
    "str": ("text", '"text"'),
    "array": ("a list", '["word", "word"]'),
    "object": ("an object", "{}"),
}
_KEY_WORDS = {
    "timeoutSeconds": ("a number of seconds", "300"),
    "killGraceSeconds": ("a number of seconds", "5"),
    "jitterSeconds": ("a number of seconds", "60"),
    "after": ("a list of tasks", '[{"task": "fetch", "outcome": "success"}]'),
    "outcome": ("an outcome", '"success", "failure" or "any"'),
    "command": ("a list of words", '["/usr/bin/rsync", "-a", "/home", "/backup"]'),
    "overlap": ("a way to treat overlap", '"skip", "queue", "replace" or "allow"'),
    "priority": ("a priority", '"critical", "high", "medium" or "low"'),
    "steps": ("a list of steps", '[{"command": ["/bin/true"]}]'),
    "steps[]": ("a step", '{"command": ["/bin/true"]}'),
    "onFailure": ("a command", '{"command": ["/bin/true"]}'),
    "onSuccess": ("a command", '{"command": ["/bin/true"]}'),
    "on": ("a cause", '"failure", "timeout" or "both"'),
    "status": ("a status", '"active", "paused", "completed" or "error"'),
}
_INDEX = re.compile(r"\[\d+\]")
_PATH = re.compile(r"(?P<what>.*?) - at `\$(?P<path>.*)`$")


def converted(tree: object, kind: Any, where: str) -> Any:
    """Convert JSON to a type; DocumentError names the key that does not fit."""
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        raise _complaint(tree, str(error), where) from None


def _complaint(tree: object, message: str, where: str) -> DocumentError:
    """Turn msgspec's words ("Expected `int`, got `str` - at `$.x`") into ours."""
    match = _PATH.match(message)
    what, path = (match["what"], match["path"]) if match else (message, "")
    what = what.replace("`", "")
    if what.startswith("Expected"):
        wanted = what.removeprefix("Expected ").split(",")[0].split(" |")[0]
        return _mistyped(shown(_at(tree, path)), wanted, where + path)
    if what.startswith("Invalid enum value"):
        return _mistyped(shown(_at(tree, path)), "str", where + path)
    return DocumentError(f"{what}.", where=where + path, next_step="Add or correct this key.")


def _mistyped(value: str, wanted: str, where: str) -> DocumentError:
    key = _INDEX.sub("[]", where.rpartition(".")[2])
    kind, example = _KEY_WORDS.get(key) or _WORDS.get(wanted, (wanted, "another value"))
    return DocumentError(f"{value} is not {kind}.", where=where, next_step=f"Write {example}.")


def _at(tree: Any, path: str) -> object:
    for piece in re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", path):
        name, index = piece
        if name and isinstance(tree, dict):
            tree = tree.get(name)
        elif index.isdigit() and isinstance(tree, list):
            tree = tree[int(index)]
    return tree
