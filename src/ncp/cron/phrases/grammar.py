"""A phrase to its clauses: which clause may begin with which word.

docs/schedules.md has the whole of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.cron.phrases import days, frequency, moments, monthdays, times, zones
from ncp.cron.phrases.alternatives import alike
from ncp.cron.phrases.clauses import Draft, Part, Past, Without, WithoutMonths
from ncp.cron.phrases.reader import Reader
from ncp.cron.phrases.words import EVERY, EXCEPT, PART_NAMES, START, TO

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause


def read(text: str) -> list[Draft]:
    """Read a tidy text into alternatives of clauses; Refusal names what does not fit.

    "mondays at 9 and fridays at 17" has two; a group of clauses begins another one
    where it says again what the one before it said.
    """
    reader, drafts = Reader(text), [Draft()]
    while True:
        mark = reader.at
        group = _group(reader)
        if mark and any(drafts[-1].clash(clause) for clause, _ in group):
            drafts.append(Draft())
        for clause, span in group:
            drafts[-1].add(clause, span)
        if reader.done:
            return alike(drafts, reader.span(mark))


def _group(reader: Reader) -> list[tuple[Clause, tuple[int, int]]]:
    """Read clauses up to the next "and" or comma, which are read too."""
    group: list[tuple[Clause, tuple[int, int]]] = []
    while True:
        mark = reader.at
        clauses = clause(reader)
        if not clauses:
            reader.stuck()
        # a fix for one of several clauses would drop the others
        span = reader.span(mark) if len(clauses) == 1 else (0, 0)
        group += [(found, span) for found in clauses]
        separated = reader.take(",", ";")
        if reader.done:
            return group
        separated |= reader.take("and", "&")
        if reader.done:
            reader.stuck()
        if separated:
            return group


def clause(reader: Reader) -> list[Clause]:
    """Read one clause, of one or several kinds ("24 december" is two)."""
    for start in (
        _prefixed,
        moments.later,
        frequency.often,
        frequency.adverb,
        _days,
        moments.from_now,
        moments.dates,
        zones.zone,
        _times,
    ):
        mark = reader.at
        found = start(reader)
        if found:
            return found
        reader.at = mark
    return []


def _prefixed(reader: Reader) -> list[Clause]:
    """Read the clauses that a word announces, which must then come."""
    word = reader.peek().text
    if word in EVERY or (word == "@" and reader.peek(1).text in EVERY):
        return frequency.every(reader)
    if word in START and reader.peek(1).text != "of":
        return frequency.start(reader)
    if word not in _AFTER:
        return []
    reader.at += 1
    return _AFTER[word](reader) or reader.stuck()


def _at(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.peek().text in {"night", "nights"}:
        reader.at += 1
        return [Part("night", words=reader.since(mark))]
    past = times.past(reader)
    if past:
        return past
    found = times.times(reader) or moments.instant(reader)
    return [found] if found else monthdays.month_days(reader)


def _on(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take_all("the", "hour"):
        return [Past((0,), hourly=True, words=reader.since(mark))]
    if reader.take_all("the", "half", "hour"):
        return [Past((30,), hourly=True, words=reader.since(mark))]
    return _days(reader) or moments.later(reader) or moments.dates(reader)


def _in(reader: Reader) -> list[Clause]:
    mark = reader.at
    if reader.take("the") and reader.peek().text in PART_NAMES:
        name = PART_NAMES[reader.peek().text]
        reader.at += 1
        return [Part(name, words=reader.since(mark))]
    reader.at = mark
    which = days.months(reader)
    return [which] if which else zones.zone(reader) or moments.delay(reader)


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
        reader.refuse(mark, why)
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
    name = reader.look_up(PART_NAMES)
    if name is not None:
        return [Part(name, words=reader.since(mark))]
    token = reader.peek()
    found = times.past(reader)
    if found:
        return found
    bare = token.kind == "number" and not re.fullmatch("0[0-9]{3}", token.text)
    clock = times.times(reader)
    if clock is None or (bare and reader.at == mark + 1):
        return []
    return [clock]
