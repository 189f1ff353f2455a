"""Intervals that no cron line can say: every other week, every 90 minutes.

An interval keeps some of the slots of a calendar. Minutes and hours count real
time, so they never restart; days, weeks (from Monday) and months count by the
date of a slot's label on the wall clock. Everything is a position and a phase:
what counts lies at positions that leave the anchor's remainder.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from ncp.cron import zones
from ncp.cron.expression import day_matches
from ncp.errors import ExpressionError
from ncp.model import Every, Recurrence, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Rule

    Compiled = tuple[int, int, int]

UNITS: tuple[Unit, ...] = get_args(Unit)
TIMED = ("minute", "hour")
"""The units that count real time."""
LONGEST: dict[Unit, int] = {"minute": 527_040, "hour": 8784, "day": 3660, "week": 520, "month": 120}
"""A year of real time, ten years of dates."""
HORIZON = timedelta(days=41 * 366)
"""As far as the guard looks for a slot."""
YEARS = range(1970, 2200)
"""Anchors lie in these: the tables of time zones say little before and after."""
KINDS: dict[Unit, int] = {"minute": 0, "hour": 0, "day": 1, "week": 2, "month": 3}
"""What `guard` calls the units."""
ORDINAL_OF_EPOCH = date(1970, 1, 1).toordinal()
MONDAY = 3
"""Days from Monday to the epoch, a Thursday."""


def compiled(every: Every | None) -> Compiled:
    """Write an interval as the integers of `guard`: kind, count, phase; an hour is 60 minutes."""
    if every is None:
        return 0, 1, 0
    count = every.count * (60 if every.unit == "hour" else 1)
    return KINDS[every.unit], count, _position_of_anchor(every) % count


def _position_of_anchor(every: Every) -> int:
    if every.unit in TIMED:
        return zones.minutes(datetime.fromisoformat(every.anchor))
    return position(every.unit, date.fromisoformat(every.anchor))


def position(unit: Unit, day: date) -> int:
    """Number the day, the week from Monday or the month that a date lies in."""
    if unit == "month":
        return day.year * 12 + day.month - 1
    number = day.toordinal() - ORDINAL_OF_EPOCH
    return number if unit == "day" else (number + MONDAY) // 7


def resume(every: Every, day: date) -> date:
    """Find the first day, from this one on, that counts."""
    _, count, phase = compiled(every)
    ahead = (phase - position(every.unit, day)) % count
    if ahead == 0:
        return day
    if every.unit == "month":
        year, month = divmod(position("month", day) + ahead, 12)
        return date(year, month + 1, 1)
    begin = day - timedelta(days=day.weekday() if every.unit == "week" else 0)
    return begin + timedelta(days=ahead * (7 if every.unit == "week" else 1))


def spaced(recurrence: Recurrence, count: int, unit: str, anchor: str) -> Recurrence:
    """Keep every `count`-th of a recurrence; ExpressionError names what does not fit.

    Whole hours are written as hours, and the anchor in the form of its unit;
    every single one is no interval.
    """
    found = Every(*_sized(count, unit), anchor)
    found = replace(found, anchor=_anchored(found))
    if found.count == 1 and found.unit != "hour":
        return replace(recurrence, every=None)
    _check(recurrence, found)
    return replace(recurrence, every=found)


def _sized(count: int, unit: str) -> tuple[int, Unit]:
    known = next((one for one in UNITS if one == unit), None)
    if known is None:
        raise ExpressionError(
            f'"{unit}" is not a unit.', where="unit", next_step=f"Write one of: {', '.join(UNITS)}."
        )
    if not 1 <= count <= LONGEST[known]:
        raise ExpressionError(
            f"{count} is not a number of {known}s from 1 to {LONGEST[known]}.",
            where="count",
            next_step="Write 2.",
        )
    return (count // 60, "hour") if known == "minute" and count % 60 == 0 else (count, known)


def _anchored(every: Every) -> str:
    """Write an anchor in the one form of its unit."""
    timed = every.unit in TIMED
    try:
        at = datetime.fromisoformat(every.anchor)
    except ValueError:
        at = None
    if at is None or at.year not in YEARS or (timed and at.tzinfo is None):
        kind = "an instant with an offset" if timed else "a date"
        raise ExpressionError(
            f'"{every.anchor}" is not {kind}, from which {every.unit}s count.',
            where="anchor",
            next_step=f'Write "{"2026-11-20T08:00Z" if timed else "2026-11-23"}".',
        )
    return written(at) if timed else at.date().isoformat()


def written(at: datetime) -> str:
    """Write an instant as an anchor: whole minutes, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _check(recurrence: Recurrence, every: Every) -> None:
    if recurrence.at is not None:
        raise ExpressionError("One instant has no interval.", next_step="Leave the interval out.")
    if every.unit not in TIMED:
        _check_days(recurrence.rules, every)
    elif any(rule.minutes is not None or rule.follows == "wall" for rule in recurrence.rules):
        raise ExpressionError(
            f'An interval of {every.unit}s needs "*" in the minute field.',
            where="unit",
            next_step='Write for example "* * * * *", or "* 9-16 * * 1-5".',
        )


def _check_days(rules: Iterable[Rule], every: Every) -> None:
    rules, start = tuple(rules), date.fromisoformat(every.anchor)
    day, end = start, start + HORIZON
    while (day := resume(every, day)) < end:
        if any(falls_on(rule, day) for rule in rules):
            return
        day += timedelta(days=1)
    later = (start + timedelta(days=days) for days in range(HORIZON.days))
    comes = (day for day in later if any(falls_on(rule, day) for rule in rules))
    raise ExpressionError(
        f"No date of the expression comes {every.text}.",
        where="anchor",
        next_step=f"Write a date on which it comes: {next(comes, '')}",
    )


def falls_on(rule: Rule, day: date) -> bool:
    """Tell whether a rule is due on a date."""
    return (rule.months is None or day.month in rule.months) and day_matches(
        rule.days,
        rule.weekdays,
        day=day.day,
        weekday=day.isoweekday() % 7,
        length=monthrange(day.year, day.month)[1],
    )
