"""Active hours in one text, as people write them: `mon-fri 09:00-17:00`, `22:00-06:00`."""

from __future__ import annotations

import re

from ncp.model import ActiveHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = f"(?:{'|'.join(DAYS)})"
_DAYS = rf"{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*"
_CLOCK = r"\d{1,2}:\d\d"
WRITTEN = re.compile(rf"(?:(?P<days>{_DAYS})\s+)?(?P<start>{_CLOCK})\s*-\s*(?P<end>{_CLOCK})")
TEXT = rf"(?:{_DAYS}\s+)?{_CLOCK}\s*-\s*{_CLOCK}"
"""What a JSON Schema can say of it."""


def read(text: str) -> ActiveHours | None:
    """Read them; None where the text is something else."""
    match = WRITTEN.fullmatch(text.strip().lower())
    if match is None:
        return None
    named = [day for part in (match["days"] or "").split(",") if part for day in _days(part)]
    return ActiveHours(match["start"].zfill(5), match["end"].zfill(5), tuple(dict.fromkeys(named)))


def _days(part: str) -> list[str]:
    first, _, last = part.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [DAYS[number % 7] for number in range(start, end + 1 if start <= end else end + 8)]
