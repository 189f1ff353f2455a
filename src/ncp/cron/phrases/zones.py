"""A time zone in words: `9am UTC`, `in Europe/Berlin`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from ncp.cron.phrases.clauses import Zone

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader


def zone(reader: Reader) -> list[Clause]:
    """Read UTC, GMT or the name of an IANA zone, and the word "time" after it."""
    mark = reader.at
    if reader.peek().kind != "zone":
        return []
    text = reader.peek().text
    reader.at += 1
    name = "UTC" if text in {"utc", "gmt"} else _named(text)
    if name is None:
        reader.refuse(mark, "is not a time zone", advice="Write a zone such as Europe/Berlin.")
    reader.take("time")
    return [Zone(name, words=reader.since(mark))]


def _named(text: str) -> str | None:
    return next((name for name in available_timezones() if name.lower() == text), None)
