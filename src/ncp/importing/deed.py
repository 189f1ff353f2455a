"""Take what was found into a home: all of it in one change, or see what that would do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.applying import changing
from ncp.document.text import shown
from ncp.errors import NotFoundError
from ncp.importing.filling import filled
from ncp.intake import deed
from ncp.references import nearest

if TYPE_CHECKING:
    from collections.abc import Collection

    from ncp.applying.site import Site
    from ncp.intake.items import Foretold, Found, Report
    from ncp.model import Schedule

MOST_NAMED = 5


def chosen(found: Found, names: Collection[str]) -> Found:
    """Keep the items of some names, all without one; NotFoundError has the nearest name."""
    known = {item.name for item in found.items}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            raise NotFoundError(
                f'There is no item "{name}".',
                where="--only",
                next_step=f'Did you mean "{near}"?' if near else f"There are: {_some(known)}.",
            )
    items = (item for item in found.items if not names or item.name in names)
    return replace(found, items=tuple(items))


def _some(names: Collection[str]) -> str:
    listed = ", ".join(shown(name) for name in sorted(names)[:MOST_NAMED])
    return listed or "none"


def take(
    site: Site,
    found: Found,
    *,
    dry_run: bool = False,
    update: bool = False,
    target: str | None = None,
) -> Report:
    """Take items into a home in one change; without a new one nothing is written.

    With `update`, tasks of earlier imports become what the file says now. `target` is for a home
    that has none yet.
    """
    changing.require_same_target(site, target)

    before = site.document.schedule
    foretold = filled(site, before, found.items, update=update)

    def foretell(current: Schedule) -> Foretold:
        if current == before:
            return foretold
        return filled(site, current, found.items, update=update)

    if dry_run or not foretold.changes:
        return deed.foresee(site, foretold, found.notes, target, dry=dry_run)
    return deed.carry_out(site, "import", foretell, found.notes, target)
