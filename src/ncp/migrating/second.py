"""A home of the old tool's second version: its document loads as it is, the rest is done here.

The history and the settings come along, and what the OS still holds of it goes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from ncp.applying import changing, counting
from ncp.intake.items import Report
from ncp.ledger import baseline
from ncp.ledger.compiled import get_meta, set_meta
from ncp.migrating import entries, past, settings
from ncp.model import Changes
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.applying.site import Site
    from ncp.migrating.history import Past

HISTORY = "history"
"""The ledger's note of the old history that it has."""


def waits(site: Site) -> bool:
    """Tell whether the document is as the old tool wrote it."""
    return bool(site.document.repairs or site.document.counters)


def migrate(site: Site, *, dry_run: bool, target: str | None = None) -> Report:
    """Do it, or say what there is to do."""
    if not dry_run:
        with changing.locked(site, "migrate"):
            changing.finish(site)
            return migrated(site, target)
    left, stays = entries.found(site.host)
    held = replaced(left, "would be removed")
    notes = (*_nothing(site), *put_right(site, "would be put right"), *held, *stays)
    return Report((), changing.choice(site, target).name, Changes(), notes, dry=True)


def migrated(site: Site, target: str | None = None) -> Report:
    """Under the lock: the history and the settings, the document, then the old entries."""
    notes = (*_nothing(site), *put_right(site, "is put right"))
    chosen = ""
    new = history_of(site) if waits(site) or _is_new(site) else None
    if new is not None:
        found, more = past.read(site.home.path / "executions")
        config = site.home.path / settings.FILE
        values, words = settings.read(schedules.contents(config), str(config))
        schedule = site.document.schedule

        def first() -> None:
            schedules.add_settings(site.home, values)
            counters = _counters(site, found)
            baseline.add(site.ledger, counters, past.rows(site, found, {}, schedule))
            set_meta(site.ledger, HISTORY, new)
            site.__dict__.pop("settings", None)

        outcome = changing.put(site, schedule, first, target=target)
        chosen = outcome.choice.news
        site.fresh()
        notes = (*notes, *more, *words, *past.said(found), *outcome.advice)
    gone, advice = entries.remove(site.host)
    notes = (*notes, *replaced(gone, "was removed"), *advice)
    return Report((), changing.choice(site, target).name, Changes(), notes, chosen=chosen)


def _counters(site: Site, found: Sequence[Past]) -> list[baseline.Counters]:
    """Lay out the counters of the document, the last execution as the history has it."""
    known = {one.old_id: one for one in found}
    rows = []
    for task_id, count, last, at, status in counting.rows(site.document.counters):
        one = known.get(last or "")
        rows.append((task_id, count, one.id if one else last, at, one.status if one else status))
    return rows


def _nothing(site: Site) -> tuple[str, ...]:
    return () if waits(site) else (f"There is no jobs.json in {site.home.path}.",)


def put_right(site: Site, verb: str) -> tuple[str, ...]:
    """Say what is repaired, and that the document itself is."""
    count = len(site.document.schedule.tasks)
    end = (f"schedule.json {verb}; tasks in it: {count}.",) if waits(site) else ()
    return (*site.document.repairs, *end)


def history_of(site: Site) -> str:
    """Tell one history from another; empty where there is none."""
    table = schedules.contents(site.home.path / "executions" / past.TABLE)
    return "" if table is None else sha256(table).hexdigest()


def _is_new(site: Site) -> bool:
    table = history_of(site)
    return bool(table) and get_meta(site.ledger, HISTORY) != table


def replaced(names: Sequence[str], verb: str) -> tuple[str, ...]:
    """Say what the OS held of the old tool."""
    if not names:
        return ()
    some = f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
    return (f"What the OS held of the old tool {verb}: {len(names)} ({some}).",)
