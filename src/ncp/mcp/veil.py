"""Secrets that a server was given are hidden in what it says: some echo them, mostly in errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 8
"""Shorter values would hide words that are none."""


class Veil:
    """Puts a mask where the values of secrets are; of an empty one, all is seen."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        # Longest first, as one may be a part of another.
        self._values = sorted({one for one in values if len(one) >= SHORTEST}, key=len)[::-1]

    def text(self, text: str) -> str:
        """Hide them in a text."""
        for value in self._values:
            text = text.replace(value, MASK)
        return text

    def data(self, data: bytes) -> bytes:
        """Hide them in what a program has printed."""
        for value in self._values:
            data = data.replace(value.encode(errors="surrogateescape"), MASK.encode())
        return data

    def tree(self, value: Any) -> Any:
        """Hide them in all texts of what JSON can say."""
        if not self._values:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(one) for one in value]
        if isinstance(value, dict):
            return {key: self.tree(one) for key, one in value.items()}
        return value
