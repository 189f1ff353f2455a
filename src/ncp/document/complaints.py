"""Types in JSON: msgspec checks them, and its complaints are put into our words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec

from ncp.document import instead
from ncp.document.text import shown
from ncp.errors import DocumentError
from ncp.fields import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.errors import Location

_WORDS = {
    "float": ("a number", "300"),
    "int": ("a whole number", "1"),
    "bool": ("true or false", "true or false"),
    "str": ("text", '"text"'),
    "array": ("a list", '["word", "word"]'),
    "object": ("an object", "an object in braces"),
}
OF_TIMINGS = {
    "cronExpression": ("a cron expression", '"0 9 * * 1-5"'),
    "at": ("an instant", '"2030-01-01T08:30Z"'),
    "timezone": ("an IANA time zone", '"Europe/Berlin"'),
    "unit": ("a unit", '"day"'),
    "anchor": ("a date", '"2026-11-23"'),
    "every": ("an interval", '{"count": 2, "unit": "week", "anchor": "2026-11-23"}'),
    "taskIds": ("a list of ids", '["id of a task"]'),
}
KEY_WORDS = {key: (kind.said, kind.example) for key, kind in KINDS.items()} | OF_TIMINGS
_NEEDED = {
    "name": '"backup"',
    "attempts": "3",
    "start": '"09:00"',
    "end": '"17:00"',
    "command": '["/bin/true"]',
    "count": "2",
    "unit": '"week"',
    "anchor": '"2026-11-23"',
}
"""What a key that must be there may be."""
_HALF = re.compile("[\ud800-\udfff]")
_INDEX = re.compile(r"\[\d+\]")
_PATH = re.compile(r"(?P<what>.*?) - at `\$(?P<path>.*)`$")


def converted(tree: object, kind: Any, where: Location) -> Any:
    """Convert JSON to a type; DocumentError names the key that does not fit."""
    try:
        return msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        raise _complaint(tree, str(error), where) from None
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can say
        place, text = next(_halves(tree, where))
        raise DocumentError(
            f"{shown(text)} holds half of a character, which cannot be written.",
            where=place,
            next_step="Remove it, or write the whole character.",
        ) from None


def _halves(tree: Any, where: Location) -> Iterator[tuple[Location, str]]:
    """Find texts that hold half of a surrogate pair, and their places."""
    if isinstance(tree, str):
        if not tree.isascii() and _HALF.search(tree):
            yield where, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from _halves(key, where)
            yield from _halves(value, where + f".{key}")
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            yield from _halves(value, where + f"[{number}]")


def _complaint(tree: object, message: str, where: Location) -> DocumentError:
    """Turn msgspec's words ("Expected `int`, got `str` - at `$.x`") into ours."""
    match = _PATH.match(message)
    what, path = (match["what"], match["path"]) if match else (message, "")
    what = what.replace("`", "")
    path = _named(tree, path)
    if what.startswith("Expected"):
        wanted = what.removeprefix("Expected ").split(",")[0].split(" |")[0]
        return _mistyped(_at(tree, path), wanted, where + path)
    if what.startswith("Invalid enum value"):
        return _mistyped(_at(tree, path), "str", where + path)
    what = what.replace("Object missing required field", "It lacks the key")
    advice = _added(what.rpartition(" ")[2])
    return DocumentError(f"{what}.", where=where + path, next_step=advice)


def _mistyped(value: object, wanted: str, where: Location) -> DocumentError:
    key = _INDEX.sub("[]", where.key.rpartition(".")[2])
    kind, example = KEY_WORDS.get(key) or _WORDS.get(wanted, (wanted, "another value"))
    meant = instead.written(key, "" if key in KEY_WORDS else wanted, value)
    advice = "Remove the key." if value is None else f"Write {meant or example}."
    return DocumentError(f"{shown(value)} is not {kind}.", where=where, next_step=advice)


def _added(key: str) -> str:
    example = _NEEDED.get(key)
    return f'Add "{key}": {example}.' if example else f"Add the key {key}."


_PIECE = re.compile(r'\.(\w+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def _named(tree: Any, path: str) -> str:
    """Put the name of a variable into a path in which msgspec says that it has one."""
    before, dots, after = path.partition("[...]")
    if not dots:
        return path
    values: Any = _at(tree, before)
    bad = next(name for name, value in values.items() if not isinstance(value, str))
    return f"{before}[{json.dumps(bad, ensure_ascii=False)}]{after}"


def _at(tree: Any, path: str) -> object:
    for name, index, key in _PIECE.findall(path):
        tree = tree[int(index)] if index else tree.get(json.loads(key) if key else name)
    return tree
