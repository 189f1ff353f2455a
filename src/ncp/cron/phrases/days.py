"""Days of the week and months: names, lists, ranges that may wrap around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import Months, Weekdays
from ncp.cron.phrases.words import (
    EVERY,
    GROUPS,
    MONTHS,
    SINGLE_DAYS,
    TO,
    WEEKDAYS,
    WORKDAYS,
    WORKING,
)

if TYPE_CHECKING:
    from ncp.cron.phrases.reader import Reader

_ONCE = {*SINGLE_DAYS, "on", "the", "and", "&", ",", "/"}


def weekdays(reader: Reader) -> Weekdays | None:
    """Read names, ranges and groups: `monday`, `mon-fri`, `weekdays`."""
    mark = reader.at
    found = reader.listed(_weekdays, loose=True)
    if not found:
        return None
    said = {token.text for token in reader.tokens[mark : reader.at]}
    return Weekdays(frozenset[int]().union(*found), once=said <= _ONCE, words=reader.since(mark))


def _weekdays(reader: Reader) -> frozenset[int] | None:
    if reader.peek(-1).text not in {*WEEKDAYS, *GROUPS}:  # "mon wed", but not "mon on wed"
        reader.take("on")
        reader.take(*EVERY, "the")
    found = group(reader)
    if found is not None:
        return found
    mark = reader.at
    first = reader.look_up(WEEKDAYS)
    return None if first is None else _to(reader, mark, first, WEEKDAYS, low=0, high=6)


def group(reader: Reader) -> frozenset[int] | None:
    """Read `weekdays`, `weekend days`, `business days`."""
    if reader.peek().text in WORKING and reader.peek(1).text in {"day", "days"}:
        reader.at += 2
        return WORKDAYS
    found = reader.look_up(GROUPS)
    if found is not None:
        reader.take("day", "days")
    return found


def _to(  # the table's own range, so that fri-mon wraps around
    reader: Reader, mark: int, first: int, table: dict[str, int], *, low: int, high: int
) -> frozenset[int]:
    """Read what may follow the first value of a range."""
    here = reader.at
    last = reader.look_up(table) if reader.take(*TO) else None
    if last is None:
        reader.at = here
        return frozenset({first})
    if first == last:
        reader.refuse(mark, "is a range that ends where it begins", reader.tokens[mark].text)
    between = (
        range(first, last + 1) if first < last else (*range(first, high + 1), *range(low, last + 1))
    )
    return frozenset(between)


def months(reader: Reader) -> Months | None:
    """Read months and ranges of them: `jan and jul`, `june to august`."""
    mark = reader.at
    found = reader.listed(_months)
    return Months(frozenset[int]().union(*found), words=reader.since(mark)) if found else None


def _months(reader: Reader) -> frozenset[int] | None:
    reader.take("in")
    mark = reader.at
    first = reader.look_up(MONTHS)
    return None if first is None else _to(reader, mark, first, MONTHS, low=1, high=12)
