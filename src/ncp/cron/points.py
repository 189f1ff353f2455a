"""One point in time as people write it: `2027-01-01`, `16:10`, `1h`, `yesterday`, `monday`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from ncp import amounts
from ncp.cron import zones
from ncp.cron.english import WEEKDAYS
from ncp.errors import InputError

NAMED = {"today": 0, "yesterday": -1, "tomorrow": 1}
CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
DAY = re.compile(rf"(?:last |next )?({'|'.join(NAMED)}|[a-z]+)(?: (?:at )?(\d.*))?")
SPAN = re.compile(r"(?P<before>in |\+|-)?\s*(?P<text>\d.*[a-z])")


def read(text: str, *, now: datetime, zone: str, ahead: bool = False) -> datetime:
    """Read a point in time, of the zone's clock where it names no offset.

    A duration counts back from `now`, or forward with `ahead`; so do a time of
    day and a weekday, which are the nearest on that side. ValueError where it
    is none.
    """
    words = " ".join(text.lower().split())
    here = now.astimezone(zones.zone(zone))
    if words == "now":
        return here
    for reader in (_clock, _day, _span):
        found = reader(words, here, ahead)
        if found is not None:
            return found
    given = datetime.fromisoformat(text.strip())
    return given if given.tzinfo else given.replace(tzinfo=here.tzinfo)


def _clock(words: str, here: datetime, ahead: bool) -> datetime | None:
    at = _time(words)
    if at is None:
        return None
    found = _on(here, 0, at)
    return found if (found > here) == ahead else _on(here, 1 if ahead else -1, at)


def _day(words: str, here: datetime, ahead: bool) -> datetime | None:
    match = DAY.fullmatch(words)
    away = None if match is None else _away(match[1], here, ahead)
    if match is None or away is None:
        return None
    at = _time(match[2]) if match[2] else time()
    if at is None:
        raise ValueError(words)
    return _on(here, away, at)


def _away(word: str, here: datetime, ahead: bool) -> int | None:
    """How many days a word is away; a weekday is the nearest on its side, today not."""
    if word in NAMED:
        return NAMED[word]
    names = [name.lower() for name in WEEKDAYS]  # from Sunday on
    for number, name in enumerate(names):
        if word in {name, name[:3]}:
            gap = (number - here.isoweekday()) % 7 or 7
            return gap if ahead else gap - 7 or -7
    return None


def _span(words: str, here: datetime, ahead: bool) -> datetime | None:
    back = words.endswith(" ago")
    match = SPAN.fullmatch(words.removesuffix(" ago"))
    if match is None:
        return None
    try:
        length = timedelta(seconds=amounts.seconds(match["text"]))
        forward = match["before"] in {"in ", "+"} or (ahead and not back and not match["before"])
        # Through UTC: "1 h" is an hour of real time, also where the clock changes in between.
        utc = here.astimezone(UTC)
        return (utc + length if forward else utc - length).astimezone(here.tzinfo)
    except (InputError, OverflowError):
        return None


def _time(text: str) -> time | None:
    match = CLOCK.fullmatch(text)
    return None if match is None else time(int(match[1]), int(match[2]), int(match[3] or 0))


def _on(here: datetime, away: int, at: time) -> datetime:
    return datetime.combine(here.date() + timedelta(days=away), at, here.tzinfo)
