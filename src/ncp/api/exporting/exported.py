"""What an export is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.api.exporting import writing

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of an export by their names, and what they do not say.

    `folder`: whether they belong into a folder, as the artifacts of a target do.
    """

    files: dict[str, bytes]
    warnings: tuple[str, ...] = ()
    folder: bool = False

    def write(self, path: Path, *, force: bool = False) -> list[Path]:
        """Write a file, or several into a folder; with `force` over those that are there.

        Returns the paths. Links are not followed.
        """
        return writing.write(self.files, path, folder=self.folder, force=force)
