"""A time zone in words: `9am UTC`, `in Europe/Berlin`."""

from __future__ import annotations

from functools import cache
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
    name = "UTC" if text in {"utc", "gmt"} else _zones().get(text)
    if name is None:
        reader.refuse(mark, "is not a time zone", advice="Write a zone such as Europe/Berlin.")
    reader.take("time")
    return [Zone(name, words=reader.since(mark))]


@cache
def _zones() -> dict[str, str]:
    """List the zones by their names in small letters; it takes 40 ms, as it looks at each file."""
    return {name.lower(): name for name in available_timezones()}
