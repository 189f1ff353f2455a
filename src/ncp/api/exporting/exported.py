"""What an export is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of an export by their names, and what they do not say."""

    files: dict[str, bytes]
    warnings: tuple[str, ...] = ()
