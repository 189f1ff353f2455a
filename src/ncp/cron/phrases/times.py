"""Times of day: `9am`, `9:30 pm`, `17:45`, `noon`, lists of them, windows between two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import Clock, Past, Times, Window
from ncp.cron.phrases.words import NAMED_TIMES, TO

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause
    from ncp.cron.phrases.reader import Reader

_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?P<half>\ ?[ap]\.?m\.?)?", re.VERBOSE
)
_HALF_DAY = 12
_HOURS, _MINUTES = 24, 60


def clock(reader: Reader) -> Clock | None:
    """Read one time of day; None where the next token is not one."""
    mark = reader.at
    named = reader.look_up(NAMED_TIMES)
    if named is not None:
        return Clock(named, half=True)
    if reader.peek().kind == "clock":
        reader.at += 1
    elif reader.number() is None:
        return None
    else:
        reader.take("am", "pm")
    return _time(reader, mark)


def _time(reader: Reader, mark: int) -> Clock:
    text = reader.since(mark)
    if reader.tokens[mark].kind == "word":
        reader.at = mark
        text = f"{reader.number()}{text[len(reader.tokens[mark].text) :]}"
        reader.take("am", "pm")
    match = _CLOCK.fullmatch(text)
    if match is None:
        reader.refuse(mark, "is not a time of day in hours and minutes", "9am", "9:30")
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if minute >= _MINUTES:
        reader.refuse(mark, "has more than 59 minutes", "9am", "9:30")
    if half:
        if not 1 <= hour <= _HALF_DAY:
            reader.refuse(mark, "goes beyond 12 before its am or pm", f"{hour}:{minute:02}", "9am")
        return Clock(hour % 12 + (12 if "p" in half else 0), minute, half=True)
    if hour >= _HOURS:
        reader.refuse(mark, "is past the end of the day (23:59)", "midnight", "11pm", "9am")
    return Clock(hour, minute, bare="" if match["minute"] else text)


def times(reader: Reader) -> Clause | None:
    """Read one or several times, or two with "to" between them."""
    mark = reader.at
    found = reader.listed(clock)
    if not found:
        return None
    if len(found) == 1 and reader.peek().text in TO:
        reader.at = mark
        return window(reader)
    _check_halves(reader, mark, found)
    return Times(tuple(found), words=reader.since(mark))


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
    if start.minutes == end.minutes:
        reader.refuse(mark, "ends when it begins", "9am and 5pm", "9am to 5pm")
    if start.minutes > end.minutes and _unsure(start) and _unsure(end):
        both = f"{start.hour}am to {end.hour}pm", f"{start.hour}am and {end.hour}pm"
        reader.refuse(mark, "ends before it begins; say am or pm", *both)
    return Window(start, end, words=reader.since(mark))


def _unsure(time: Clock) -> bool:
    """Tell whether somebody may have meant the other half of the day."""
    return not time.half and 1 <= time.hour <= _HALF_DAY


def _check_halves(reader: Reader, mark: int, found: list[Clock]) -> None:
    if any(time.half for time in found) and any(map(_unsure, found)):
        both = tuple(_with_half(reader.since(mark), half) for half in ("am", "pm"))
        reader.refuse(mark, "has a time without am or pm beside one with it", *both)


def _with_half(text: str, half: str) -> str:
    """Add am or pm to each time that has none."""
    return re.sub(
        r"(?<![0-9:.])([0-9]{1,2}(?:[:.][0-9]{2})?)(?![0-9:.]| ?[ap]\.?m)", rf"\1{half}", text
    )


def past(reader: Reader) -> Past | None:
    """Read minutes of the hour: `:15 and :45`, `15 past`, `15 minutes past the hour`."""
    mark = reader.at
    minutes = reader.listed(_past)
    return Past(tuple(minutes), words=reader.since(mark)) if minutes else None


def _past(reader: Reader) -> int | None:
    mark = reader.at
    if reader.peek().kind == "past":
        reader.at += 1
        minute: int | None = int(reader.peek(-1).text[1:])
    else:
        minute = _minute(reader)
    if minute is not None and minute >= _MINUTES:
        reader.refuse(mark, "is not a minute of the hour (0-59)", ":00")
    return minute


def _minute(reader: Reader) -> int | None:
    if reader.take("minute"):
        return reader.number()
    minute = reader.number()
    reader.take("minute", "minutes", "min", "mins")
    if not reader.take("past", "after"):
        return None
    for article in ("the", "each", "every"):
        reader.take_all(article, "hour")
    return minute
