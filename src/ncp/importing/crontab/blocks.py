"""Lines that ncp, or the older ncp, wrote into a crontab: they are not imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEGIN = re.compile(r"# >>> ncp( [0-9a-f]{8})? >>>\s*")
_END = re.compile(r"# <<< ncp( [0-9a-f]{8})? <<<\s*")
OLD_BEGIN = "# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ==="
OLD_END = "# === END NCP SCHEDULED JOBS ==="
RUN = re.compile(r"\bncp[\"']? _(job|timing)-run ")
"""What an entry calls."""
OURS = "are entries of ncp, which come from its own tasks"
OLD = "are entries of the older ncp, which its migration brings over: ncp schedule migrate"


def outside(lines: Iterable[str]) -> tuple[list[tuple[int, str]], list[str]]:
    """Number the lines outside such blocks, and say which were left out; none hides the rest."""
    kept: list[tuple[int, str]] = []
    held: list[tuple[int, str]] = []
    said = []
    ending = ""
    for number, line in enumerate(lines, 1):
        begins = _ending(line)
        if not ending and not begins:
            kept.append((number, line))
            continue
        held.append((number, line))
        if ending and _ends(line, ending):
            said.append(f"Lines {held[0][0]}-{number} {ending}.")
            held, ending = [], ""
        ending = ending or (begins if len(held) == 1 else "")
    return sorted(kept + held), said


def _ending(line: str) -> str:
    """Say what a line begins, if it does."""
    if _BEGIN.fullmatch(line):
        return OURS
    return OLD if line.strip() == OLD_BEGIN else ""


def _ends(line: str, kind: str) -> bool:
    return bool(_END.fullmatch(line)) if kind == OURS else line.strip() == OLD_END
