"""What cannot be seen is not taken for what is not wanted.

A document that is gone for a minute (an editor, a sync tool, a disk that is not
mounted) would otherwise empty the compiled copy and the scheduler for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import fingerprint
from ncp.errors import AbsentError
from ncp.ledger.compiled import get_meta

if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.document import Document

EMPTY = (
    "Put it back (is its disk mounted?); or, if nothing shall run any more, run: "
    "ncp schedule sync --empty"
)
STALE = (
    "schedule.json is not what was compiled: what fires is the last good copy. "
    "To compile it: ncp schedule sync"
)


def says_nothing(found: Document) -> bool:
    """Whether there is no document, or one without a word on tasks."""
    return found.source is None or "tasks" not in found.tree


def require_there(found: Document, tasks: int, where: str) -> None:
    """Refuse a document that says nothing of tasks, where the compiled copy holds some."""
    if tasks and says_nothing(found):
        what = "It is not there" if found.source is None else "It says nothing of tasks"
        raise AbsentError(
            f"{what}, but the compiled copy holds tasks: {tasks}. What fires is that copy.",
            where=where,
            next_step=EMPTY,
        )


def require_known(entries: int, target: str, where: str) -> None:
    """Refuse to remove entries for a home without a document: it may only be out of sight."""
    if entries:
        raise AbsentError(
            f"It is not there, but {target} holds entries of this home: {entries}.",
            where=where,
            next_step=EMPTY,
        )


def is_stale(connection: Connection, home: str) -> bool:
    """Whether the document is another one than the compiled copy was made from."""
    compiled = get_meta(connection, "document")
    return compiled is not None and compiled != fingerprint.document(home)
