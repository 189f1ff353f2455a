"""A property list back to its wake-ups, in three readings of launchd.plist(5).

- "man page": every key must match, and a missing key matches everything; where
  Day and Weekday are both there, either one is enough.
- "and": the same, but Day and Weekday must both match, as several projects
  claim to have seen.
- "published source": the last source that Apple published (launchd 842). The
  weekday leg looks at neither Day nor Month, and a Day that a month does not
  have rolls over into the next one. Whether the 29th and 30th of February roll
  over to the 1st or the 2nd of March depends on the year, which a rule cannot
  say; so this reading comes twice, without those wake-ups ("at least", which
  cannot hide a miss) and with them ("at most", which cannot hide an extra).

Intervals with a value out of range are dropped, as launchd drops them.
"""

from __future__ import annotations

import plistlib
from typing import TYPE_CHECKING

from ncp.model import Rule
from ncp.targets.contract import AtChanges, Wakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ncp.model import Artifact, Follows, Host

    Rolls = dict[int, dict[int, tuple[tuple[int, int], ...]]]

RANGES = {
    "Month": range(1, 13),
    "Day": range(1, 32),
    "Weekday": range(8),
    "Hour": range(24),
    "Minute": range(60),
}
SURE_ROLLS: Rolls = {31: {4: ((5, 1),), 6: ((7, 1),), 9: ((10, 1),), 11: ((12, 1),)}}
"""Day and month that never comes -> the (month, day) that the published source makes of it."""
YEARLY_ROLLS: Rolls = {
    29: {2: ((3, 1),)},
    30: {2: ((3, 1), (3, 2))},
    31: {2: ((3, 2), (3, 3))},
}
"""The same, where it depends on the year."""

LATER_PASS = AtChanges("skipped", frozenset({"second"}))
"""The manual page says nothing. The published source asks mktime for the next label: one that
the clock skips comes out as another, one that comes twice as either pass, so at worst the later."""
AT_CHANGES: Mapping[Follows, AtChanges] = {"wall": LATER_PASS, "elapsed": LATER_PASS}

Interval = dict[str, int]
Values = tuple[int, ...] | None
Days = tuple[Values, Values, Values]
"""Months, days, weekdays of a rule."""


def read(artifact: Artifact, host: Host) -> tuple[Wakes, ...]:  # noqa: ARG001  the contract's signature
    """Read the agent's calendar; each reading is one Wakes."""
    loaded = plistlib.loads(artifact.files[0].text.encode())
    intervals = [i for i in map(_interval, loaded["StartCalendarInterval"]) if i is not None]
    least, most = _wakes(intervals, _source), _wakes(intervals, _source_at_most)
    readings = {
        "man page": _wakes(intervals, _man_page),
        "and": _wakes(intervals, _and),
        **(
            {"published source": least}
            if least == most
            else {"published source, at least": least, "published source, at most": most}
        ),
    }
    return tuple(
        Wakes(rules=rules, reading=reading, at_changes=AT_CHANGES, late=True)
        for reading, rules in readings.items()
    )


def _interval(raw: dict[str, object]) -> Interval | None:
    """Keep the known keys; None where a value is not a number in range."""
    known: Interval = {}
    for key, allowed in RANGES.items():
        value = raw.get(key, allowed[0])
        if type(value) is not int or value not in allowed:
            return None
        if key in raw:
            known[key] = value % 7 if key == "Weekday" else value
    return known


def _and(interval: Interval) -> Iterable[Days]:
    return [_days(interval)]


def _days(interval: Interval) -> Days:
    return _value(interval, "Month"), _value(interval, "Day"), _value(interval, "Weekday")


def _value(interval: Interval, key: str) -> Values:
    return (interval[key],) if key in interval else None


def _man_page(interval: Interval) -> Iterable[Days]:
    month, day, weekday = _days(interval)
    either = day is not None and weekday is not None
    return [(month, day, None), (month, None, weekday)] if either else [(month, day, weekday)]


def _source(interval: Interval) -> list[Days]:
    """The published source's two legs, with the roll-overs that come every year."""
    legs: list[Days] = []
    if "Weekday" in interval:
        legs.append((None, None, (interval["Weekday"],)))
    if "Weekday" not in interval or "Day" in interval:
        legs.append((_value(interval, "Month"), _value(interval, "Day"), None))
        legs += _rolled(interval, SURE_ROLLS)
    return legs


def _source_at_most(interval: Interval) -> list[Days]:
    return _source(interval) + _rolled(interval, YEARLY_ROLLS)


def _rolled(interval: Interval, rolls: Rolls) -> list[Days]:
    months = rolls.get(interval.get("Day", 0), {})
    return [
        ((to_month,), (to_day,), None)
        for month, dates in months.items()
        for to_month, to_day in dates
        if interval.get("Month", month) == month
    ]


def _wakes(
    intervals: Iterable[Interval], reading: Callable[[Interval], Iterable[Days]]
) -> tuple[Rule, ...]:
    """Put together the wake-ups of all intervals: minutes of the day by kind of day, as rules."""
    minutes: dict[Days, int] = {}
    for interval in intervals:
        for days in reading(interval):
            minutes[days] = minutes.get(days, 0) | _minutes(interval)
    alike: dict[int, set[Days]] = {}
    for days, mask in minutes.items():
        alike.setdefault(mask, set()).add(days)
    return tuple(
        Rule(minute, hour, days, months, weekdays, "wall")
        for mask, kinds in alike.items()
        for months, days, weekdays in sorted(_merged(kinds), key=repr)
        for minute, hour in _times(mask)
    )


def _minutes(interval: Interval) -> int:
    """The minutes of a day at which an interval matches, as 1440 bits."""
    hours = [interval["Hour"]] if "Hour" in interval else range(24)
    minutes = [interval["Minute"]] if "Minute" in interval else range(60)
    return sum(1 << (60 * hour + minute) for hour in hours for minute in minutes)


def _merged(kinds: set[Days]) -> set[Days]:
    """Join kinds of days that differ in one field only."""
    for index in (2, 1, 0):
        groups: dict[tuple[Values, ...], list[Days]] = {}
        for days in kinds:
            groups.setdefault((*days[:index], *days[index + 1 :]), []).append(days)
        kinds = {_joined(group, index) for group in groups.values()}
    return kinds


def _joined(group: list[Days], index: int) -> Days:
    values = [days[index] for days in group]
    union = None if None in values else tuple(sorted({v for some in values for v in some or ()}))
    months, days, weekdays = (
        union if place == index else value for place, value in enumerate(group[0])
    )
    return months, days, weekdays


def _times(mask: int) -> list[tuple[Values, Values]]:
    """Write a set of minutes of the day as (minutes, hours), hours alike together."""
    hours: dict[int, list[int]] = {}
    for hour in range(24):
        hours.setdefault(mask >> (60 * hour) & ((1 << 60) - 1), []).append(hour)
    return [
        (_values(range(60), [m for m in range(60) if bits >> m & 1]), _values(range(24), some))
        for bits, some in hours.items()
        if bits
    ]


def _values(every: range, some: list[int]) -> Values:
    return None if len(some) == len(every) else tuple(some)
