"""When each timing last woke, and which should have woken since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ncp.applying import installing
from ncp.cron import zones
from ncp.ledger import history
from ncp.ledger.compiled import compiled_timings
from ncp.ledger.record import newest_slot
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.applying.site import Site
    from ncp.ledger.compiled import CompiledTiming

MEND = "ncp schedule sync"
PATIENCE = timedelta(minutes=5)
"""How late a wake may be: native schedulers and busy machines take their time."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One timing: its last wake, and the slot that nothing woke for, if there is one."""

    timing_id: str
    last_wake: datetime | None
    overdue: datetime | None


def watch(site: Site) -> list[Watch]:
    """Look at every timing with an active task."""
    if not site.home.ledger.exists():
        return []
    live = {timing.id for timing in installing.live_timings(site.document.schedule)}
    wakes = history.wakes(site.ledger)
    return [_watch(site, t, wakes) for t in compiled_timings(site.ledger) if t.id in live]


def _watch(site: Site, timing: CompiledTiming, wakes: Mapping[str, Mapping[str, object]]) -> Watch:
    at = wakes.get(timing.id, {}).get("at")
    woke = None if at is None else datetime.fromisoformat(str(at))
    now = zones.minutes(site.host.now)
    seen = [timing.begins(now), newest_slot(site.ledger, timing.id, now) or 0]
    if woke is not None and zones.minutes(woke) <= now:
        seen.append(zones.minutes(woke))
    slot = timing.following(max(seen))
    late = slot is not None and zones.instant(slot) + PATIENCE < site.host.now
    return Watch(timing.id, woke, zones.instant(slot) if slot is not None and late else None)


def findings(site: Site) -> Iterator[Finding]:
    """Say of each timing when it last woke, or that it should have."""
    for found in watch(site):
        if found.overdue is not None:
            yield Finding("warning", found.timing_id, sentence(found), MEND)
        elif found.last_wake is None:
            yield Finding("ok", found.timing_id, "It has not been due yet.")
        else:
            yield Finding("ok", found.timing_id, f"It last woke at {_shown(found.last_wake)}.")


def sentence(found: Watch) -> str:
    """Say that a timing is overdue."""
    assert found.overdue is not None  # noqa: S101  the caller has asked
    last = "it never has" if found.last_wake is None else f"the last was {_shown(found.last_wake)}"
    return (
        f"It was due at {_shown(found.overdue)} and the scheduler did not wake it ({last}). "
        "Was the machine off?"
    )


def _shown(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
