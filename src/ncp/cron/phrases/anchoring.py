"""What an interval counts from where nobody says it: from now, or from its first date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import english, intervals

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from ncp.model import Recurrence


def anchored(
    plain: Recurrence, interval: tuple[int, str], now: datetime, zone: ZoneInfo
) -> tuple[Recurrence, str]:
    """Give a recurrence its interval, and a note on what it counts from.

    Minutes and hours count from the minute that it is, so the first run comes
    one interval later; days, weeks and months from the first date that comes.
    """
    # croniter takes as long to import as the rest of a phrase
    from ncp.cron import calendar  # noqa: PLC0415

    count, unit = interval
    if unit in intervals.TIMED:
        found = intervals.spaced(plain, count, unit, intervals.written(now))
        first = next(calendar.slots(found, zone.key, now), now).astimezone(zone)
        return found, f"Counted from now; comes first on {english.moment(first)}."
    first = next(calendar.slots(plain, zone.key, now)).astimezone(zone)
    found = intervals.spaced(plain, count, unit, first.date().isoformat())
    return found, f"Counted from its first day, {english.moment(first)}."
