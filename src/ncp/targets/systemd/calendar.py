"""Rules to `OnCalendar=` expressions, as systemd.time(7) defines them.

Values are explicit lists: an open step in the hours (`02/4`) stops a timer
across a change to summer time, one in the days loses the first days of January.
A weekday and a date must both match, so an nth weekday is a weekday within a
range of days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.fields import DAYS_PER_WEEK, LAST_WEEK
from ncp.cron.zones import instant
from ncp.model import LAST_DAY
from ncp.targets.zones import WEEKS, possible_last_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Recurrence, Rule

WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)
FROM_THE_END = "~"
LAST_DAYS = FROM_THE_END + ",".join(f"{day:02}" for day in range(1, DAYS_PER_WEEK + 1))
"""The last seven days of a month, counted from its end."""


def calendar(recurrence: Recurrence, zone: str | None) -> tuple[str, ...]:
    """Write a recurrence as expressions, any of which wakes the timer."""
    if recurrence.at is not None:
        return (recurrence.at.strftime("%Y-%m-%d %H:%M:00 UTC"),)
    suffix = f" {zone}" if zone else ""
    lines = (line for rule in recurrence.rules for line in _lines(rule))
    return tuple(f"{line}{suffix}" for line in dict.fromkeys(lines))


def dated(minutes: Iterable[int]) -> tuple[str, ...]:
    """Write UTC minutes as expressions, years and times of day that share the rest together."""
    days: dict[tuple[str, str], list[str]] = {}
    for minute in minutes:
        at = instant(minute)
        days.setdefault((f"{at:%Y-%m-%d}", f"{at:%H}"), []).append(f"{at:%M}")
    years: dict[tuple[str, str], list[str]] = {}
    for (day, hour), some in days.items():
        years.setdefault((day[4:], f"{hour}:{','.join(some)}"), []).append(day[:4])
    return tuple(
        f"{','.join(some)}{day} {time}:00 UTC" for (day, time), some in sorted(years.items())
    )


def _lines(rule: Rule) -> Iterator[str]:
    months = _values(rule.months)
    time = f"{_values(rule.hours)}:{_values(rule.minutes)}:00"
    for weekdays, week in _weeks(rule):
        for days in _dates(rule, week):
            yield f"{weekdays}*-{months}{days} {time}"


def _values(values: Iterable[int] | None) -> str:
    return "*" if values is None else ",".join(f"{value:02}" for value in sorted(values))


def _weeks(rule: Rule) -> Iterator[tuple[str, int]]:
    """Group the weekdays by their week of the month; 0 is every week."""
    if rule.weekdays is None:
        yield "", 0
        return
    for week in sorted({code // DAYS_PER_WEEK for code in rule.weekdays}):
        names = (
            WEEKDAYS[day] for day in MONDAY_FIRST if day + DAYS_PER_WEEK * week in rule.weekdays
        )
        yield ",".join(names) + " ", week


def _dates(rule: Rule, week: int) -> Iterator[str]:
    """Write the days of the month of a rule that fall in that week."""
    if rule.days is None and week == LAST_WEEK:
        yield LAST_DAYS
        return
    days = _within(rule, week)
    if days is None or days:
        yield "-" + _values(days)
    if _includes_last_day(rule, week):
        yield f"{FROM_THE_END}01"


def _within(rule: Rule, week: int) -> set[int] | None:
    """The ordinary days of that week which at least one of the months has."""
    if rule.days is None and not week:
        return None
    reachable = range(1, max(possible_last_days(rule.months)) + 1)
    days = set(reachable if rule.days is None else rule.days)
    return days & set(reachable) & (WEEKS[week] if week else days)


def _includes_last_day(rule: Rule, week: int) -> bool:
    """The last day of a month can be one of the fourth, fifth and last weekdays."""
    within = not week or bool(WEEKS[week] & possible_last_days(rule.months))
    return rule.days is not None and LAST_DAY in rule.days and within
