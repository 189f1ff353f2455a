"""Secrets that a server was given are hidden in what it says: some echo them, mostly in errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ncp.masking import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST = 8
"""Shorter values would hide words that are none."""
LONGEST_LINE = 64 * 1024
"""How many bytes without a newline are held back."""


class Veil:
    """Puts a mask where the values of secrets are; of an empty one, all is seen.

    The lines of a value are hidden one by one as well, and each in the forms that JSON and
    addresses give it.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms = {form for one in values for form in _forms(one) if len(form) >= SHORTEST}
        # Longest first, as one may be a part of another.
        self._values = sorted(forms, key=len)[::-1]
        self._bytes = [one.encode(errors="surrogateescape") for one in self._values]

    @property
    def longest(self) -> int:
        """How many bytes the longest of them has."""
        return max(map(len, self._bytes), default=0)

    def text(self, text: str) -> str:
        """Hide them in a text."""
        for value in self._values:
            text = text.replace(value, MASK)
        return text

    def data(self, data: bytes) -> bytes:
        """Hide them in what a program has printed."""
        for value in self._bytes:
            data = data.replace(value, MASK.encode())
        return data

    def tree(self, value: Any) -> Any:
        """Hide them in all texts of what JSON can say, the keys of objects too."""
        if not self._values:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(one) for one in value]
        if isinstance(value, dict):
            return dict(self._items(value))
        return value

    def _items(self, tree: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the items of an object; keys that become equal are numbered."""
        seen: set[str] = set()
        for key, value in tree.items():
            said = shown = self.text(key)
            while shown in seen:
                shown = f"{said} ({len(seen) + 1})"
            seen.add(shown)
            yield shown, self.tree(value)


def _forms(value: str) -> Iterator[str]:
    for one in (value, *value.splitlines()):
        yield one
        yield json.dumps(one)[1:-1]
        yield json.dumps(one, ensure_ascii=False)[1:-1]
        yield quote(one, safe="", errors="surrogatepass")


class Lines:
    """What a program prints, hidden line by line: a secret may come in two pieces.

    A line that does not end is passed on but for its last bytes, of which a secret may be made.
    """

    def __init__(self, veil: Veil) -> None:
        self._veil, self._held = veil, b""

    def feed(self, data: bytes) -> bytes:
        """Take what was printed; return what can be shown by now."""
        if not self._veil.longest:
            return data
        held = self._held + data
        end = held.rfind(b"\n") + 1
        if len(held) - end <= LONGEST_LINE + self._veil.longest:
            self._held = held[end:]
            return self._veil.data(held[:end])
        masked = self._veil.data(held)
        cut = len(masked) - self._veil.longest
        self._held = masked[cut:]
        return masked[:cut]

    def rest(self) -> bytes:
        """Return the last line, where it has no newline."""
        held, self._held = self._held, b""
        return self._veil.data(held)
