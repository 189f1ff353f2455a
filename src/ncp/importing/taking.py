"""Take what was found into a home: all of it in one change, or see what that would do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ncp import document, grouping
from ncp.applying import changing, installing
from ncp.cron import zones
from ncp.cron.when import understand
from ncp.errors import InputError, NcpError, NotFoundError
from ncp.importing.items import Found, Item, Line, Report
from ncp.model import Recurrence, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ncp.applying.site import Site
    from ncp.importing.items import Outcome
    from ncp.model import Schedule, Timing


@dataclass(frozen=True, slots=True)
class Taken:
    """A schedule with items in it, and what became of each."""

    schedule: Schedule
    lines: tuple[Line, ...]


def chosen(found: Found, names: Collection[str]) -> Found:
    """Keep the items of some names, all without one; NotFoundError has the nearest name."""
    known = {item.name for item in found.items}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise NotFoundError(
                f'There is no item "{name}".',
                where="--only",
                next_step=f'Did you mean "{near[0]}"?' if near else "See them with: --dry-run",
            )
    items = (item for item in found.items if not names or item.name in names)
    return replace(found, items=tuple(items))


def take(site: Site, found: Found, *, dry_run: bool = False) -> Report:
    """Take items into a home in one change; without a new one nothing is written."""
    seen = taken(site, site.document.schedule, found.items)
    new = any(line.outcome in {"imported", "updated"} for line in seen.lines)
    if dry_run or not new:
        return _foreseen(site, seen, found.notes, dry=dry_run)
    made: list[Taken] = []

    def edit(current: Schedule) -> Schedule:
        made.append(taken(site, current, found.items))
        return made[-1].schedule

    outcome = changing.change(site, "import", edit)
    site.fresh()
    notes = (*found.notes, *outcome.advice)
    return Report(made[-1].lines, outcome.choice.name, outcome.changes, notes)


def _foreseen(site: Site, seen: Taken, notes: tuple[str, ...], *, dry: bool) -> Report:
    target = changing.choice(site).name
    wanted = installing.artifacts(seen.schedule, target, site.host)
    changes = installing.plan(wanted, target, site.host)[0]
    return Report(seen.lines, target, changes, notes, dry)


def taken(site: Site, schedule: Schedule, items: Iterable[Item]) -> Taken:
    """Put items into a schedule, one by one; one that cannot come leaves the others alone."""
    lines = []
    for item in items:
        schedule, line = _one(site, schedule, item)
        lines.append(line)
    return Taken(schedule, tuple(lines))


def _one(site: Site, schedule: Schedule, item: Item) -> tuple[Schedule, Line]:
    if item.refusal or item.report:
        return schedule, _left(item)
    before = _known(schedule, item)
    if before is not None:
        timing = schedule.timings[before.timing_id]
        return schedule, Line(item, "already there", before, timing)
    try:
        timing, notes = timing_of(site, schedule, item)
        task = task_of(site, item)
        document.check(task, item.place)
        after = grouping.with_task(schedule, task, timing)
        document.require_order(after)
    except NcpError as error:
        return schedule, Line(item, "refused", reason=f"{error.what} {error.next_step}".strip())
    made = after.tasks[task.id]
    return after, Line(item, "imported", made, timing, (*item.warnings, *notes))


def _left(item: Item) -> Line:
    outcome: Outcome = "refused" if item.refusal else "reported"
    return Line(item, outcome, warnings=item.warnings, reason=item.refusal or item.report)


def _known(schedule: Schedule, item: Item) -> Task | None:
    """Find the task that an earlier import made of an item."""
    own = str(item.values.get("id"))
    if own in schedule.tasks:
        return schedule.tasks[own]
    same = (task for task in schedule.tasks.values() if item.origin and task.origin == item.origin)
    return next(same, None)


def timing_of(site: Site, schedule: Schedule, item: Item) -> tuple[Timing, tuple[str, ...]]:
    """Find or make the timing of an item, with notes on what was assumed of its words."""
    zone = None if item.timezone is None else zones.zone(item.timezone).key
    machine = site.host.zone
    found, notes = (
        (item.schedule, ())
        if isinstance(item.schedule, Recurrence)
        else understand(item.schedule, now=site.host.now, zone=zone or machine)
    )
    if found.at is not None and found.at <= site.host.now:
        raise InputError(f"{found.text} is past.", next_step="Write an instant still to come.")
    made = _now()
    return (
        grouping.timing_for(schedule, found, zone, created_at=made, machine_zone=machine),
        notes,
    )


def task_of(site: Site, item: Item) -> Task:
    """Make the task of an item; its timing is not known yet."""
    made = _now()
    defaults = {
        "id": str(uuid.uuid4()),
        "timeout_seconds": site.settings.default_timeout_seconds,
        "created_at": made,
        "active_since": made,
        "origin": item.origin or None,
    }
    return Task(**{**defaults, **item.values, "name": item.name, "timing_id": ""})


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
