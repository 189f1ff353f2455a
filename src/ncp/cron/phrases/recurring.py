"""Clauses that come again, to expressions, an interval and what a person should know.

One expression runs each of its minutes in each of its hours; times that do not
fit that become several, joined by `|`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.fields import MINUTE, plain
from ncp.cron.phrases import clocks, steps
from ncp.cron.phrases.clauses import Clock, Every, Once, Part, Past, Start, Times, Window
from ncp.cron.phrases.dates import calendar
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.words import PARTS
from ncp.cron.unions import SIGN

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Draft

    Interval = tuple[int, str]

MORNING = Clock(9, half=True)
STEPS = ("minute", "hour")
"""The units that come several times a day."""
_HOURS = 24


def compose(draft: Draft) -> tuple[str, Interval | None, list[str]]:
    """Write the expression of the clauses, its interval, and the notes on what was assumed."""
    implied = _imply(draft)
    every, window, once = draft.get(Every), draft.get(Window), draft.get(Once)
    if once is not None:
        what = f'"{draft.words}" does not say on which one day.'
        raise Refusal(what, advice="Add the year to a date, or write next before a weekday.")
    dates, notes = calendar(draft)
    fields, more = _times(draft, daily=dates == "* * *")
    text = f" {SIGN} ".join(f"{pair} {dates}" for pair in fields)
    interval = every.interval if every and not (every.unit in STEPS and window) else None
    return text, interval, [*implied, *notes, *more]


def _imply(draft: Draft) -> list[str]:
    """Add the "every hour" that "15 past the hour" means."""
    past = draft.get(Past)
    if past is None or not past.hourly or draft.get(Every) is not None:
        return []
    draft.clauses.append(Every("hour", words=past.words))
    return [] if "every" in past.words or "each" in past.words else ["Comes every hour."]


def _times(draft: Draft, *, daily: bool) -> tuple[list[str], list[str]]:
    """Write the minute and hour fields, each pair of one expression, and notes."""
    every = draft.get(Every)
    if every is not None and every.unit in STEPS:
        _refuse_times(draft, every)
        return steps.steps(draft, every, daily=daily)
    past, window = draft.get(Past), draft.get(Window)
    extra = past or window
    if extra is not None:
        announced = "at" if past else "between" if " and " in extra.words else "from"
        raise Refusal(
            f'"{extra.words}" does not say how often within the hour or the day.',
            instead=(f"every hour {announced} {extra.words} {draft.days}".strip(),),
        )
    return _clock(draft, daily=daily)


def _refuse_times(draft: Draft, every: Every) -> None:
    clause = draft.get(Times) or draft.get(Part)
    if clause is not None:
        raise Refusal(
            f'"{every.words}" comes all day, and "{clause.words}" is a time of day.',
            advice="Write from TIME to TIME, or daily at TIME.",
        )


def _clock(draft: Draft, *, daily: bool) -> tuple[list[str], list[str]]:
    """Write the minute and hour fields of times of day."""
    found, notes = times(draft, daily=daily)
    ends = any(time.hour == _HOURS for time in found)
    if ends and not daily:
        what = f'The 24:00 of "{draft.words}" is the end of that day, and the start of the next.'
        raise Refusal(what, advice="Write 0:00 and the day that begins then.")
    if ends:
        notes.append('Read "24:00" as midnight.')
    if not daily and 0 in {time.minutes for time in found}:
        notes.append("Midnight is the start of the day.")
    return steps.pieces({time.minutes for time in found}, _at), notes


def _at(minutes: frozenset[int]) -> str:
    """Write minutes of times of day, which follow the wall clock: without a leading star."""
    return plain(MINUTE, minutes)


def times(draft: Draft, *, daily: bool) -> tuple[tuple[Clock, ...], list[str]]:
    """Find the times of day, those that a clause implies, or 9 AM; and say so."""
    said, part, every = draft.get(Times), draft.get(Part), draft.get(Every)
    start = draft.get(Start)
    if start is not None:
        said = _start(start, said, every)
    count = every.times if every and every.unit == "day" else 1
    if said is not None:
        found = tuple(_meant(part, time, said, daily=daily) for time in said.times)
        if count > 1 and len(set(found)) != count:
            raise Refusal(f'"{draft.words}" does not give {count} times of day.')
        return found, [f'Read "{t.bare}" as {t}.' for t in found if t.bare and t.hour <= _HOURS / 2]
    if count > 1:
        return _spread(count, draft)
    implied = every.default if every else None
    default = implied or (_usual(part, daily=daily) if part else MORNING)
    return (default,), [f"No time given; using {default}."]


def _start(start: Start, said: Times | None, every: Every | None) -> Times:
    """Take the start of "every 24 hours starting at 3am" for its time of day."""
    if said is not None or every is None or every.default is None:
        raise Refusal(
            f'"{start.words}" goes with every so many hours or minutes, and with nothing else.',
            advice="Write at TIME for a time of day; a task is due from now on.",
        )
    return Times((start.at,), words=start.words)


def _spread(count: int, draft: Draft) -> tuple[tuple[Clock, ...], list[str]]:
    """Spread times evenly over the day, with one of them at 9 AM."""
    if draft.get(Part) is not None:
        raise Refusal(f'"{draft.words}" does not say when.', advice="Write the times of day.")
    step = _HOURS // count
    found = tuple(Clock(hour, half=True) for hour in range(MORNING.hour % step, _HOURS, step))
    return found, [f"No times given; using {', '.join(map(str, found))}."]


def _usual(part: Part, *, daily: bool) -> Clock:
    return Clock(0 if part.name == "night" and daily else PARTS[part.name][0], half=True)


def _meant(part: Part | None, time: Clock, said: Times, *, daily: bool) -> Clock:
    """Find the half of the day that a part of it asks for; refuse what does not go with it."""
    if part is None:
        return time
    found = clocks.in_part(time, part.name, daily=daily)
    if found is None:
        raise Refusal(
            f'"{part.words}" does not go with {time} ("{said.words}").',
            advice="Write one of the two.",
        )
    return found
