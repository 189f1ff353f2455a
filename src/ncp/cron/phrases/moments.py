"""Single days and instants: `tomorrow`, `next monday`, `in 10 minutes`, ISO 8601."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import Instant, Later, On, Part
from ncp.cron.phrases.words import DAYS, SECONDS, UNITS, WEEKDAYS

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader


def later(reader: Reader) -> list[Clause]:
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


def delay(reader: Reader) -> list[Clause]:
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


def dates(reader: Reader) -> list[Clause]:
    """Read a date or an instant as `grammar.clause` wants it."""
    found = instant(reader)
    return [found] if found else []


def instant(reader: Reader) -> Clause | None:
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
