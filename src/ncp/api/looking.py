"""What a schedule means: its next slots, its sentence, what each target makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ncp import targets
from ncp.api import compiling, resolving, views
from ncp.cron import calendar, expression, wording
from ncp.cron.when import understand
from ncp.errors import InputError, NcpError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Coming:
    """The next slots of a timing, the zone they were computed in, and what was assumed."""

    timing: Timing
    zone: str
    after: datetime
    slots: tuple[datetime, ...]
    notes: tuple[str, ...]

    @property
    def tree(self) -> dict[str, Any]:
        """Lay them out as the JSON of `next`."""
        recurrence = self.timing.recurrence
        once = {} if recurrence.at is None else {"at": recurrence.text}
        return {
            "cron": recurrence.cron or None,
            **views.interval(recurrence),
            **once,
            "timezone": self.zone,
            "slots": [views.iso(slot) for slot in self.slots],
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """All that can be said of a timing before it runs; `targets` as the JSON of `explain`."""

    sentence: str
    coming: Coming
    targets: tuple[Mapping[str, Any], ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed."""
        return self.coming.notes

    @property
    def tree(self) -> dict[str, Any]:
        """Lay it out as the JSON of `explain`."""
        return {
            "sentence": self.sentence,
            **self.coming.tree,
            "timingId": self.coming.timing.id,
            "name": self.coming.timing.name,
            "targets": [*self.targets],
        }


def upcoming(
    site: Site, text: str, zone: str | None, *, after: datetime | None, count: int
) -> Coming:
    """List the next slots of what is meant, strictly after an aware instant (default: now)."""
    timing, notes = subject(site, text, zone)
    zone, after = timing.zone or site.host.zone, after or site.host.now
    slots = calendar.following(timing.recurrence, zone, after, count)
    return Coming(timing, zone, after, tuple(slots), notes)


def explain(site: Site, text: str, zone: str | None) -> Explained:
    """Say what a schedule means, when it comes, and what each target makes of it."""
    coming = upcoming(site, text, zone, after=None, count=SHOWN_SLOTS)
    timing = coming.timing
    names = () if timing.recurrence.never else targets.NAMES
    return Explained(
        sentence(site, timing), coming, tuple(_on_target(site, timing, name) for name in names)
    )


def sentence(site: Site, timing: Timing) -> str:
    """Say in a sentence when a timing is due."""
    return wording.sentence(timing.recurrence, timing.zone, machine_zone=site.host.zone)


def is_schedule(site: Site, text: str) -> bool:
    """Tell whether a text reads as a schedule."""
    try:
        understand(text, now=site.host.now, zone=site.host.zone)
    except NcpError:
        return False
    return True


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
