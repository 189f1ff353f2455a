"""Days of the month: by ordinal, by number, by weekday; with a year they are one date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import MonthDays, Months, On, Weekdays
from ncp.cron.phrases.days import group, months
from ncp.cron.phrases.words import EVERY, MONTHS, TO, WEEKDAYS
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader

_LAST_OF_MONTH = 31
_WEEKS, _LAST_WEEK = 5, 6
_YEAR_DIGITS = 4
_QUARTER = {"first": range(1, 12, 3), "last": range(3, 13, 3)}
_LARGER = {
    "quarter": _QUARTER,
    "quarters": _QUARTER,
    "year": {"first": range(1, 2), "last": range(12, 13)},
}
"""The months in which a quarter or a year begins and ends."""


def _ordinal(reader: Reader) -> int | None:
    """Read `the 15th`, `first`, `last`."""
    reader.take("on")
    reader.take("the")
    token = reader.peek()
    if token.kind != "ordinal":
        return reader.rank()
    reader.at += 1
    return _checked(reader, int(token.text[:-2]))


def _day_number(reader: Reader) -> int | None:
    """Read `15` or `15th`, but not a year."""
    token = reader.peek()
    if token.kind == "number" and len(token.text) < _YEAR_DIGITS:
        reader.at += 1
        return _checked(reader, int(token.text))
    return _ordinal(reader)


def _checked(reader: Reader, day: int) -> int:
    if not 1 <= day <= _LAST_OF_MONTH:
        reader.refuse(reader.at - 1, "is not a day of any month (1-31)")
    return day


def _ordinals(reader: Reader) -> frozenset[int] | None:
    return _run(reader, _ordinal(reader))


def _day_numbers(reader: Reader) -> frozenset[int] | None:
    return _run(reader, _day_number(reader))


def _run(reader: Reader, first: int | None) -> frozenset[int] | None:
    """Read what may follow the first day of a range of days of the month."""
    if first is None:
        return None
    mark = reader.at
    last = _day_number(reader) if reader.take(*TO) else None
    if last is None:
        reader.at = mark
        return frozenset({first})
    if last <= first:
        reader.refuse(mark - 1, "is a range that ends before it begins")
    if last == LAST_DAY:
        return frozenset({*range(first, LAST_DAY), LAST_DAY})
    return frozenset(range(first, last + 1))


def month_days(reader: Reader) -> list[Clause]:
    """Read days of the month: by ordinal, by number, by weekday, with or without months.

    `the 1st and 15th of the month`, `day 15`, `24 december`, `first monday of june`.
    """
    mark = reader.at
    edge = _edge(reader)
    if edge:
        return edge
    if reader.take("day", "days"):
        days = reader.listed(_day_numbers)
    elif reader.peek().text == "the" and reader.peek(1).kind == "number":
        reader.at += 1
        days = reader.listed(_day_numbers)
    elif reader.peek().kind == "number" and reader.peek(1).text in {*MONTHS, "of"}:
        days = reader.listed(_day_numbers)
    else:
        days = reader.listed(_ordinals)
    if not days:
        reader.at = mark
        return []
    if reader.peek().text in WEEKDAYS:
        reader.at = mark
        return _nth_weekdays(reader)
    if group(reader) is not None:
        reader.refuse(mark, "has no cron form")
    named = reader.take("day", "days")
    found = frozenset[int]().union(*days)
    here = reader.at
    which = _of(reader, _edge_of(found, 1, LAST_DAY))
    if LAST_DAY in found and not named and reader.at == here:
        reader.refuse(mark, "does not say the last of what", "last day of the month")
    return _dated(reader, mark, found, which)


def _edge(reader: Reader) -> list[Clause]:
    """Read `end of the month`, `start of the quarter`: its last or first day."""
    mark = reader.at
    reader.take("the")
    day = reader.look_up({"end": LAST_DAY, "start": 1, "beginning": 1})
    if day is None or reader.peek().text != "of":
        reader.at = mark
        return []
    which = _of(reader, "last" if day == LAST_DAY else "first")
    return _dated(reader, mark, frozenset({day}), which)


def _edge_of(values: frozenset[int], first: int, last: int) -> str:
    """Tell whether days or weeks are the first or the last ones of a month."""
    return {frozenset({first}): "first", frozenset({last}): "last"}.get(values, "")


def _of(reader: Reader, edge: str) -> Months | None:
    """Read `of the month` (nothing to add) or the months that days belong to."""
    mark = reader.at
    of = reader.take("of")
    reader.take(*EVERY, "the", "a")
    if of and reader.take("month", "months"):
        return None
    here = reader.at
    if of and reader.take(*_LARGER):
        months_of = _LARGER[reader.tokens[here].text].get(edge)
        if months_of is None:
            reader.refuse(mark, "has a first and a last day, and no others that ncp can say")
        return Months(frozenset(months_of), words=reader.since(here))
    which = months(reader)
    if which is None:
        reader.at = mark
    return which


def _dated(reader: Reader, mark: int, days: frozenset[int], which: Months | None) -> list[Clause]:
    """Tell a single date, with its year, from days that come again."""
    if which is not None and len(days) == len(which.months) == 1:
        when = _year(reader, mark, *which.months, *days)
        if when is not None:
            return [On(when, words=reader.since(mark))]
    found = MonthDays(days, words=reader.since(mark))
    return [found] if which is None else [which, found]


def _year(reader: Reader, mark: int, month: int, day: int) -> date | None:
    here = reader.at
    reader.take(",")
    token = reader.peek()
    if token.kind != "number":
        reader.at = here
        return None
    reader.at += 1
    if len(token.text) != _YEAR_DIGITS:
        reader.refuse(reader.at - 1, "is not a year of four digits", f"20{token.text[-2:]}")
    try:
        year = int(token.text)
        return date(year, month, monthrange(year, month)[1] if day == LAST_DAY else day)
    except ValueError:
        reader.refuse(mark, "is not in the calendar")


def month_first(reader: Reader) -> list[Clause]:
    """Read months and what days of them follow: `january 1st`, `december 24, 2026`, `june`."""
    mark = reader.at
    which = months(reader)
    if which is None:
        return []
    here = reader.at
    reader.take("the")
    days = reader.listed(_day_numbers)
    if not days or reader.peek().text in WEEKDAYS:
        reader.at = here
        return [which]
    return _dated(reader, mark, frozenset[int]().union(*days), which)


def _nth_weekdays(reader: Reader) -> list[Clause]:
    """Read `first and third monday of the month`, `last friday of june`."""
    mark = reader.at
    codes = frozenset[int]().union(*reader.listed(_nth_group))
    said = reader.since(mark)
    weeks = frozenset(code // 7 for code in codes)
    which = _of(reader, _edge_of(weeks, 1, _LAST_WEEK))
    found = Weekdays(codes, words=said)
    return [found] if which is None else [which, found]


def _nth_group(reader: Reader) -> frozenset[int] | None:
    mark = reader.at
    weeks = reader.listed(_ordinal)
    if any(_WEEKS < week < LAST_DAY for week in weeks):
        reader.refuse(mark, "is a week that no month has", "first", "last")
    days = reader.listed(_weekday)
    codes = [day + 7 * (_LAST_WEEK if week == LAST_DAY else week) for week in weeks for day in days]
    return frozenset(codes) or None


def _weekday(reader: Reader) -> int | None:
    return reader.look_up(WEEKDAYS)
