"""A phrase to its clauses: which clause may begin with which word.

phrase  = clause { [","] ["and"] clause }     the whole text, or a refusal
clause  = every | adverb | "at" times | "at" past | window | days | months
        | "except" weekdays | later | date
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ncp.cron.phrases import days, frequency, times
from ncp.cron.phrases.clauses import Draft, Instant, Later, On, Part, Past, Without
from ncp.cron.phrases.reader import Reader
from ncp.cron.phrases.words import (
    DAYS,
    EVERY,
    EXCEPT,
    NUMBERS,
    PARTS,
    SECONDS,
    TO,
    UNITS,
    WEEKDAYS,
)

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause


def read(text: str) -> Draft:
    """Read a tidy text into its clauses; Refusal names what does not fit."""
    reader, draft = Reader(text), Draft()
    while True:
        mark = reader.at
        clauses = clause(reader)
        if not clauses:
            reader.stuck()
        for found in clauses:
            draft.add(found, reader.span(mark))
        if reader.done:
            return draft
        reader.take(",")
        reader.take("and")


def clause(reader: Reader) -> list[Clause]:
    """Read one clause, of one or several kinds ("24 december" is two)."""
    for start in (_prefixed, _later, frequency.adverb, _days, _dates, _times):
        mark = reader.at
        found = start(reader)
        if found:
            return found
        reader.at = mark
    return []


def _prefixed(reader: Reader) -> list[Clause]:
    """Read the clauses that a word announces, which must then come."""
    word = reader.peek().text
    if word in EVERY:
        return frequency.every(reader)
    if word not in _AFTER:
        return []
    reader.at += 1
    return _AFTER[word](reader) or reader.stuck()


def _at(reader: Reader) -> list[Clause]:
    found = times.past(reader) or times.times(reader) or _instant(reader)
    return [found] if found else []


def _on(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take_all("the", "hour"):
        return [Past((0,), words=reader.since(mark))]
    if reader.take_all("the", "half", "hour"):
        return [Past((30,), words=reader.since(mark))]
    return _days(reader) or _dates(reader)


def _in(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take("the") and reader.peek().text in PARTS:
        reader.at += 1
        return [Part(reader.peek(-1).text, words=reader.since(mark))]
    reader.at = mark
    which = days.months(reader)
    return [which] if which else _delay(reader)


def _from(reader: Reader) -> list[Clause]:
    """Read a range; a beginning alone ("from monday") is not something that cron knows."""
    mark = reader.at
    found = times.window(reader)
    if found:
        return [found]
    clauses = _days(reader)
    if clauses and not any(token.text in TO for token in reader.tokens[mark : reader.at]):
        reader.refuse(mark, "has a beginning but no end", "monday to friday", "june to august")
    return clauses


def _between(reader: Reader) -> list[Clause]:
    found = times.window(reader)
    return [found] if found else []


def _except(reader: Reader) -> list[Clause]:
    reader.take("for")
    found = days.weekdays(reader)
    if found is None:
        mark, reader.at = reader.at, reader.at + (not reader.done)
        reader.refuse(mark, "cannot be left out; days of the week can", "sunday", "weekends")
    return [Without(found.codes, words=found.words)]


_AFTER = {
    "at": _at,
    "@": _at,
    "on": _on,
    "in": _in,
    "from": _from,
    "between": _between,
} | dict.fromkeys(EXCEPT, _except)


def _days(reader: Reader) -> list[Clause]:
    found = days.weekdays(reader)
    if found is not None:
        return [found]
    return days.month_days(reader) or days.month_first(reader)


def _times(reader: Reader) -> list[Clause]:
    """Read times and parts of the day that nothing announces; a bare number is not enough."""
    mark = reader.at
    if reader.peek().text in PARTS:
        reader.at += 1
        return [Part(reader.peek(-1).text, words=reader.since(mark))]
    bare = reader.peek().kind == "number" or reader.peek().text in NUMBERS
    found = times.past(reader) if bare else times.times(reader)
    return [found] if found else []


def _later(reader: Reader) -> list[Clause]:
    """Read `today`, `tomorrow`, `tonight`, `next monday`."""
    mark = reader.at
    if reader.take("today"):
        return [Later(words=reader.since(mark))]
    if reader.take("tomorrow"):
        return [Later(days=1, words=reader.since(mark))]
    if reader.take("tonight"):
        words = reader.since(mark)
        return [Later(words=words), Part("night", words=words)]
    if not reader.take("next"):
        return []
    weekday = reader.look_up(WEEKDAYS)
    if weekday is None:
        reader.at = mark + 1 + (reader.peek().kind != "end")
        reader.refuse(mark, "does not name a day", "next monday", "tomorrow")
    return [Later(weekday=weekday, words=reader.since(mark))]


def _delay(reader: Reader) -> list[Clause]:
    """Read `10 minutes`, `an hour and 30 minutes`, `half an hour`."""
    mark = reader.at
    if reader.take("-"):
        reader.at += 1
        reader.refuse(mark, "is in the past", "10", "10 minutes")
    if reader.take_all("half", "an", "hour"):
        return [Later(seconds=1800, counted=True, words=reader.since(mark))]
    amounts = reader.listed(_amount, loose=True)
    if not amounts and not reader.done and reader.number() is None:
        reader.stuck()
    if not amounts:
        reader.at += not reader.done
        reader.refuse(mark, "is not a number of minutes, hours, days or weeks", "10 minutes")
    ahead = Later(
        days=sum(number * DAYS.get(unit, 0) for number, unit in amounts),
        seconds=sum(number * SECONDS.get(unit, 0) for number, unit in amounts),
        counted=True,
        words=reader.since(mark),
    )
    if not (ahead.days or ahead.seconds):
        reader.refuse(mark, "is no time at all; 1 is the smallest number", "10 minutes")
    return [ahead]


def _amount(reader: Reader) -> tuple[int, str] | None:
    mark = reader.at
    number = 1 if reader.take("a", "an") else reader.number()
    unit = reader.look_up(UNITS) if number is not None else None
    if unit in {"month", "year"}:
        reader.refuse(mark, "has no fixed length; give the date", "30 days", "4 weeks")
    return None if number is None or unit is None else (number, unit)


def _dates(reader: Reader) -> list[Clause]:
    found = _instant(reader)
    return [found] if found else []


def _instant(reader: Reader) -> Clause | None:
    """Read an ISO 8601 date or instant."""
    token = reader.peek()
    if token.kind not in {"date", "instant"}:
        return None
    mark, reader.at = reader.at, reader.at + 1
    try:
        if token.kind == "date":
            return On(date.fromisoformat(token.text), words=token.text)
        return Instant(datetime.fromisoformat(_iso(token.text)), words=token.text)
    except ValueError:
        reader.refuse(mark, "is not a date of the calendar written as year-month-day", "tomorrow")


def _iso(text: str) -> str:
    """Write the blanks of an instant away: the first is its T."""
    day, _, time = text.upper().replace("T", " ").partition(" ")
    return f"{day}T{time.replace(' ', '')}"
