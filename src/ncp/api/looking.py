"""What a schedule means: its next slots, its sentence, what each target makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import targets
from ncp.api import compiling, resolving, views
from ncp.cron import calendar, expression, wording
from ncp.errors import InputError, NcpError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.applying.site import Site
    from ncp.model import Schedule, Timing

SHOWN_SLOTS = 5


def subject(site: Site, text: str, zone: str | None) -> tuple[Timing, tuple[str, ...]]:
    """Find what is meant: a cron expression, a timing or task of the home, or words.

    With a zone it is always a schedule. Returns notes on what was assumed.
    """
    if zone is None and not expression.looks_like_cron(text) and site.exists:
        schedule = site.document.schedule
        try:
            meant = resolving.meant(schedule, text)
        except NotFoundError:
            pass  # then it is words
        else:
            return _one(schedule, meant, text), ()
    return compiling.timing(site, text, zone)


def _one(schedule: Schedule, meant: resolving.Meant, text: str) -> Timing:
    """The timing of what is meant; the tasks of a tag may have several."""
    found = list(dict.fromkeys(task.timing_id for task in meant.tasks))
    if len(found) > 1:
        raise InputError(
            f"Its tasks belong to {len(found)} timings.",
            where=text,
            next_step=f"Name one of them: {', '.join(found[: resolving.MOST_NAMED])}.",
        )
    return schedule.timings[found[0]]


def upcoming(site: Site, timing: Timing, after: datetime, count: int) -> list[datetime]:
    """List the next slots of a timing strictly after an aware instant."""
    zone = timing.zone or site.host.zone
    return calendar.following(timing.recurrence, zone, after, count)


def next_tree(site: Site, timing: Timing, slots: list[datetime]) -> dict[str, Any]:
    """Lay out slots as the JSON of `next`; `timezone` is the zone that they were computed in."""
    recurrence = timing.recurrence
    once = {} if recurrence.at is None else {"at": recurrence.text}
    return {
        "cron": recurrence.cron or None,
        **views.interval(recurrence),
        **once,
        "timezone": timing.zone or site.host.zone,
        "slots": [views.iso(slot) for slot in slots],
    }


def explain(site: Site, timing: Timing) -> dict[str, Any]:
    """Lay out all that can be said about a timing before it runs."""
    zone = site.host.zone
    slots = upcoming(site, timing, site.host.now, SHOWN_SLOTS)
    names = () if timing.recurrence.never else targets.NAMES
    return {
        "sentence": wording.sentence(timing.recurrence, timing.zone, machine_zone=zone),
        **next_tree(site, timing, slots),
        "timingId": timing.id,
        "name": timing.name,
        "targets": [_on_target(site, timing, name) for name in names],
    }


def _on_target(site: Site, timing: Timing, name: str) -> dict[str, Any]:
    """Compile for one target and say how exact and how large the outcome is."""
    try:
        found = compiling.artifact(timing, name, site.host)
    except NcpError as error:
        return {"target": name, "error": str(error)}
    sizes = (len(file.text.encode(file.encoding, "surrogateescape")) for file in found.files)
    return {
        "target": name,
        "exactness": found.exactness,
        "extraPerDay": found.extra_per_day,
        "bytes": sum(sizes),
    }
