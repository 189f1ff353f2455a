"""What a task that waits to be mended lacks, and what it was: as fields, or as ncp once wrote it.

An ncp before `complaints` and `statusBefore` wrote all complaints into `errorMessage`, and kept
the status in `original` alone. Those documents are read here, and nowhere else.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, get_args

from ncp.model import Complaint, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Task

# A value is quoted as JSON: what stands in it ends no complaint.
_PIECE = re.compile(r'(?:; )?(?:"(?:[^"\\]|\\.)*"|(?!; [A-Za-z][\w.\[\]]*: ).)+', re.DOTALL)
_KEYED = re.compile(r"(?:; )?(?:(?P<key>[A-Za-z][\w.\[\]]*): )?(?P<reason>.*)", re.DOTALL)


def complaints(task: Task) -> tuple[Complaint, ...]:
    """List what a task lacks."""
    if task.complaints or not task.error_message:
        return task.complaints
    pieces = (_KEYED.fullmatch(piece) for piece in _PIECE.findall(task.error_message))
    return tuple(Complaint(match["key"] or "", match["reason"]) for match in pieces if match)


def status_before(task: Task) -> TaskStatus | None:
    """What the status of a task was in the text that it was made from; None where it had none."""
    if task.status_before is not None:
        return task.status_before
    try:
        tree = json.loads(task.original or "")
    except ValueError:  # a text of any form
        return None
    return known_status(tree.get("status")) if isinstance(tree, dict) else None


def known_status(value: object) -> TaskStatus | None:
    """A status as it is, None for anything else."""
    return next((status for status in get_args(TaskStatus) if status == value), None)


def said(found: Iterable[Complaint]) -> str:
    """Write complaints as `errorMessage` has them."""
    return "; ".join(f"{one.key}: {one.reason}" if one.key else one.reason for one in found)
