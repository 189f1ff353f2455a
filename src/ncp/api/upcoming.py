"""The next slots of many timings at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import fingerprint
from ncp.api import views
from ncp.cron import naming, zones
from ncp.ledger.compiled import compiled_timings, get_meta

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.applying.site import Site
    from ncp.ledger.compiled import CompiledTiming
    from ncp.model import Timing

NEAR_MINUTES = 5 * 366 * 24 * 60
"""The compiled copy knows the offsets of zones for ten years."""


def next_slots(site: Site, timings: Iterable[Timing]) -> dict[str, str | None]:
    """Find the next slot of each timing, by its id; None for a one-off that has passed.

    The compiled copy answers with a few integers what the calendar computes in a
    millisecond, so it is asked first; what it cannot say comes from the calendar.
    """
    copies, now = _copies(site), zones.minutes(site.host.now)
    return {timing.id: _of(site, timing, copies.get(timing.id), now) for timing in timings}


def _copies(site: Site) -> dict[str, CompiledTiming]:
    """Take the compiled timings, where they are those of this document and this zone."""
    if not site.home.ledger.exists():
        return {}
    prints = {"document": fingerprint.document(str(site.home.path)), "zone": fingerprint.zone()}
    if any(get_meta(site.ledger, key) != value for key, value in prints.items()):
        return {}
    return {copy.id: copy for copy in compiled_timings(site.ledger)}


def _of(site: Site, timing: Timing, copy: CompiledTiming | None, now: int) -> str | None:
    if copy is not None and copy.identity == naming.identity(timing.recurrence, timing.zone):
        slot = copy.following(now)
        if slot is not None and slot - now < NEAR_MINUTES:
            return views.iso(zones.instant(slot))
    return views.next_slot(timing, site.host.zone, site.host.now)
