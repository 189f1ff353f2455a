"""Lists of times of day, windows between two, minutes of the hour."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import Past, Times, Window
from ncp.cron.phrases.clocks import clock, in_part, unsure
from ncp.cron.phrases.words import NAMED_TIMES, NUMBERS, TO

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause, Clock
    from ncp.cron.phrases.reader import Reader

_MINUTES = 60
_FRACTIONS = {"half": 30, "quarter": 15}


def times(reader: Reader) -> Clause | None:
    """Read one or several times, or two with "to" between them."""
    mark = reader.at
    found = reader.listed(_listed_clock)
    if not found:
        return None
    if len(found) == 1 and reader.peek().text in TO:
        reader.at = mark
        return window(reader)
    _share_part(found)
    _check_halves(reader, mark, found)
    return Times(tuple(found), words=reader.since(mark))


def _listed_clock(reader: Reader) -> Clock | None:
    """Read a time of a list, which may repeat its "at"."""
    if reader.peek(-1).text in {"and", ",", "&"}:
        reader.take("at")
    return clock(reader)


def _share_part(found: list[Clock]) -> None:
    """Give times the part of the day that comes after the last of them: 9 and 10 in the evening."""
    for place in range(len(found) - 2, -1, -1):
        time, part = found[place], found[place + 1].part
        shared = in_part(time, part) if part and unsure(time) else None
        if shared is not None:
            found[place] = replace(shared, part=part)


def window(reader: Reader) -> Window | None:
    """Read `9am and 5pm`, `9am to 5pm`; None where no two times come next."""
    mark = reader.at
    start = clock(reader)
    if start is None or not reader.take(*TO, "and"):
        reader.at = mark
        return None
    end = clock(reader)
    if end is None:
        reader.stuck()
    _check_halves(reader, mark, [start, end])
    start, end = (replace(time, hour=time.hour % 24) for time in (start, end))
    if start.minutes == end.minutes:
        reader.refuse(mark, "ends when it begins", advice="Write two times of day.")
    if start.minutes > end.minutes and unsure(start) and unsure(end):
        advice = "Write am or pm after both times, or times from 0:00 to 23:59."
        reader.refuse(mark, "ends before it begins; say am or pm", advice=advice)
    return Window(start, end, words=reader.since(mark))


def _check_halves(reader: Reader, mark: int, found: list[Clock]) -> None:
    if any(time.half for time in found) and any(map(unsure, found)):
        advice = "Write am or pm after each time."
        reader.refuse(mark, "has a time without am or pm beside one with it", advice=advice)


def past(reader: Reader) -> list[Clause]:
    """Read minutes of the hour: `:15 and :45`, `15 past`, `15 minutes past every hour`."""
    mark = reader.at
    minutes = reader.listed(_past)
    hourly = reader.peek(-1).text == "hour" and bool(minutes)
    if not minutes:
        return []
    return [Past(tuple(minutes), hourly, words=reader.since(mark))]


def _past(reader: Reader) -> int | None:
    mark = reader.at
    if reader.peek().kind == "past":
        reader.at += 1
        minute: int | None = int(reader.peek(-1).text[1:])
        _take_past(reader)
    else:
        minute = _minute(reader)
    if minute is not None and minute >= _MINUTES:
        reader.refuse(mark, "is not a minute of the hour (0-59)", ":00")
    return minute


def _minute(reader: Reader) -> int | None:
    if reader.take("minute"):
        return reader.number()
    reader.take("a")
    minute = reader.look_up(_FRACTIONS) or reader.number()
    reader.take("minute", "minutes", "min", "mins")
    following = reader.peek(1)
    if following.kind in {"number", "clock"} or following.text in {*NUMBERS, *NAMED_TIMES}:
        return None  # "15 past 9" is a time of day
    return minute if _take_past(reader) else None


def _take_past(reader: Reader) -> bool:
    """Read `past`, `after the hour`, `past every hour`."""
    if not reader.take("past", "after"):
        return False
    for article in ("the", "each", "every"):
        reader.take_all(article, "hour")
    return True
