"""What a home holds, looked up: tasks, timings, executions, as the JSON of `list` and `get`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

from ncp.api import resolving, upcoming, views
from ncp.errors import InputError
from ncp.ledger import history
from ncp.model import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ncp.applying.site import Site
    from ncp.model import Task, Timing

    States = Mapping[str, Mapping[str, object]]


def find(site: Site, references: Sequence[str]) -> list[Task]:
    """Find tasks by id, unique id prefix, name, or the id of their timing; each once."""
    schedule = site.document.schedule
    found = [task for one in references for task in resolving.meant(schedule, one).tasks]
    return list({task.id: task for task in found}.values())


def task(site: Site, reference: str) -> dict[str, Any]:
    """Lay out one task as `get` shows it."""
    found = resolving.task(site.document.schedule, reference)
    timing = site.document.schedule.timings[found.timing_id]
    due = views.next_slot(timing, site.host.zone, site.host.now)
    return _view(site, found, states(site), due)


def tasks(
    site: Site,
    status: str | Sequence[str] | None = None,
    tag: str | Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Lay out all tasks, or those of one status and one tag (or of several), in their order."""
    wanted = [status] if status is None or isinstance(status, str) else [*status]
    for one in wanted:
        _require_status(one, get_args(TaskStatus))
    schedule, known = site.document.schedule, states(site)
    tagged = [*schedule.tasks.values()]
    if words := [tag] if isinstance(tag, str) else tag:
        tagged = resolving.require_tagged(schedule, words)
    chosen = [one for one in tagged if status is None or one.status in wanted]
    used = {one.timing_id for one in chosen}
    due = upcoming.next_slots(site, [schedule.timings[i] for i in used])
    return [_view(site, one, known, due[one.timing_id]) for one in chosen]


def timings(site: Site) -> list[dict[str, Any]]:
    """Lay out all timings with their next slots."""
    schedule = site.document.schedule
    due = upcoming.next_slots(site, schedule.timings.values())
    return [
        views.of_timing(timing, schedule, due[timing.id]) for timing in schedule.timings.values()
    ]


def executions(
    site: Site,
    reference: str | None = None,
    *,
    status: str | Sequence[str] | None = None,
    since: datetime | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Lay out executions, newest first, of everything, one task or one timing."""
    _require_moment(since)
    for one in [status] if status is None or isinstance(status, str) else status:
        _require_status(one, history.STATUSES)
    if limit < 1:
        raise InputError(f"{limit} shows none.", where="limit", next_step="Write: limit=50")
    if not site.home.ledger.exists():
        return []
    meant = None if reference is None else resolving.meant(site.document.schedule, reference)
    timing: Timing | None = None if meant is None else meant.timing
    ids = None if meant is None or timing else [task.id for task in meant.tasks]
    return history.executions(
        site.ledger,
        task_id=ids[0] if ids is not None and len(ids) == 1 else ids,
        timing_id=None if timing is None else timing.id,
        status=status,
        since=None if since is None else int(since.timestamp() * 1000),
        limit=limit,
    )


def states(site: Site) -> States:
    """What the ledger has counted of each task, by its id; nothing of a home without one."""
    return history.task_states(site.ledger) if site.home.ledger.exists() else {}


def _view(site: Site, found: Task, known: States, due: str | None) -> dict[str, Any]:
    timing = site.document.schedule.timings[found.timing_id]
    if found.active_hours or found.end_date or upcoming.is_ahead(found, site.host.now):
        due = next(iter(upcoming.of_task(found, timing, site, 1)), None)
    return views.of_task(found, timing, known.get(found.id, {}), due)


def _require_status(status: str | None, known: Collection[str]) -> None:
    if status is not None and status not in known:
        raise InputError(
            f"{status!r} is not a status.",
            where="status",
            next_step=f"Write one of: {', '.join(known)}",
        )


def _require_moment(since: object) -> None:
    if not (since is None or isinstance(since, datetime)):
        raise InputError(
            f"{since!r} is not a datetime.",
            where="since",
            next_step="Write: datetime.now(UTC) - timedelta(hours=1)",
        )
