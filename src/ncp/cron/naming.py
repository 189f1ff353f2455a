"""Timing ids: short, readable, and never shared by two identities.

An id reads `<days>-<times>-in-<months>-<wall|elapsed>-<zone>`, each part only
where it says something. Every value is spelled in a form of its own (`9am`,
`2-30pm` times of day, `1st` days, `15` minutes, names for weekdays and months,
`to` for ranges, `by` for steps), so an id can be read back into its recurrence;
that is why two recurrences cannot meet in one id. What does not fit is a hash.
An interval stands first (`every-2wk-mon-9am`), without what it counts from; expressions
that come together are joined by `plus`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from ncp.cron import english, fields, intervals, shapes, zones
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from ncp.cron.shapes import Dates, Reading, Run, Time
    from ncp.model import Every, Recurrence

LONGEST_LABEL = 40
LONGEST_ID = 63
HASH_DIGITS = 8
DAY_SETS = {(1, 2, 3, 4, 5): "weekdays", (0, 6): "weekends"}
EVERY_MINUTE = "every-minute"
UNITS = {"minute": "min", "hour": "hr", "day": "day", "week": "wk", "month": "month", "year": "yr"}

_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")


def identity(recurrence: Recurrence, zone: str | None) -> str:
    """Write what makes a timing itself: `0 9 * * 1-5|Europe/Berlin`, `…|local`.

    Intervals that keep the same slots are the same, whichever of them they count from.
    """
    text = recurrence.text
    if recurrence.every is not None:
        kind, count, phase = intervals.compiled(recurrence.every)
        text = f"{recurrence.cron} every {count} of {kind} at {phase}"
    return f"{text}|{zone or 'local'}"


def timing_id(recurrence: Recurrence, zone: str | None, *, machine_zone: str = "UTC") -> str:
    """Name a timing: readable where that fits 40 characters and a zone, else a hash.

    `zone` is an IANA name, `machine_zone` the one whose clock a one-off without
    a zone is written in. The answer matches `[a-z0-9][a-z0-9-]{0,62}`.
    """
    custom = f"custom-{_digest(identity(recurrence, zone))[:HASH_DIGITS]}"
    label = _label(recurrence, zone or machine_zone)
    suffix = _zone_suffix(zone)
    if suffix is None:
        return custom
    ids = (f"{label}{suffix}", f"{custom}{suffix}", custom)
    return next(text for text in ids[len(label) > LONGEST_LABEL :] if len(text) <= LONGEST_ID)


def unique_id(base: str, identity: str, taken: Mapping[str, str]) -> str:
    """Give `base`, or `base` with as many hash digits as it takes to be nobody else's.

    `taken` maps ids to the identities that hold them.
    """
    digest = _digest(identity)
    longer = (
        f"{base[: LONGEST_ID - 1 - digits]}-{digest[:digits]}"
        for digits in range(HASH_DIGITS, LONGEST_ID - 1)
    )
    return next(text for text in (base, *longer) if taken.get(text, identity) == identity)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _zone_suffix(zone: str | None) -> str | None:
    """Write a zone for an id; None where it is not in the form of an IANA name."""
    if zone is None:
        return ""
    if not _ZONE.fullmatch(zone):
        return None
    spelled = re.sub(r"-(?=\d)", "-minus-", zone).replace("+", "-plus-")
    return "-" + re.sub(r"[/_]", "-", spelled).lower()


def _label(recurrence: Recurrence, zone: str) -> str:
    if recurrence.never:
        return recurrence.text
    if recurrence.at is not None:
        return _once(recurrence.at.astimezone(zones.zone(zone)))
    label = "-plus-".join(map(_reading, shapes.readings(recurrence)))
    return label if recurrence.every is None else _spaced(label, recurrence.every)


def _spaced(label: str, every: Every) -> str:
    """Put an interval in the place of the rhythm that it slows down."""
    count, unit = english.often(every)
    often = f"every-{count}{UNITS[unit]}"
    if EVERY_MINUTE in label:
        return label.replace(EVERY_MINUTE, often)
    return f"{often}-{label.removeprefix(english.RHYTHMS.get(unit, '') + '-')}"


def _reading(reading: Reading) -> str:
    time, dates = reading.time, reading.dates
    parts = [_dates(dates), _time(time)]
    if isinstance(time, shapes.Times) and not dates.restricted:
        parts.insert(0, "daily")
    if dates.months and not dates.yearly:
        parts.append(f"in-{_listed(shapes.runs_of(dates.months), _month)}")
    if reading.follows != shapes.typical(time):
        parts.append(reading.follows)
    return "-".join(part for part in parts if part)


def _once(local: datetime) -> str:
    """Write an instant by its clock; `second` is the later one of an hour that comes twice."""
    again = "-second" if local.fold else ""
    return f"once-{local:%Y-%m-%d-%H%M}{again}"


def _dates(dates: Dates) -> str:
    days, weekdays = _days(dates.days or ()), _weekdays(dates.weekdays or ())
    if dates.yearly:
        return f"yearly-{_month((dates.months or ())[0])}-{days}"
    if days:
        return f"monthly-{days}-{dates.join}-{weekdays}" if weekdays else f"monthly-{days}"
    if dates.weekdays in DAY_SETS:
        return DAY_SETS[dates.weekdays]
    rhythm = "weekly" if shapes.weekly(dates.weekdays or ()) else "monthly"
    return f"{rhythm}-{weekdays}" if weekdays else ""


def _days(days: tuple[int, ...]) -> str:
    if days in english.HALVES:
        return f"{english.HALVES[days]}-days"
    ordinary = _listed(shapes.runs_of([day for day in days if day != LAST_DAY]), english.ordinal)
    return "-".join(text for text in (ordinary, "last-day" * (LAST_DAY in days)) if text)


def _weekdays(codes: tuple[int, ...]) -> str:
    ordinary = _listed(shapes.runs_of(shapes.weekly(codes)), fields.WEEKDAYS.__getitem__)
    nth = (f"{english.NTH[week]}-{fields.WEEKDAYS[day]}" for week, day in shapes.nth(codes))
    return "-".join(text for text in (ordinary, *nth) if text)


def _month(month: int) -> str:
    return fields.MONTHS[month - 1]


def _time(time: Time) -> str:
    match time:
        case shapes.Times(clock):
            return "-".join(_clock(hour, minute) for hour, minute in clock)
        case shapes.EveryMinutes(step, windows):
            return _within(EVERY_MINUTE if step == 1 else f"every-{step}min", windows)
        case shapes.MinutesPast(minutes, windows):
            return _within(f"hourly{_at(minutes)}", windows)
        case shapes.EveryHours(step, minutes):
            return f"every-{step}hr{_at(minutes)}"
        case _:
            return _hourly(time)


def _at(minutes: tuple[int, ...]) -> str:
    return "" if minutes == (0,) else f"-at-{_listed(shapes.runs_of(minutes), str)}"


def _within(head: str, windows: tuple[Run, ...]) -> str:
    """Add runs of hours; each goes up to the hour after its last, as people say it."""
    return "-".join([head, *(f"{_clock(w.first)}-to-{_clock(w.last + 1)}" for w in windows)])


def _hourly(time: shapes.Hourly) -> str:
    step = time.runs[0].step
    head = "hourly" if step == 1 else f"every-{step}hr"
    runs = (run._replace(step=1) for run in time.runs)
    return f"{head}-{_listed(runs, lambda hour: _clock(hour, time.minute))}"


def _clock(hour: int, minute: int = 0) -> str:
    shown, half = english.twelve_hour(hour)
    if not minute:
        named = english.clock(hour)
        return f"{shown}{half.lower()}" if ":" in named else named
    return f"{shown}-{minute:02}{half.lower()}"


def _listed(runs: Iterable[Run], write: Callable[[int], str]) -> str:
    return "-".join(_run(run, write) for run in runs)


def _run(run: Run, write: Callable[[int], str]) -> str:
    if run.single:
        return write(run.first)
    by = f"-by-{run.step}" if run.step > 1 else ""
    return f"{write(run.first)}-to-{write(run.last)}{by}"
