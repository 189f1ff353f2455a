"""What dead runners have left: open executions, and processes that nobody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.ledger import orphans
from ncp.ledger.orphans import Orphan
from ncp.ledger.record import RUNNING
from ncp.model import Finding
from ncp.process import alive, end_orphan
from ncp.process.leftovers import end_marked, found_by
from ncp.process.strays import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site

MEND = "ncp doctor --fix"
NOBODY = ("no boot", 0, "")


def findings(site: Site) -> Iterator[Finding]:
    """Does anything still run whose runner is dead?"""
    for orphan, pids in alive_of(site):
        message = f"It outlived its runner and nobody watches it: {said(orphan, pids)}."
        yield Finding("warning", orphan.task_name, message, MEND)
    if site.closed:
        message = f"Closed as interrupted, as their runner was dead: {site.closed}."
        yield Finding("ok", "executions", message)


def said(orphan: Orphan, pids: list[int]) -> str:
    """Name an execution and its processes."""
    kind = "process" if len(pids) == 1 else "processes"
    return f"{kind} {', '.join(map(str, pids))} of execution {orphan.id}"


def alive_of(site: Site) -> list[tuple[Orphan, list[int]]]:
    """List what still runs of executions whose runner is dead."""
    left = _left(site)
    marked = found_by(MARK, {one.id for one in left}) if left else {}
    found = []
    for one in left:
        child = [one.child[1]] if one.child and alive(one.child) else []
        pids = sorted({*child, *marked.get(one.id, [])})
        if pids:
            found.append((one, pids))
    return found


def _left(site: Site) -> list[Orphan]:
    """List the closed executions, and those that could not be closed."""
    if not site.home.ledger.exists():
        return []
    still_open = (one for one in orphans.dead(site.ledger, alive) if one.status == RUNNING)
    return [
        *orphans.everywhere(site.ledger),
        *(Orphan(one.id, one.task_id, one.task_id, one.child) for one in still_open),
    ]


def end(site: Site, orphan: Orphan) -> None:
    """End all that is left of an execution: SIGTERM, its task's grace, SIGKILL."""
    task = site.document.schedule.tasks.get(orphan.task_id)
    end_orphan(orphan.child or NOBODY, task.kill_grace_seconds if task else 0, orphan.id)
    end_marked(MARK, {orphan.id})
