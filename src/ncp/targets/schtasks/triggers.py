"""Rules to triggers, at most 48 of them.

A day of the month AND a weekday cannot be said, nor the fifth weekday of a
month; both become something that comes more often. Where 48 triggers are not
enough, the option with the fewest wake-ups that fits is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from ncp.cron.fields import LAST_WEEK
from ncp.model import LAST_DAY, Rule
from ncp.targets.schtasks import times
from ncp.targets.schtasks.times import Times

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 48
"""Triggers per task, from the schema (triggersType) and the Task Triggers page."""
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EVERY_WEEK = ("1", "2", "3", "4", "Last")
"""What means every week of a month: `Last` is not the fifth, and there is no 5."""
WEEKS = {0: EVERY_WEEK, 5: ("Last",), LAST_WEEK: ("Last",)}
WEEKS_PER_YEAR = 52


@dataclass(frozen=True, slots=True)
class Days:
    """On which days a trigger comes; empty means every day.

    `weeks` with `weekdays` and `months`; `days` with `months`; or `weekdays` alone.
    """

    days: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    weeks: tuple[str, ...] = ()
    months: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A time of day (or a progression) on certain days; `utc` ones start at an instant."""

    days: Days
    times: Times
    utc: bool = False


DAILY = (Days(),)
FEW = 2
"""Up to so many rules (day of month OR weekday) each are written in their own way."""

Way = tuple[Callable[[Rule], list[Times]], bool]
"""A style of times, and whether on the rule's own days or on every day."""

WAYS: tuple[Way, ...] = tuple(product((times.plain, times.progressions, times.hull), (True, False)))


def triggers(rules: Sequence[Rule], most: int = MOST) -> list[Trigger]:
    """Write a union of rules as at most so many distinct triggers that wake at every due minute."""
    options = [
        (found, often)
        for ways in _ways(rules)
        if len(found := _option(rules, ways)) <= most
        for often in [sum(_often(rule, way) for rule, way in zip(rules, ways, strict=True))]
    ]
    if options:
        return min(options, key=lambda option: option[1])[0]
    return [Trigger(Days(), span) for span in times.hull(_union(rules))]


def _ways(rules: Sequence[Rule]) -> Iterable[Sequence[Way]]:
    """The ways to write the rules: any for each where they are few, else one for all."""
    if len(rules) <= FEW:
        return product(WAYS, repeat=len(rules))
    return ([way] * len(rules) for way in WAYS)


def _option(rules: Sequence[Rule], ways: Sequence[Way]) -> list[Trigger]:
    found = [
        Trigger(days, span)
        for rule, (style, own) in zip(rules, ways, strict=True)
        for days in (_days(rule) if own else DAILY)
        for span in style(rule)
    ]
    return list(dict.fromkeys(found))


def _often(rule: Rule, way: Way) -> int:
    """Wake-ups a year, roughly."""
    style, own = way
    return (_days_per_year(rule) if own else 366) * sum(span.count for span in style(rule))


def _union(rules: Iterable[Rule]) -> Rule:
    minutes = {minute for rule in rules for minute in rule.minutes or range(60)}
    hours = {hour for rule in rules for hour in rule.hours or range(24)}
    return Rule(tuple(sorted(minutes)), tuple(sorted(hours)), None, None, None, "wall")


def _days_per_year(rule: Rule) -> int:
    if rule.days is None and rule.weekdays is None:
        return 366 if rule.months is None else 31 * len(rule.months)
    return min(_dates_per_year(rule), _weekdays_per_year(rule))


def _dates_per_year(rule: Rule) -> int:
    return len(rule.months or MONTHS) * len(rule.days) if rule.days else 366


def _weekdays_per_year(rule: Rule) -> int:
    if rule.weekdays is None:
        return 366
    weeks = sum(WEEKS_PER_YEAR if code < len(WEEKDAYS) else 12 for code in rule.weekdays)
    return weeks * len(rule.months or MONTHS) // 12


def _days(rule: Rule) -> Sequence[Days]:
    """The days of a rule, by dates or by weekdays, whichever is fewer a year."""
    if rule.weekdays is not None and _weekdays_per_year(rule) <= _dates_per_year(rule):
        return _by_weekday(rule.weekdays, rule.months)
    if rule.days is None and rule.months is None:
        return DAILY
    return [Days(days=_day_names(rule.days), months=_month_names(rule.months))]


def _day_names(days: tuple[int, ...] | None) -> tuple[str, ...]:
    return tuple("Last" if day == LAST_DAY else str(day) for day in days or range(1, LAST_DAY))


def _month_names(months: tuple[int, ...] | None) -> tuple[str, ...]:
    return tuple(MONTHS[month - 1] for month in months or range(1, 13))


def _by_weekday(codes: tuple[int, ...], months: tuple[int, ...] | None) -> list[Days]:
    """Every week natively, or the weekdays that share their weeks of the month together."""
    if months is None and max(codes) < len(WEEKDAYS):
        return [Days(weekdays=tuple(WEEKDAYS[code] for code in codes))]
    weeks: dict[int, set[str]] = {}
    for code in codes:
        week, weekday = divmod(code, len(WEEKDAYS))
        weeks.setdefault(weekday, set()).update(WEEKS.get(week, (str(week),)))
    together: dict[tuple[str, ...], list[str]] = {}
    for weekday, some in sorted(weeks.items()):
        together.setdefault(tuple(sorted(some)), []).append(WEEKDAYS[weekday])
    return [
        Days(weekdays=tuple(names), weeks=some, months=_month_names(months))
        for some, names in together.items()
    ]
