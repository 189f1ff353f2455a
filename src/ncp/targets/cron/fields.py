"""Times of a crontab line that every cron takes: numbers, ranges, steps and lists in bounds.

Asking python-crontab takes a third of a millisecond for a line, and ncp writes
no others than these.
"""

from __future__ import annotations

import re
from functools import lru_cache

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""Of minutes, hours, days, months and weekdays (crontab(5))."""
_PART = re.compile(r"(?:\*|(?P<low>\d{1,2})(?:-(?P<high>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?")


def are_plain(line: str) -> bool:
    """Tell whether the first five words are such times; False where that takes a closer look."""
    words = line.split(None, 5)[:5]
    return len(words) == 5 and all(map(_is_plain, words, BOUNDS))


@lru_cache(maxsize=1024)
def _is_plain(word: str, bounds: tuple[int, int]) -> bool:
    return all(_is_in(part, bounds) for part in word.split(","))


def _is_in(part: str, bounds: tuple[int, int]) -> bool:
    match = _PART.fullmatch(part)
    if match is None or (match["step"] and match["low"] and not match["high"]):
        return False  # crons differ about 5/15
    least, most = bounds
    low = int(match["low"] or least)
    high = int(match["high"] or (low if match["low"] else most))
    return least <= low <= high <= most and 1 <= int(match["step"] or 1) <= most
