"""Which line each object of a JSON text begins in: what json.loads forgets."""

from __future__ import annotations

from bisect import bisect_right
from json import decoder, scanner
from typing import Any


def of(text: str) -> dict[tuple[str | int, ...], int]:
    """Map the path of each object to its line; the text is known to be valid."""
    marking = _Marking()
    value = marking.decode(text)
    breaks = [position for position, sign in enumerate(text) if sign == "\n"]
    lines: dict[tuple[str | int, ...], int] = {}
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, dict):
            lines[path] = bisect_right(breaks, marking.starts[id(one)]) + 1
            waiting += [((*path, key), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(one)]
    return lines


class _Marking(decoder.JSONDecoder):
    """A decoder in Python that notes where each object begins."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: dict[int, int] = {}
        self.parse_object = self._object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # typeshed omits it

    def _object(self, source: tuple[str, int], *rest: Any) -> tuple[Any, int]:
        found, end = decoder.JSONObject(source, *rest)  # type: ignore[attr-defined]  # typeshed omits it
        self.starts[id(found)] = source[1] - 1
        return found, end
