"""A timing's name, and the one sentence that a person can check it by.

`names` and `sentences` write the recurring ones; this module adds the zone,
which clock a recurrence follows, and the one-offs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import english, names, sentences, shapes, zones

if TYPE_CHECKING:
    from ncp.model import Recurrence

LONGEST_NAME = 90
FOLLOWING = {"wall": "following the wall clock", "elapsed": "following elapsed time"}


def timing_name(recurrence: Recurrence, zone: str | None, *, machine_zone: str = "UTC") -> str:
    """Name a timing: `Weekdays at 2:30 PM`, `Daily at 9:00 AM (America/New_York)`.

    What would not fit a line is `Custom` and the cron expression.
    """
    place = f" ({zone})" if zone else ""
    if recurrence.at is not None:
        local = recurrence.at.astimezone(zones.zone(zone or machine_zone))
        return f"Once on {english.moment(local)}{place}"
    name = " ".join(filter(None, (names.name(recurrence), _following(recurrence))))
    return (name if len(name) <= LONGEST_NAME else f"Custom ({recurrence.cron})") + place


def sentence(recurrence: Recurrence, zone: str | None, *, machine_zone: str) -> str:
    """Say in one English sentence when a recurrence is due, completely."""
    place = f"in {zone} time" if zone else f"in the machine's own time ({machine_zone})"
    if recurrence.at is not None:
        local = recurrence.at.astimezone(zones.zone(zone or machine_zone))
        return f"Runs once, on {english.moment(local)}, {place}."
    clauses = (*sentences.clauses(recurrence), _following(recurrence), place)
    return f"Runs {', '.join(filter(None, clauses))}."


def _following(recurrence: Recurrence) -> str:
    """Say what the times follow when clocks change, where it is not what one would expect."""
    rule = recurrence.rules[0]
    expected = rule.follows == shapes.typical(shapes.time_of(rule))
    return "" if expected else FOLLOWING[rule.follows]
