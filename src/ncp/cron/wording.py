"""A timing's name, and the one sentence that a person can check it by.

`names` and `sentences` write the recurring ones; this module adds the zone,
which clock a recurrence follows, and the one-offs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import english, names, sentences, zones

if TYPE_CHECKING:
    from ncp.model import Recurrence

LONGEST_NAME = 90


def timing_name(recurrence: Recurrence, zone: str | None, *, machine_zone: str = "UTC") -> str:
    """Name a timing: `Weekdays at 2:30 PM`, `Daily at 9:00 AM (America/New_York)`.

    What would not fit a line is `Custom` and the cron expression.
    """
    place = f" ({zone})" if zone else ""
    if recurrence.never:
        return f"Never{place}"
    if recurrence.at is not None:
        local = recurrence.at.astimezone(zones.zone(zone or machine_zone))
        return f"Once on {english.moment(local)}{place}"
    name = names.name(recurrence)
    return (name if len(name) <= LONGEST_NAME else f"Custom ({recurrence.text})") + place


def sentence(recurrence: Recurrence, zone: str | None, *, machine_zone: str) -> str:
    """Say in one English sentence when a recurrence is due, completely."""
    if recurrence.never:
        return "Never runs by itself."
    place = f"in {zone} time" if zone else f"in the machine's own time ({machine_zone})"
    if recurrence.at is not None:
        local = recurrence.at.astimezone(zones.zone(zone or machine_zone))
        return f"Runs once, on {english.moment(local)}, {place}."
    said = sentences.said(recurrence, zone or machine_zone)
    return f"Runs {said}, {place}."
