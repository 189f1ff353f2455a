"""A phrase to its clauses: which clause may begin with which word.

phrase  = clause { [","] ["and"] clause }     the whole text, or a refusal
clause  = every | adverb | "at" times | "at" past | window | days | months
        | "except" weekdays | "except" months | later | date
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.phrases import days, frequency, moments, monthdays, times
from ncp.cron.phrases.clauses import Draft, Part, Past, Without, WithoutMonths
from ncp.cron.phrases.reader import Reader
from ncp.cron.phrases.words import EVERY, EXCEPT, NUMBERS, PARTS, TO

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
        reader.take(",")
        if reader.done:
            return draft
        reader.take("and")


def clause(reader: Reader) -> list[Clause]:
    """Read one clause, of one or several kinds ("24 december" is two)."""
    for start in (_prefixed, moments.later, frequency.adverb, _days, moments.dates, _times):
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
    found = times.past(reader) or times.times(reader) or moments.instant(reader)
    return [found] if found else []


def _on(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take_all("the", "hour"):
        return [Past((0,), words=reader.since(mark))]
    if reader.take_all("the", "half", "hour"):
        return [Past((30,), words=reader.since(mark))]
    return _days(reader) or moments.dates(reader)


def _in(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take("the") and reader.peek().text in PARTS:
        reader.at += 1
        return [Part(reader.peek(-1).text, words=reader.since(mark))]
    reader.at = mark
    which = days.months(reader)
    return [which] if which else moments.delay(reader)


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
    if found is not None:
        return [Without(found.codes, words=found.words)]
    months = days.months(reader)
    if months is None:
        mark, reader.at = reader.at, reader.at + (not reader.done)
        why = "cannot be left out; days of the week and months can"
        reader.refuse(mark, why, "sunday", "in august")
    return [WithoutMonths(months.months, words=months.words)]


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
    return monthdays.month_days(reader) or monthdays.month_first(reader)


def _times(reader: Reader) -> list[Clause]:
    """Read times and parts of the day that nothing announces; a bare number is not enough."""
    mark = reader.at
    if reader.peek().text in PARTS:
        reader.at += 1
        return [Part(reader.peek(-1).text, words=reader.since(mark))]
    bare = reader.peek().kind == "number" or reader.peek().text in NUMBERS
    found = times.past(reader) if bare else times.times(reader)
    return [found] if found else []
