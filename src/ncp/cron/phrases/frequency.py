"""How often: `every 15 minutes`, `hourly`, `every other monday`, `every 90 minutes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.intervals import LONGEST
from ncp.cron.phrases.clauses import Clock, Every, Months, On, Part, Times
from ncp.cron.phrases.days import weekdays
from ncp.cron.phrases.monthdays import month_days, month_first
from ncp.cron.phrases.words import (
    ADVERBS,
    EVERY,
    MONTHS,
    NAMED_TIMES,
    PARTS,
    UNITS,
    WEEKDAYS,
)

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader

_PLURALS = {word for word, unit in UNITS.items() if word.startswith(unit) and word != unit}
_MOST = {"fortnight": LONGEST["week"] // 2, "year": LONGEST["month"] // 12} | dict(LONGEST.items())


def adverb(reader: Reader) -> list[Clause]:
    """Read `hourly`, `daily`, `nightly` and their like."""
    mark = reader.at
    if reader.take("nightly"):
        words = reader.since(mark)
        return [Every("day", words=words), Part("night", words=words)]
    found = reader.look_up(ADVERBS)
    return [] if found is None else [Every(*found, words=reader.since(mark))]


def every(reader: Reader) -> list[Clause]:
    """Read what begins with `every` or `each`, after which something must follow."""
    mark = reader.at
    reader.take(*EVERY)
    if reader.take("other"):
        return _counted(reader, mark, 2)
    fraction = _fraction(reader)
    if fraction:
        return [Every("minute", fraction, words=reader.since(mark))]
    if reader.peek().kind == "clock":
        here, reader.at = reader.at, reader.at + 1
        text = reader.since(here)
        reader.refuse(here, "is not a whole number", f"day at {text}", "2")
    if reader.peek().text in _PLURALS:
        here, reader.at = reader.at, reader.at + 1
        reader.refuse(here, "has no number before it", UNITS[reader.since(here)])
    rank = reader.peek().text == "second" and reader.peek(1).text in {*WEEKDAYS, "and", ","}
    if reader.peek().text in UNITS and not rank:
        return _counted(reader, mark, 1)
    count = None if reader.peek(1).text in MONTHS else reader.number()
    if count is not None:
        return _counted(reader, mark, count)
    return _named(reader, mark)


def _fraction(reader: Reader) -> int:
    """Read `half hour`, `quarter of an hour` as minutes."""
    mark = reader.at
    minutes = {"half": 30, "quarter": 15}.get(reader.peek().text, 0)
    reader.at += 1
    reader.take("-")
    reader.take("of")
    reader.take("an")
    if minutes and reader.take("hour"):
        return minutes
    reader.at = mark
    return 0


def _counted(reader: Reader, mark: int, count: int) -> list[Clause]:
    unit = reader.look_up(UNITS)
    if unit is None and reader.peek().text in WEEKDAYS:
        found = weekdays(reader)
        weeks = _cadence(reader, mark, "week", count)
        return [clause for clause in (weeks, found) if clause]
    if unit is None:
        reader.stuck()
    return [_cadence(reader, mark, unit, count)]


def _cadence(reader: Reader, mark: int, unit: str, count: int) -> Every:
    words = reader.since(mark)
    if count == 0:
        reader.refuse(mark, "is no interval; 1 is the smallest number", f"every {unit}")
    if unit == "second":
        reader.refuse(mark, "is too fast; the finest that ncp can say is a minute", "every minute")
    if count > _MOST[unit]:
        reader.refuse(mark, "is too long an interval", "every 2 years", "every 2 weeks")
    if unit == "minute" and count % 60 == 0:
        return _cadence(reader, mark, "hour", count // 60)
    if unit == "month" and count % 12 == 0:
        return Every("year", count // 12, words=words)
    if unit == "fortnight":
        return Every("week", 2 * count, words=words)
    if (unit, count) == ("hour", 24):
        return Every("day", default=Clock(0, half=True), words=words)
    return Every(unit, count, words=words)


def _named(reader: Reader, mark: int) -> list[Clause]:
    """Read `every monday`, `every january 1st`, `every 15th`, `every morning`."""
    reader.at = mark
    found = weekdays(reader)
    if found is not None:
        return [found]
    reader.take(*EVERY)
    if reader.peek().text in PARTS:
        reader.at += 1
        words = reader.since(mark)
        return [Every("day", words=words), Part(reader.peek(-1).text, words=words)]
    if reader.peek().text in NAMED_TIMES:
        hour = NAMED_TIMES[reader.peek().text]
        reader.at += 1
        words = reader.since(mark)
        return [Every("day", words=words), Times((Clock(hour, half=True),), words=words)]
    _check_ordinal(reader, mark)
    clauses = month_days(reader) or month_first(reader) or reader.stuck()
    if any(isinstance(clause, Months | On) for clause in clauses):
        return [Every("year", words=reader.since(mark)), *clauses]
    return clauses


def _check_ordinal(reader: Reader, mark: int) -> None:
    """Refuse "every second monday", which may mean every other one, and "every 2nd day"."""
    here = reader.at
    token, following = reader.peek(), reader.peek(1).text
    if token.kind != "ordinal" and token.text not in {"second", "third", "fourth", "fifth"}:
        return
    reader.at += 2
    said = reader.since(here)
    if following in WEEKDAYS and not (reader.take("of") or token.text in {"first", "1st"}):
        reader.refuse(mark, "may mean two things", f"{said} of the month", f"every {following}")
    if following in UNITS and not (following == "day" and reader.peek().text == "of"):
        reader.refuse(mark, "may mean two things", f"on the {said} of the month")
    reader.at = here
