"""Comment out lines that ncp has taken over; every other byte stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.importing.crontab.comments import DISABLED, MARKER

if TYPE_CHECKING:
    from collections.abc import Mapping


def disabled(text: str, taken: Mapping[int, str]) -> str:
    """Comment out lines by their numbers (from 1), each below its task and the way back."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    return "".join(
        f"{_marker(taken[number])}{DISABLED}{line}" if number in taken else line
        for number, line in enumerate(lines, 1)
    )


def _marker(task_id: str) -> str:
    return (
        f"{MARKER}{task_id}. To undo: ncp schedule delete {task_id}, "
        f'and remove "{DISABLED.strip()}" from the next line.\n'
    )
