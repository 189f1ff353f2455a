"""Single days and instants: `tomorrow`, `this friday`, `in 10 minutes`, `15.03.2027`, ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from ncp.cron.phrases.amounts import amount
from ncp.cron.phrases.clauses import Instant, Later, On, Part
from ncp.cron.phrases.words import DAYS, PART_NAMES, SECONDS, WEEKDAYS

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PIECES = re.compile(r"([0-9]+)[-/.]([0-9]+)[-/.]([0-9]+)")
_YEAR_DIGITS, _MONTHS_PER_YEAR = 4, 12


def later(reader: Reader) -> list[Clause]:
    """Read `today`, `tomorrow`, `tonight`, `this friday`, `next monday`."""
    mark = reader.at
    if reader.take("today"):
        return [Later(words=reader.since(mark))]
    reader.take("the")
    if reader.take_all("day", "after", "tomorrow"):
        return [Later(days=2, words=reader.since(mark))]
    reader.at = mark
    if reader.take("tomorrow"):
        return [Later(days=1, words=reader.since(mark))]
    if reader.take("tonight"):
        words = reader.since(mark)
        return [Later(words=words), Part("night", words=words)]
    following = reader.take("next")
    if not (following or reader.take("this", "coming")):
        return []
    reader.take("coming")
    return _named(reader, mark, this=not following)


def _named(reader: Reader, mark: int, *, this: bool) -> list[Clause]:
    part = PART_NAMES.get(reader.peek().text) if this else None
    if part is not None:
        reader.at += 1
        words = reader.since(mark)
        return [Later(words=words), Part(part, words=words)]
    weekday = reader.look_up(WEEKDAYS)
    if weekday is None:
        reader.at += not reader.done
        reader.refuse(mark, "does not name a day", advice="Write next or this and a weekday.")
    return [Later(weekday=weekday, this=this, words=reader.since(mark))]


def delay(reader: Reader) -> list[Clause]:
    """Read `10 minutes`, `an hour and 30 minutes`, `half an hour`, `1 month`."""
    mark = reader.at
    if reader.take("-"):
        reader.at += 1
        reader.refuse(mark, "is in the past", reader.peek(-1).text)
    if reader.take_all("half", "an", "hour"):
        return [Later(seconds=1800, counted=True, words=reader.since(mark))]
    amounts = reader.listed(amount, loose=True)
    if not amounts and not reader.done and reader.number() is None:
        reader.stuck()
    if not amounts:
        reader.at += not reader.done
        fix = f"{reader.since(mark)} minutes"
        reader.refuse(mark, "is not a number of minutes, hours, days or weeks", fix)
    return [_ahead(reader, mark, amounts)]


def from_now(reader: Reader) -> list[Clause]:
    """Read `10 minutes from now`, `a week from today`."""
    mark = reader.at
    amounts = reader.listed(amount, loose=True)
    if not amounts or not reader.take("from") or not reader.take("now", "today"):
        return []
    return [_ahead(reader, mark, amounts)]


def _ahead(reader: Reader, mark: int, amounts: list[tuple[Fraction, str]]) -> Later:
    sums = [
        sum((number * table.get(unit, 0) for number, unit in amounts), start=Fraction(0))
        for table in (_MONTHS, DAYS, SECONDS)
    ]
    months, days, seconds = map(int, sums)
    if any(one.denominator != 1 for one in sums):
        reader.refuse(mark, "is not a whole number of a unit")
    if not any(sums):
        reader.refuse(mark, "is no time at all; 1 is the smallest number", f"1 {amounts[0][1]}")
    words = reader.since(mark)
    return Later(months=months, days=days, seconds=seconds, counted=True, words=words)


def dates(reader: Reader) -> list[Clause]:
    """Read a date or an instant as `grammar.clause` wants it."""
    found = instant(reader)
    return [found] if found else []


def instant(reader: Reader) -> Clause | None:
    """Read a date of figures or an ISO 8601 instant."""
    token = reader.peek()
    if token.kind not in {"date", "instant"}:
        return None
    mark, reader.at = reader.at, reader.at + 1
    try:
        if token.kind == "date":
            return On(_date(reader, mark), words=token.text)
        return Instant(datetime.fromisoformat(_iso(token.text)), words=token.text)
    except ValueError:
        advice = "Write it as year-month-day, such as 2027-03-15 in figures."
        reader.refuse(mark, "is not a date of the calendar", advice=advice)


def _date(reader: Reader, mark: int) -> date:
    """Read year-month-day or day.month.year; with other signs the day must be past 12.

    ValueError says that it is no date.
    """
    text = reader.since(mark)
    pieces = _PIECES.fullmatch(text)
    if pieces is None:
        raise ValueError(text)
    first, second, third = map(int, pieces.groups())
    if len(pieces[1]) == _YEAR_DIGITS:
        return date(first, second, third)
    if len(pieces[3]) != _YEAR_DIGITS:
        raise ValueError(text)
    if "." in text or first == second or first > _MONTHS_PER_YEAR:
        return date(third, second, first)
    if second <= _MONTHS_PER_YEAR:
        both = date(third, second, first), date(third, first, second)
        reader.refuse(mark, "may mean two dates", advice=f'Write "{both[0]}" or "{both[1]}".')
    return date(third, first, second)


def _iso(text: str) -> str:
    """Write the blanks of an instant away: the first is its T."""
    day, _, time = text.upper().replace("T", " ").partition(" ")
    return f"{day}T{time.replace(' ', '')}"
