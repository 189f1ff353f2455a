"""Durations and sizes as people write them: `90`, `5m`, `1h30m`, `2 days`, `512MB`, `1.5 GiB`.

The one reader of each. A number alone has the unit of its key or option. A
unit of memory is a power of 1024 with or without its `i`, as Docker and
systemd take it.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches

from ncp.errors import InputError

_SPELT = {
    0.001: "ms msec msecs millisecond milliseconds",
    1: "s sec secs second seconds",
    60: "m min mins minute minutes",
    3600: "h hr hrs hour hours",
    86400: "d day days",
    604800: "w week weeks",
}
DURATIONS = {word: factor for factor, words in _SPELT.items() for word in words.split()}
"""Seconds by unit."""
SIZES = {"b": 1, "byte": 1, "bytes": 1} | {
    f"{letter}{end}": 1024**power
    for power, letter in enumerate("kmgt", start=1)
    for end in ("", "b", "ib")
}
"""Bytes by unit."""
MEGABYTE, DAY = 1024**2, 86400
NUMBER = r"\d+(?:\.\d+)?"
WRITTEN = rf"^\s*{NUMBER}\s*([A-Za-z]+\s*({NUMBER}\s*[A-Za-z]+\s*)*)?$"
"""What a JSON Schema can say of both."""
_PART = re.compile(rf"\s*({NUMBER})\s*([a-z]+)")
_ALONE = re.compile(rf"\s*(-?{NUMBER})\s*")
DURATION_EXAMPLE, SIZE_EXAMPLE, DAYS_EXAMPLE = "5m", "512MB", "2w"


def seconds(text: str) -> float:
    """Read a duration; a number alone is seconds. InputError says what to write instead."""
    return _read(text, 1, DURATIONS, ("a duration", DURATION_EXAMPLE))


def whole_seconds(text: str) -> int:
    """Read a duration in whole seconds, rounded up."""
    return math.ceil(seconds(text))


def some_seconds(text: str) -> float:
    """Read a duration that is more than nothing."""
    found = seconds(text)
    if not found:
        raise InputError(f'"{text}" leaves no time.', next_step=f"Write: {DURATION_EXAMPLE}")
    return found


def days(text: str) -> int:
    """Read a count of whole days; a number alone is days."""
    found = _read(text, DAY, DURATIONS, ("a count of days", DAYS_EXAMPLE)) / DAY
    if found < 1 or not found.is_integer():
        least = max(math.ceil(found), 1)
        raise InputError(f'"{text}" is not whole days.', next_step=f"Write: {least}d")
    return int(found)


def megabytes(text: str) -> int:
    """Read a size of memory in whole MB, rounded up; a number alone is MB."""
    return math.ceil(_read(text, MEGABYTE, SIZES, ("a size", SIZE_EXAMPLE)) / MEGABYTE)


def octets(text: str) -> int:
    """Read a size in bytes; a number alone is bytes."""
    return math.ceil(_read(text, 1, SIZES, ("a size", SIZE_EXAMPLE)))


def _read(text: str, alone: float, units: dict[str, float], wanted: tuple[str, str]) -> float:
    if match := _ALONE.fullmatch(text):
        return float(match[1]) * alone
    lower = text.strip().lower()
    parts = [(match[1], match[2]) for match in _PART.finditer(lower)]
    whole = "".join(lower.split()) == "".join(number + unit for number, unit in parts)
    if not whole or not parts or any(unit not in units for _, unit in parts):
        raise _unreadable(text, units, wanted)
    return math.fsum(float(number) * units[unit] for number, unit in parts)


def _unreadable(text: str, units: dict[str, float], wanted: tuple[str, str]) -> InputError:
    kind, example = wanted
    return InputError(
        f'"{text}" is not {kind}.', next_step=f"Write: {_mended(text, units) or example}"
    )


def _mended(text: str, units: dict[str, float]) -> str:
    """Correct a comma in a number and a misspelt unit; empty where nothing is near."""
    parts = _PART.findall(text.lower().replace(",", "."))
    near = [get_close_matches(unit, units, n=1) for _, unit in parts]
    known = parts and all(near)
    return "".join(f"{parts[at][0]}{found[0]}" for at, found in enumerate(near)) if known else ""
