"""Lengths of time: `90 minutes`, `1h30m`, `an hour and a half`, `1.5 hours`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ncp.cron.phrases.words import DAYS, SECONDS, UNITS

if TYPE_CHECKING:
    from ncp.cron.phrases.reader import Reader

    Amount = tuple[Fraction, str]

_HALF = Fraction(1, 2)
_SIZE = {unit: size for size, unit in enumerate(("second", "minute", "hour", "day", "week"))}
_DAY = 24 * 60 * 60


def count(reader: Reader) -> Fraction | None:
    """Read how many: `5`, `ninety`, `1.5`, `one and a half`."""
    mark = reader.at
    token = reader.peek()
    if token.kind == "clock":
        reader.at += 1
        whole, dot, part = token.text.partition(".")
        exact = dot and part in {"5", "25", "75"} and reader.peek().text in UNITS
        return Fraction(f"{whole}.{part}") if exact else None
    found = reader.number()
    if found is None:
        return None
    mark = reader.at
    if reader.take_all("and", "a", "half") and reader.peek().text in UNITS:
        return found + _HALF
    reader.at = mark
    return Fraction(found)


def amount(reader: Reader) -> Amount | None:
    """Read one number and its unit."""
    mark = reader.at
    if reader.peek().kind == "clock" and "h" in reader.peek().text:
        hours, minutes = reader.peek().text.split("h")
        reader.at += 1
        return Fraction(f"{hours}") + Fraction(int(minutes), 60), "hour"
    number = Fraction(1) if reader.take("a", "an") else count(reader)
    unit = reader.look_up(UNITS) if number is not None else None
    if number is None or unit is None:
        reader.at = mark
        return None
    return number + _half(reader, number), unit


def _half(reader: Reader, whole: Fraction) -> Fraction:
    """Read the "and a half" of "an hour and a half"."""
    return _HALF if whole.denominator == 1 and reader.take_all("and", "a", "half") else Fraction(0)


def more(reader: Reader, first: Amount) -> list[Amount]:
    """Read the smaller amounts that follow a first one: the 30m of "1h30m"."""
    found = [(first[0] + _half(reader, first[0]), first[1])]
    while True:
        mark = reader.at
        reader.take("and", ",")
        following = amount(reader) if reader.peek().kind == "number" or reader.at == mark else None
        following = following if following and reader.peek().text not in {"past", "to"} else None
        if following is None or not _smaller(following[1], found[-1][1]):
            reader.at = mark
            return found
        found.append(following)


def _smaller(unit: str, other: str) -> bool:
    return unit in _SIZE and other in _SIZE and _SIZE[unit] < _SIZE[other]


def total(amounts: list[Amount]) -> Amount:
    """Add amounts up, in the largest unit that keeps them whole."""
    if len(amounts) == 1 and (amounts[0][0].denominator == 1 or amounts[0][1] not in _SIZE):
        return amounts[0]
    seconds = sum(
        number * (SECONDS.get(unit) or _DAY * DAYS.get(unit, 0)) for number, unit in amounts
    )
    for unit, size in (("day", _DAY), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0 and (unit != "day" or amounts[0][1] in DAYS):
            return Fraction(seconds, size), unit
    return Fraction(seconds), "second"
