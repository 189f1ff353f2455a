"""A witness for what is due: every real minute is put on the wall clock and looked at.

It stands beside cronsim because cronsim 2.8 counts whole hours in UTC, and so
leaves slots out where a zone is not whole hours away from UTC.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cronsim import CronSim

from ncp.cron.expression import day_matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Recurrence, Rule

MINUTE = timedelta(minutes=1)


def due(recurrence: Recurrence, zone: str, low: datetime, high: datetime) -> Iterator[datetime]:
    """Yield the slots in [low, high), whole minutes, UTC."""
    before = low - MINUTE
    while low < high:
        if any(_at(rule, ZoneInfo(zone), before, low) for rule in recurrence.rules):
            yield low
        before, low = low, low + MINUTE


def _at(rule: Rule, zone: ZoneInfo, before: datetime, now: datetime) -> bool:
    """Tell whether a minute is a slot; a wall rule also owns the labels skipped just now."""
    label, earlier = now.astimezone(zone), before.astimezone(zone)
    if rule.follows == "elapsed":
        return matches(rule, label)
    if label.fold == 0 and matches(rule, label):
        return True
    skipped = label.replace(tzinfo=None) - earlier.replace(tzinfo=None) - MINUTE
    return any(
        matches(rule, earlier.replace(tzinfo=None) + MINUTE * (n + 1))
        for n in range(skipped // MINUTE)
    )


def matches(rule: Rule, label: datetime) -> bool:
    """Tell whether a rule matches a label of the wall clock."""
    length, weekday = monthrange(label.year, label.month)[1], label.isoweekday() % 7
    return (
        (rule.minutes is None or label.minute in rule.minutes)
        and (rule.hours is None or label.hour in rule.hours)
        and (rule.months is None or label.month in rule.months)
        and day_matches(rule.days, rule.weekdays, day=label.day, weekday=weekday, length=length)
    )


def by_cronsim(cron: str, zone: str, low: datetime, high: datetime) -> Iterator[datetime]:
    """Yield the slots in [low, high) that cronsim finds, UTC."""
    for slot in CronSim(cron, (low - timedelta(seconds=1)).astimezone(ZoneInfo(zone))):
        if slot >= high:
            return
        yield slot.astimezone(UTC)
