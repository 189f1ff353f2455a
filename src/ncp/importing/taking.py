"""Take what was found into a home: all of it in one change, or see what that would do."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ncp.applying import changing, installing
from ncp.document.text import shown
from ncp.errors import NotFoundError
from ncp.importing.filling import filled
from ncp.importing.items import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ncp.applying.site import Site
    from ncp.importing.items import Found, Line
    from ncp.model import Schedule

MOST_NAMED = 5


def chosen(found: Found, names: Collection[str]) -> Found:
    """Keep the items of some names, all without one; NotFoundError has the nearest name."""
    known = {item.name for item in found.items}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise NotFoundError(
                f'There is no item "{name}".',
                where="--only",
                next_step=f'Did you mean "{near[0]}"?' if near else f"There are: {_some(known)}.",
            )
    items = (item for item in found.items if not names or item.name in names)
    return replace(found, items=tuple(items))


def _some(names: Collection[str]) -> str:
    listed = ", ".join(shown(name) for name in sorted(names)[:MOST_NAMED])
    return listed or "none"


def take(site: Site, found: Found, *, dry_run: bool = False, update: bool = False) -> Report:
    """Take items into a home in one change; without a new one nothing is written.

    With `update`, tasks of earlier imports become what the file says now.
    """
    before = site.document.schedule
    schedule, lines = filled(site, before, found.items, update=update)
    if dry_run or not any(line.outcome in {"imported", "updated"} for line in lines):
        return _foreseen(site, schedule, lines, found.notes, dry=dry_run)

    def edit(current: Schedule) -> Schedule:
        nonlocal schedule, lines
        if current != before:
            schedule, lines = filled(site, current, found.items, update=update)
        return schedule

    outcome = changing.change(site, "import", edit)
    site.fresh()
    notes = (*found.notes, *outcome.advice)
    return Report(tuple(lines), outcome.choice.name, outcome.changes, notes)


def _foreseen(
    site: Site, schedule: Schedule, lines: Sequence[Line], notes: tuple[str, ...], *, dry: bool
) -> Report:
    target = changing.choice(site).name
    wanted = installing.artifacts(schedule, target, site.host)
    changes = installing.plan(wanted, target, site.host)[0]
    return Report(tuple(lines), target, changes, notes, dry)
