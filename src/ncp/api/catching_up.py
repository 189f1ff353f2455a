"""Run by hand what was missed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ncp.api import resolving, running, views
from ncp.applying import settling
from ncp.cron import zones
from ncp.errors import InputError
from ncp.ledger import history, record
from ncp.runner import missing, run_missed
from ncp.store import home as homes

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.runner.missing import Missed
    from ncp.runner.output import Echo

MOST = 100


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What was missed, an exit code (of `ncp.errors`), and the executions that made up for it.

    `left_out` counts missed slots beyond the limit, `held` those in which a task
    would wait for another one that does not run in them.
    """

    missed: list[dict[str, Any]]
    left_out: int
    held: int
    code: int
    executions: list[dict[str, Any]]


def catch_up(
    site: Site,
    reference: str | None = None,
    *,
    everything: bool = False,
    most: int = MOST,
    dry_run: bool = False,
    echo: Echo | None = None,
) -> CaughtUp:
    """Run the newest missed slot of each active task (of a task, a timing, or all) once.

    With `everything` each missed slot runs, the newest `most` of a task, oldest
    first. A slot that has started is never run again.
    """
    tasks = _chosen(site, reference)
    if not tasks:
        return CaughtUp([], 0, 0, 0, [])
    running.bring_up_to_date(site)
    found = missing.missed(site.ledger, tasks, most=most if everything else None)
    code, ran = 0, list[str]()
    if found and not dry_run:
        homes.require_writable(site.home)
        code = run_missed(str(site.home.path), found, echo, ran)
        _settle(site, found)
    executions = [history.execution(site.ledger, one) or {} for one in ran]
    left_out, held = (sum(getattr(one, name) for one in found) for name in ("left_out", "held"))
    return CaughtUp(_tree(found), left_out, held, code, executions)


def _chosen(site: Site, reference: str | None) -> list[str]:
    if reference is None:
        return [task.id for task in site.document.schedule.tasks.values()]
    tasks = resolving.meant(site.document.schedule, reference).tasks
    active = [task.id for task in tasks if task.status == "active"]
    if not active:
        raise InputError(
            f"It is {tasks[0].status}, and what is not active misses nothing.",
            where=reference,
            next_step=f"Run it now: ncp schedule run {tasks[0].id}",
        )
    return active


def _settle(site: Site, found: list[Missed]) -> None:
    """Complete tasks for which this was the last time."""
    timings = {one.task.timing_id for one in found}
    book, now = site.ledger, int(time.time())
    if any(record.reached_end(book, timing, now) for timing in timings):
        settling.settle(site)
        site.fresh()


def _tree(found: list[Missed]) -> list[dict[str, Any]]:
    """Lay out missed slots in the order in which they run."""
    pairs = sorted(((slot, one) for one in found for slot in one.slots), key=lambda pair: pair[0])
    return [
        {
            "slot": views.iso(zones.instant(slot)),
            "taskId": one.task.id,
            "taskName": one.task.name,
            "timingId": one.task.timing_id,
        }
        for slot, one in pairs
    ]
