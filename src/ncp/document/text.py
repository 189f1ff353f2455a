"""JSON text to a tree and back: duplicate keys refused, every complaint with its position."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[str | int, ...]
"""Where a value stands: the keys and numbers that lead to it."""
KEEP = "The file is left as it is; correct it by hand, or put a backup in its place."

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]')
"""What tells where one is in a valid JSON text; numbers and words do not."""


class _DuplicateKeyError(Exception):
    def __init__(self, key: str, position: int) -> None:
        super().__init__(key)
        self.key = key
        self.position = position


def parse(source: str | bytes, where: str) -> Any:
    """Read JSON text; DocumentError carries line and column."""
    text = _decoded(source, where)
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except _DuplicateKeyError as error:
        raise _complaint(
            text, _first_duplicate(text, error), where, f'The key "{error.key}" comes twice.'
        ) from None
    except json.JSONDecodeError as error:
        raise _complaint(text, error.pos, where, f"Not valid JSON: {error.msg}.") from None
    except RecursionError:
        raise _complaint(text, 0, where, "Nested too deeply.") from None
    except ValueError as error:
        raise _complaint(text, 0, where, f"Not valid JSON: {error}.") from None


def dump(tree: object) -> str:
    """Write a tree as JSON, two blanks deep, with a final newline."""
    text = json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can say and UTF-8 cannot
        text = json.dumps(tree, indent=2, ensure_ascii=True)
    return text + "\n"


def shown(value: object) -> str:
    """A value as it stands in the file, shortened; half of a surrogate pair is an escape."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else text[:57] + "..."


def _decoded(source: str | bytes, where: str) -> str:
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"The byte {source[error.start]:#04x} at position {error.start} is not UTF-8.",
            where=where,
            next_step=KEEP,
        ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in pairs:
        if key in tree:
            raise _DuplicateKeyError(key, 0)
        tree[key] = value
    return tree


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _complaint(text: str, position: int, where: str, what: str) -> DocumentError:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return DocumentError(what, where=f"{where}, line {line}, column {column}", next_step=KEEP)


def _first_duplicate(text: str, error: _DuplicateKeyError) -> int:
    """Find where the second key stands; all before it was seen to be valid."""
    seen: set[Place] = set()
    for place, position, is_key in places(text):
        if is_key and place in seen:
            error.key = str(place[-1])
            return position
        seen.update([place] if is_key else [])
    raise AssertionError(error.key)  # the text was seen to hold one


def places(text: str) -> Iterator[tuple[Place, int, bool]]:
    """Yield where each object of valid JSON begins, and each key in it (True), in their order."""
    path: list[str | int] = []
    awaits_key = False
    for token in _TOKEN.finditer(text):
        sign = token[0][0]
        if sign == "{":
            yield tuple(path), token.start(), False
            path.append("")
            awaits_key = True
        elif sign == '"' and awaits_key:
            path[-1] = json.loads(token[0])
            yield tuple(path), token.start(), True
            awaits_key = False
        elif sign == "[":
            path.append(0)
            awaits_key = False
        elif sign in "}]":
            path.pop()
        elif sign == ",":
            step = path[-1]
            awaits_key = isinstance(step, str)
            path[-1] = step + 1 if isinstance(step, int) else step
