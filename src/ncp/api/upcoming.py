"""The next slots of many timings at once."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from ncp import fingerprint, policies
from ncp.api import views
from ncp.cron import calendar, naming, zones
from ncp.fields import values
from ncp.ledger.compiled import compiled_timings, get_meta
from ncp.store import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ncp.applying.site import Site
    from ncp.ledger.compiled import CompiledTiming
    from ncp.model import Recurrence, Task, Timing

NEAR_MINUTES = 5 * 366 * 24 * 60
"""The compiled copy knows the offsets of zones for ten years."""
MOST_LOOKS = 2000
LONGEST_CHANGE = 180
"""By how many minutes a clock may be changed on the way to the next active hours."""


def next_slots(site: Site, timings: Iterable[Timing]) -> dict[str, str | None]:
    """Find the next slot of each timing, by its id; None for a one-off that has passed.

    The compiled copy answers with a few integers what the calendar computes in a
    millisecond, so it is asked first; what it cannot say comes from the calendar.
    """
    copies, now = _copies(site), zones.minutes(site.host.now)
    return {
        timing.id: _of_those_ahead(site, timing) or _of(site, timing, copies.get(timing.id), now)
        for timing in timings
    }


def _of_those_ahead(site: Site, timing: Timing) -> str | None:
    """Find the next slot of a timing whose active tasks all begin in the future."""
    known = site.document.schedule.tasks
    active = [
        known[one] for one in timing.task_ids if one in known and known[one].status == "active"
    ]
    if not active or not all(is_ahead(task, site.host.now) for task in active):
        return None
    return min((slot for task in active for slot in of_task(task, timing, site, 1)), default=None)


def _copies(site: Site) -> dict[str, CompiledTiming]:
    """Take the compiled timings, where they are those of this document and this zone."""
    if not site.home.ledger.exists():
        return {}
    prints = {"document": fingerprint.document(str(site.home.path)), "zone": fingerprint.zone()}
    if any(get_meta(site.ledger, key) != value for key, value in prints.items()):
        return {}
    return {copy.id: copy for copy in compiled_timings(site.ledger)}


def of_task(task: Task, timing: Timing, site: Site, count: int) -> list[str]:
    """List the next slots in which a task takes part: in its active hours, up to its end."""
    if task.status != "active":
        return []
    zone, end = timing.zone or site.host.zone, task.end_date and values.instant(task.end_date)
    inside = () if timing.recurrence.at else compiled.hours(task.active_hours)
    slots = _inside(timing.recurrence, zone, inside, _after(task, site.host.now))
    return [views.iso(slot) for slot in islice(slots, count) if not end or slot <= end]


def is_ahead(task: Task, now: datetime) -> bool:
    """Tell whether a task begins in the future, as after a clock that was ahead."""
    return task.active_since is not None and values.instant(task.active_since) > now


def _after(task: Task, now: datetime) -> datetime:
    """Say after which instant the slots of a task are to be looked for."""
    if task.active_since is None or not is_ahead(task, now):
        return now
    return values.instant(task.active_since).replace(microsecond=0) - timedelta(seconds=1)


def _inside(
    recurrence: Recurrence, zone: str, hours: tuple[int, ...], after: datetime
) -> Iterator[datetime]:
    """Go through the slots in active hours, as far as MOST_LOOKS in a row that are not reach."""
    slots, left = calendar.slots(recurrence, zone, after), MOST_LOOKS
    while left and (slot := next(slots, None)) is not None:
        ahead = _ahead(hours, slot, zone) - LONGEST_CHANGE
        if ahead <= -LONGEST_CHANGE:
            left = MOST_LOOKS
            yield slot
        elif ahead > 0:
            slots = calendar.slots(recurrence, zone, slot + timedelta(minutes=ahead))
        left -= 1


def _ahead(hours: tuple[int, ...], slot: datetime, zone: str) -> int:
    """Say in how many minutes of the wall clock active hours can begin; 0: it lies in some."""
    minute = zones.minutes(slot) + zones.offset_minutes(zone, slot)
    if policies.within(hours, minute):
        return 0
    return (hours[0] - minute) % policies.DAY or policies.DAY


def _of(site: Site, timing: Timing, copy: CompiledTiming | None, now: int) -> str | None:
    if copy is not None and copy.identity == naming.identity(timing.recurrence, timing.zone):
        slot = copy.following(now)
        if slot is not None and slot - now < NEAR_MINUTES:
            return views.iso(zones.instant(slot))
    return views.next_slot(timing, site.host.zone, site.host.now)
