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

    from ncp.applying.site import Site
    from ncp.document import Document
    from ncp.model import Changes

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


def compiled_tasks(book: Connection) -> int:
    """Count the tasks of the compiled copy."""
    return int(book.execute("SELECT count(*) FROM tasks").fetchone()[0])


def require_there(found: Document, tasks: int, where: str) -> None:
    """Refuse a document that says nothing of tasks, where the compiled copy holds some."""
    if tasks and says_nothing(found):
        what = "It is not there" if found.source is None else "It says nothing of tasks"
        raise AbsentError(
            f"{what}, but the compiled copy holds tasks: {tasks}. What fires is that copy.",
            where=where,
            next_step=EMPTY,
        )


def require_known(site: Site, changes: Changes, target: str) -> None:
    """Refuse to remove entries for a home without a document: it may only be out of sight."""
    if changes.remove and not site.may_empty:
        raise AbsentError(
            f"It is not there, but {target} holds entries of this home: {len(changes.remove)}.",
            where=str(site.home.schedule),
            next_step=EMPTY,
        )


def stale(site: Site) -> bool:
    """Whether the document is another one than the compiled copy was made from."""
    if not site.home.ledger.exists():
        return False
    compiled = get_meta(site.ledger, "document")
    return compiled is not None and compiled != fingerprint.document(str(site.home.path))
