"""The names by which the `ncp` program of today will be found after an upgrade."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROGRAM = "ncp.exe" if os.name == "nt" else "ncp"


def beside() -> str:
    """The program beside this interpreter, empty where there is none."""
    found = Path(sys.executable).parent / PROGRAM
    return str(found) if found.exists() else ""


def stable(environ: Mapping[str, str], recorded: tuple[str, str]) -> tuple[str, str]:
    """Choose the name on PATH that outlives this version, and the PATH it was found by.

    Package managers keep each version in a folder of its own and lead to it by a link
    or a small program whose name stays: so the name is kept as it is written, and its
    links are not followed. One that leads here is preferred; else the recorded one
    stays, because a firing finds another PATH than the shell did.
    """
    here, path = beside(), environ.get("PATH", "")
    found = [name for name in _on(path) if os.path.dirname(name) != os.path.dirname(here)]  # noqa: PTH120  a name as it is written
    leading = [name for name in found if here and os.path.samefile(name, here)]  # noqa: PTH121  same
    if not leading and recorded[0] and os.access(recorded[0], os.X_OK):
        return recorded
    chosen = next(iter([*leading, *found]), "")
    return recorded if chosen in {"", recorded[0]} else (chosen, path)


def _on(path: str) -> Iterator[str]:
    """List the programs of that name in the absolute folders of a PATH."""
    for folder in path.split(os.pathsep):
        found = shutil.which(PROGRAM, path=folder) if os.path.isabs(folder) else None  # noqa: PTH117  same
        if found:
            yield found
