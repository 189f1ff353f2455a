"""How often: `every 15 minutes`, `hourly`, `every other monday`, `3 times a day`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ncp.cron.intervals import LONGEST
from ncp.cron.phrases import amounts
from ncp.cron.phrases.clauses import Clock, Every, Months, On, Once, Part, Start, Times
from ncp.cron.phrases.clocks import clock
from ncp.cron.phrases.days import group, weekdays
from ncp.cron.phrases.monthdays import month_days, month_first
from ncp.cron.phrases.words import (
    ADVERBS,
    EVERY,
    GROUPS,
    MONTHS,
    NAMED_TIMES,
    PART_NAMES,
    PER,
    UNITS,
    WEEKDAYS,
    WORKING,
)
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader

_PLURALS = {word for word, unit in UNITS.items() if word.startswith(unit) and word != unit}
_MOST = {"fortnight": LONGEST["week"] // 2, "year": LONGEST["month"] // 12} | dict(LONGEST.items())
_OFTEN = {"once": 1, "twice": 2, "thrice": 3}
_FEW = 7
"""Up to so many days, "every third day" cannot be taken for a day of the month."""


def adverb(reader: Reader) -> list[Clause]:
    """Read `hourly`, `daily`, `nightly` and their like."""
    mark = reader.at
    if reader.take("nightly"):
        words = reader.since(mark)
        return [Every("day", words=words), Part("night", words=words)]
    found = reader.look_up(ADVERBS)
    return [] if found is None else [Every(*found, words=reader.since(mark))]


def often(reader: Reader) -> list[Clause]:
    """Read `twice a day`, `3 times an hour`, `once every 2 days`, and `once` alone."""
    mark = reader.at
    times = reader.look_up(_OFTEN)
    once = times == 1
    if times is None:
        times = reader.number()
        if times is None or not reader.take("times", "time", "x"):
            return []
    if once and reader.peek().text in EVERY and reader.peek(1).text not in UNITS:
        return every(reader)
    unit = reader.look_up(UNITS) if reader.take(*PER) else None
    step = 1
    if unit is None:
        unit, step = reader.look_up(ADVERBS) or ("", 1)
    if not unit and once:
        return [Once(words=reader.since(mark))]
    words = reader.since(mark)
    if not unit or step > 1 or unit == "second" or not times:
        reader.at += not (unit or reader.done)
        reader.refuse(mark, "does not say how often", "every day")
    if unit == "hour" and times > 1:
        return [_cadence(reader, mark, "minute", _share(reader, mark, times, 60))]
    if times == 1:
        return [_cadence(reader, mark, unit, 1)]
    if unit == "day":
        _share(reader, mark, times, 24)
    return [Every(unit, times=times, words=words)]


def _share(reader: Reader, mark: int, times: int, of: int) -> int:
    if of % times:
        unit = "hour" if of > 24 else "day"
        reader.refuse(mark, f"does not divide the {unit} into equal parts; say the times instead")
    return of // times


def start(reader: Reader) -> list[Clause]:
    """Read `starting at 3am`, `beginning at :05`."""
    mark = reader.at
    reader.at += 1
    reader.take("at", "from")
    if reader.peek().kind == "past":
        minute = int(reader.peek().text[1:])
        reader.at += 1
        return [Start(Clock(0, minute), words=reader.since(mark))] if minute < 60 else []
    at = clock(reader)
    if at is None:
        reader.at += not reader.done
        advice = "A task starts at once; pause it until then, or give it one moment."
        reader.refuse(mark, "is not a time of day to count from", advice=advice)
    return [Start(at, words=reader.since(mark))]


def every(reader: Reader) -> list[Clause]:
    """Read what begins with `every` or `each`, after which something must follow."""
    mark = reader.at
    reader.take("@")
    reader.take(*EVERY)
    if reader.take("other"):
        return _counted(reader, mark, Fraction(2))
    fraction = _fraction(reader)
    if fraction:
        return [Every("minute", fraction, words=reader.since(mark))]
    if reader.peek().text in _PLURALS:
        here, reader.at = reader.at, reader.at + 1
        reader.refuse(here, "has no number before it", UNITS[reader.since(here)])
    ranked = _ranked(reader, mark)
    if ranked:
        return ranked
    named = {*WEEKDAYS, *GROUPS, *WORKING, "and", ","}
    rank = reader.peek().text == "second" and reader.peek(1).text in named
    if reader.peek().text in UNITS and not rank:
        return _counted(reader, mark, Fraction(1))
    if reader.peek().kind == "clock":
        return _length(reader, mark)
    count = None if reader.peek(1).text in MONTHS else amounts.count(reader)
    return _named(reader, mark) if count is None else _counted(reader, mark, count)


def _length(reader: Reader, mark: int) -> list[Clause]:
    """Read `every 1.5 hours`, `every 1h30`."""
    here = reader.at
    found = amounts.amount(reader)
    if found is None:
        reader.at = here + 1
        text = reader.since(here)
        reader.refuse(here, "is not a whole number", f"day at {text}")
    return [_summed(reader, mark, found)]


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


def _ranked(reader: Reader, mark: int) -> list[Clause]:
    """Read `second day`, `3rd hour`, `fourth week`: every so many of them."""
    here = reader.at
    token = reader.peek()
    if token.kind == "ordinal":
        reader.at += 1
        number: int | None = int(token.text[:-2])
    else:
        number = reader.rank()
    unit = UNITS.get(reader.peek().text)
    fits = number not in {None, 1, LAST_DAY} and unit and reader.peek(1).text != "of"
    if not fits or number is None or (unit == "day" and number > _FEW):
        reader.at = here
        return []
    return _counted(reader, mark, Fraction(number))


def _counted(reader: Reader, mark: int, count: Fraction) -> list[Clause]:
    unit = reader.look_up(UNITS)
    if unit is not None:
        return [_summed(reader, mark, (count, unit))]
    if reader.peek().text in WEEKDAYS or reader.peek().text in {"weekend", "weekends"}:
        found = weekdays(reader)
        weeks = _cadence(reader, mark, "week", _whole(reader, mark, count))
        return [clause for clause in (weeks, found) if clause]
    if reader.peek().text not in PART_NAMES or reader.peek(-1).text != "other":
        reader.stuck()
    name = PART_NAMES[reader.peek().text]
    reader.at += 1
    return [_cadence(reader, mark, "day", 2), Part(name, words=reader.since(mark))]


def _summed(reader: Reader, mark: int, first: tuple[Fraction, str]) -> Every:
    """Read the rest of `1h30m`, and make it one interval."""
    number, unit = amounts.total(amounts.more(reader, first))
    return _cadence(reader, mark, unit, _whole(reader, mark, number))


def _whole(reader: Reader, mark: int, number: Fraction) -> int:
    if number.denominator != 1:
        reader.refuse(mark, "is not a whole number of a unit")
    return int(number)


_LARGER = {
    "second": ("minute", Fraction(1, 60)),
    "minute": ("hour", Fraction(1, 60)),
    "quarter": ("month", Fraction(3)),
    "month": ("year", Fraction(1, 12)),
    "fortnight": ("week", Fraction(2)),
}
"""What a whole number of these units is written in."""


def _cadence(reader: Reader, mark: int, unit: str, count: int) -> Every:
    words = reader.since(mark)
    if count == 0:
        reader.refuse(mark, "is no interval; 1 is the smallest number", f"every {unit}")
    if count > _MOST.get(unit, count):
        reader.refuse(mark, "is too long an interval")
    larger, factor = _LARGER.get(unit, (unit, Fraction(1)))
    if larger != unit and (count * factor).denominator == 1:
        return _cadence(reader, mark, larger, int(count * factor))
    if unit == "second":
        reader.refuse(mark, "is too fast; the finest that ncp can say is a minute", "every minute")
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
    if reader.peek().text in PART_NAMES:
        name = PART_NAMES[reader.peek().text]
        reader.at += 1
        words = reader.since(mark)
        return [Every("day", words=words), Part(name, words=words)]
    if reader.peek().text in NAMED_TIMES:
        hour = NAMED_TIMES[reader.peek().text]
        reader.at += 1
        words = reader.since(mark)
        return [Every("day", words=words), Times((Clock(hour, half=True),), words=words)]
    _check_ordinal(reader, mark)
    clauses = month_days(reader) or month_first(reader) or reader.stuck()
    if any(isinstance(clause, Months | On) for clause in clauses) and not _quarterly(clauses):
        return [Every("year", words=reader.since(mark)), *clauses]
    return clauses


def _quarterly(clauses: list[Clause]) -> bool:
    return any(isinstance(clause, Months) and len(clause.months) == 4 for clause in clauses)


def _check_ordinal(reader: Reader, mark: int) -> None:
    """Refuse "every second monday", which may mean every other one, and "every 15th day"."""
    here = reader.at
    token = reader.peek()
    reader.at += token.kind == "ordinal"
    number = int(token.text[:-2]) if token.kind == "ordinal" else reader.rank()
    named = reader.at
    days = reader.peek().text in {*WEEKDAYS, *GROUPS} or group(reader) is not None
    unit = UNITS.get(reader.peek().text)
    if number in {None, 1, LAST_DAY} or not (days or unit):
        reader.at = here
        return
    reader.at += 1
    said, what = reader.since(here), reader.since(named)
    if not reader.take("of"):
        other = f"every {number} weeks on {what}" if days else f"every {number} {what}s"
        ranked = f"{said} of the month" if days else f"on the {said} of the month"
        why = f'may mean "{other}", or "{ranked}"'
        reader.refuse(mark, why, ranked, other)
    reader.at = here
