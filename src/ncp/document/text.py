"""JSON text to a tree and back: duplicate keys refused, every complaint with its position."""

from __future__ import annotations

import json
from json import decoder, scanner
from typing import TYPE_CHECKING, Any, NoReturn

from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

KEEP = "The file is left as it is; correct it by hand, or put a backup in its place."


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
    """Find where the second key stands: read again with a scanner that knows positions."""
    try:
        _Locator().decode(text)
    except _DuplicateKeyError as found:
        error.key = found.key
        return found.position
    raise AssertionError(error.key)  # the text was seen to hold one


class _Locator(decoder.JSONDecoder):
    """A decoder in Python whose objects know the position of each key."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_object = _object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # typeshed omits it


def _object(
    source: tuple[str, int],
    strict: bool,
    scan_once: Callable[[str, int], tuple[Any, int]],
    *_: object,
) -> tuple[dict[str, Any], int]:
    text, at = source
    seen: set[str] = set()
    at = _skip(text, at)
    while text[at] == '"':
        key, after = decoder.scanstring(text, at + 1, strict)  # type: ignore[attr-defined]  # typeshed omits it
        if key in seen:
            raise _DuplicateKeyError(key, at)
        seen.add(key)
        _, at = scan_once(text, _skip(text, _skip(text, after) + 1))
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return {}, at + 1


def _skip(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
