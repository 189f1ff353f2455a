"""Rules to calendar intervals: the dictionaries of StartCalendarInterval.

launchd knows neither ranges nor lists nor steps, so every interval is one
combination of values. Three readings of launchd.plist(5) disagree about an
interval that has a Day and a Weekday, and the published source ignores Month
beside Weekday and lets the 31st of April roll over to the 1st of May. What is
written here wakes at every due minute in each of them: an interval never has
Weekday beside Day or Month, and days after the 28th come with their month.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from ncp.cron.expression import LONGEST, day_matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncp.model import Rule

Interval = tuple[tuple[str, int], ...]
"""One combination: (key, value) pairs in the order of KEYS."""

KEYS = ("Month", "Day", "Weekday", "Hour", "Minute")
MOST = 1000
"""More intervals than this are not written for one agent; the entry wakes more often instead."""
SHORTEST_MONTH = 28
WEEKDAYS_PER_YEAR = 366 / 7
EVERY_DAY: tuple[list[Interval], float] = ([()], 366)
ANY_HOUR: list[Interval] = [()]


def intervals(rules: Sequence[Rule]) -> list[Interval]:
    """Write a union of rules as distinct intervals that wake at every due minute."""
    found = _within(rules, MOST)
    if len(found) > MOST:
        found = _within(rules, max(60, MOST // len(rules)))
    return sorted(found, key=_order)


def _within(rules: Sequence[Rule], share: int) -> list[Interval]:
    found = {interval for rule in rules for interval in _of_rule(rule, share)}
    return [interval for interval in found if not _contained(interval, found)]


def _order(interval: Interval) -> tuple[int, ...]:
    values = dict(interval)
    return tuple(values.get(key, -1) for key in KEYS)


def _contained(interval: Interval, among: set[Interval]) -> bool:
    """Tell whether a less specific interval already wakes whenever this one does."""
    return any(
        part in among for size in range(1, len(interval)) for part in combinations(interval, size)
    )


def _of_rule(rule: Rule, share: int) -> Iterable[Interval]:
    """Choose the fewest wake-ups that fit: whole, without hours, without days, without both."""
    minutes = [(("Minute", minute),) for minute in rule.minutes or range(60)]
    hours: list[Interval] = [(("Hour", hour),) for hour in rule.hours or range(24)]
    options = [
        (days, written, weight * (24 if written is ANY_HOUR else len(hours)))
        for days, weight in (_days(rule), EVERY_DAY)
        for written in (hours, ANY_HOUR)
    ]
    days, written, _ = min(
        (option for option in options if len(option[0]) * len(option[1]) * len(minutes) <= share),
        key=lambda option: (option[2], _loose(option[0], option[1]), len(option[1])),
    )
    return (tuple(d + h + m) for d, h, m in product(days, written, minutes))


def _loose(days: list[Interval], hours: list[Interval]) -> bool:
    """Tell whether a restricted day would stand without its hour, which is to be avoided."""
    return days != [()] and hours is ANY_HOUR


def _days(rule: Rule) -> tuple[list[Interval], float]:
    """Write the days of a rule, by dates or by weekdays, whichever is fewer a year."""
    if rule.days is None and rule.months is None and rule.weekdays is None:
        return EVERY_DAY
    dates = _dates(rule)
    if rule.weekdays is None:
        return _by_date(dates), len(dates)
    weekdays = sorted({code % 7 for code in rule.weekdays})
    often = WEEKDAYS_PER_YEAR * len(weekdays)
    if len(dates) < often:
        return _by_date(dates), len(dates)
    return [(("Weekday", weekday),) for weekday in weekdays], often


def _dates(rule: Rule) -> set[tuple[int, int]]:
    """List the (month, day) on which a rule can match, in some year."""
    return {
        (month, day)
        for month in rule.months or range(1, 13)
        for day in range(1, LONGEST[month] + 1)
        if any(_can(rule, day, length) for length in _lengths(month) if day <= length)
    }


def _lengths(month: int) -> tuple[int, ...]:
    return (28, 29) if month == 2 else (LONGEST[month],)


def _can(rule: Rule, day: int, length: int) -> bool:
    return any(
        day_matches(rule.days, rule.weekdays, day=day, weekday=weekday, length=length)
        for weekday in range(7)
    )


def _by_date(dates: set[tuple[int, int]]) -> list[Interval]:
    months = {month for month, _ in dates}
    if len(months) == len(LONGEST):
        whole = {
            day for day in range(1, SHORTEST_MONTH + 1) if all((m, day) in dates for m in months)
        }
        short: list[Interval] = [(("Day", day),) for day in sorted(whole)]
        rest = {(month, day) for month, day in dates if day not in whole}
    else:
        full = {m for m in months if all((m, d) in dates for d in range(1, LONGEST[m] + 1))}
        short = [(("Month", month),) for month in sorted(full)]
        rest = {(month, day) for month, day in dates if month not in full}
    return short + [(("Month", month), ("Day", day)) for month, day in sorted(rest)]
