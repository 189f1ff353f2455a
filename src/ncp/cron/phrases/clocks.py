"""One time of day: `9am`, `17:45`, `0900`, `noon`, `half past nine`, `8 in the evening`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ncp.cron.phrases.clauses import Clock
from ncp.cron.phrases.words import NAMED_TIMES, NUMBERS, PART_NAMES, PARTS, SMALL_HOURS

if TYPE_CHECKING:
    from ncp.cron.phrases.reader import Reader

_FIGURES = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2})(?::00)?)?(?P<half>[ ]?[ap]\.?m\.?)?"
)
_HALF_DAY, _HOURS, _MINUTES, _DAY = 12, 24, 60, 24 * 60
_FRACTIONS = {"half": 30, "quarter": 15}
_LONG = 4
"""A number of so many digits is hours and minutes: 0900."""


class Figures(NamedTuple):
    """What was read of a time of day; `plain` where it needs a note on how it was read."""

    hour: int
    minute: int = 0
    half: str = ""
    plain: bool = True


_TO_THE_HOUR = {5, 10, 20, 25}
"""What stands before "to" for minutes: "at ten to nine" is no window, as "from ten to nine" is."""


def clock(reader: Reader) -> Clock | None:
    """Read one time of day; None where the next token is not one."""
    mark = reader.at
    for read in (_named, _spoken, _figures):
        found = read(reader)
        if found is not None:
            return _with_part(reader, mark, found)
        reader.at = mark
    return None


def _named(reader: Reader) -> Clock | None:
    """Read `noon`, `12 noon`, `midnight`."""
    if reader.peek().text in {"12", "twelve"} and reader.peek(1).text in NAMED_TIMES:
        reader.at += 1
    hour = reader.look_up(NAMED_TIMES)
    return None if hour is None else Clock(hour, half=True)


def _spoken(reader: Reader) -> Clock | None:
    """Read `half past nine`, `quarter to 5pm`, `20 past 9`, `ten minutes to nine`."""
    mark = reader.at
    reader.take("a")
    minute = reader.look_up(_FRACTIONS)
    sure = minute is not None
    if minute is None:
        spoken = reader.peek(-1).text == "at" and reader.peek().kind == "word"
        minute = reader.number()
        sure = reader.take("minute", "minutes", "min", "mins") or (
            spoken and minute in _TO_THE_HOUR
        )
    before = sure and minute != _FRACTIONS["half"] and reader.take("to", "before")
    if minute is None or minute >= _MINUTES or not (before or reader.take("past", "after")):
        return None
    hour = _named(reader) or _figures(reader)
    if hour is None or hour.minute:
        return None
    total = (hour.minutes + (-minute if before else minute)) % _DAY
    found = Clock(*divmod(total, 60), half=hour.half, bare=reader.since(mark))
    if hour.half or not 1 <= hour.hour <= _HALF_DAY:
        return replace(found, bare="")
    return replace(found, hour=found.hour or _HALF_DAY)


def _figures(reader: Reader) -> Clock | None:
    """Read a time in digits or in words, and its am or pm."""
    mark = reader.at
    found = _digits(reader) if reader.peek().kind in {"clock", "number"} else _words(reader)
    if found is None:
        return None
    hour, minute, half, plain = found
    half = half or _half(reader)
    if minute >= _MINUTES:
        reader.refuse(mark, "has more than 59 minutes", f"{hour}{half}", f"{hour}:00")
    if half:
        return Clock(_twelve(reader, mark, hour, half), minute, half=True)
    if hour > _HOURS or (hour == _HOURS and minute):
        reader.refuse(mark, "is past the end of the day (23:59)")
    return Clock(hour, minute, bare=reader.since(mark) if plain else "")


def _half(reader: Reader) -> str:
    """Read an am or pm that stands alone, as after words and "o'clock"."""
    mark = reader.at
    for half in ("am", "pm"):
        if reader.take(half):
            return half
        if reader.take_all(half[0], ".", "m"):
            reader.take(".")
            return half
        reader.at = mark
    return ""


def _twelve(reader: Reader, mark: int, hour: int, half: str) -> int:
    if not 1 <= hour <= _HALF_DAY:
        nearest = hour - _HALF_DAY if _HALF_DAY < hour < _HOURS and half == "pm" else _HALF_DAY
        reader.refuse(mark, "goes beyond 12 before its am or pm", f"{nearest}{half}")
    return hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)


def _digits(reader: Reader) -> Figures | None:
    mark = reader.at
    token = reader.peek()
    reader.at += 1
    match = _FIGURES.fullmatch(token.text)
    number = len(token.text) if token.kind == "number" else 0
    if match is None or number not in {0, 1, 2, _LONG}:
        reader.refuse(mark, "is not a time of day in hours and minutes")
    if reader.peek().text.endswith("clock") and not match["minute"]:
        reader.at += 1
    elif reader.peek(1).kind != "number" and not match["half"] and reader.take("h"):
        return Figures(int(match["hour"]), plain=False)
    elif match["minute"] and not match["half"]:
        reader.take("hours", "hrs")
    half = re.sub("[ .]", "", match["half"] or "")
    plain = number > 0
    return Figures(int(match["hour"]), int(match["minute"] or 0), half, plain)


def _words(reader: Reader) -> Figures | None:
    """Read `nine`, `nine thirty`, `nine o'clock`."""
    if reader.peek().text not in NUMBERS:
        return None
    hour = reader.number() or 0
    if reader.peek().text.endswith("clock"):
        reader.at += 1
        return Figures(hour)
    mark = reader.at
    minute = reader.number() if reader.peek().text in NUMBERS else None
    if minute is None or minute < 10:
        reader.at, minute = mark, 0
    return Figures(hour, minute)


def _with_part(reader: Reader, mark: int, found: Clock) -> Clock:
    """Read the part of the day that a time may have after it: `8 in the evening`."""
    here = reader.at
    # what "at night" means depends on whether days are named: that is a clause of its own
    name = reader.look_up(PART_NAMES) if reader.take_all("in", "the") else None
    if name is None or name == "night":
        reader.at = here
        return found
    time = in_part(found, name)
    if time is None and unsure(found):
        reader.refuse(mark, "may mean midnight or noon", advice="Write noon or midnight.")
    if time is None:
        reader.refuse(mark, "does not go together", advice="Write one of the two.")
    return replace(time, part=name)


def in_part(time: Clock, name: str, *, daily: bool = False) -> Clock | None:
    """Find the time that is meant in a part of the day; None where none is."""
    hours = PARTS[name][1] | (SMALL_HOURS if name == "night" and daily else frozenset())
    if not unsure(time):
        return time if time.hour in hours else None
    first = time.hour % _HALF_DAY
    meant = [hour for hour in (first, first + _HALF_DAY) if hour in hours]
    return replace(time, hour=meant[0], half=True, bare="") if len(meant) == 1 else None


def unsure(time: Clock) -> bool:
    """Tell whether somebody may have meant the other half of the day."""
    return not time.half and 1 <= time.hour <= _HALF_DAY
