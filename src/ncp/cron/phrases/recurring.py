"""Clauses that come again, to expressions, an interval and what a person should know.

One expression runs each of its minutes in each of its hours; times that do not
fit that become several, joined by `|`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.fields import HOUR, MINUTE, plain
from ncp.cron.phrases.clauses import Clock, Every, Part, Past, Times, Window
from ncp.cron.phrases.dates import calendar
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.words import PARTS, SMALL_HOURS
from ncp.cron.unions import SIGN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncp.cron.phrases.clauses import Draft

    Interval = tuple[int, str]

MORNING = Clock(9, half=True)
STEPS = ("minute", "hour")
"""The units that come several times a day."""
_DAY = 24 * 60


def compose(draft: Draft) -> tuple[str, Interval | None, list[str]]:
    """Write the expression of the clauses, its interval, and the notes on what was assumed."""
    every, window = draft.get(Every), draft.get(Window)
    dates, notes = calendar(draft)
    clocks, more = _times(draft, daily=dates == "* * *")
    text = f" {SIGN} ".join(f"{clock} {dates}" for clock in clocks)
    interval = every.interval if every and not (every.unit in STEPS and window) else None
    return text, interval, [*notes, *more]


def _times(draft: Draft, *, daily: bool) -> tuple[list[str], list[str]]:
    """Write the minute and hour fields, each pair of one expression, and notes."""
    every, past, window = draft.get(Every), draft.get(Past), draft.get(Window)
    if every is not None and every.unit in STEPS:
        _refuse_times(draft, every)
        return _steps(every, past, window, daily=daily)
    extra = past or window
    if extra is not None:
        raise Refusal(
            f'"{extra.words}" does not say how often within the hour or the day.',
            instead=(
                f"every hour from {window} {draft.days}",
                "hourly at :15" if past else "every hour from 9am to 5pm",
            ),
        )
    return _clock(draft, daily=daily)


def _refuse_times(draft: Draft, every: Every) -> None:
    clause = draft.get(Times) or draft.get(Part)
    if clause is not None:
        raise Refusal(
            f'"{every.words}" comes all day, and "{clause.words}" is a time of day.',
            instead=(f"daily at {clause.words}", f"{every.words} from 9am to 5pm"),
        )


def _clock(draft: Draft, *, daily: bool) -> tuple[list[str], list[str]]:
    """Write the minute and hour fields of times of day."""
    found, notes = times(draft, daily=daily)
    if not daily and 0 in {time.minutes for time in found}:
        notes.append("Midnight is the start of the day.")
    return _pieces({time.minutes for time in found}, _at), notes


def _at(minutes: frozenset[int]) -> str:
    """Write minutes of times of day, which follow the wall clock: without a leading star."""
    return plain(MINUTE, minutes)


def _pieces(slots: Iterable[int], write: Callable[[frozenset[int]], str]) -> list[str]:
    """Write minutes of the day as pairs of fields: the hours that have the same minutes."""
    minutes: dict[int, set[int]] = {}
    for slot in slots:
        minutes.setdefault(slot // 60 % 24, set()).add(slot % 60)
    hours: dict[frozenset[int], set[int]] = {}
    for hour, some in sorted(minutes.items()):
        hours.setdefault(frozenset(some), set()).add(hour)
    return [f"{write(some)} {plain(HOUR, frozenset(h))}" for some, h in hours.items()]


def times(draft: Draft, *, daily: bool) -> tuple[tuple[Clock, ...], list[str]]:
    """Find the times of day, those that a clause implies, or 9 AM; and say so."""
    said, part, every = draft.get(Times), draft.get(Part), draft.get(Every)
    if said is not None:
        _check_part(part, said, daily=daily)
        notes = [f'Read "{t.bare}" as {t}.' for t in said.times if t.bare and t.hour <= 12]
        return said.times, notes
    implied = every.default if every else None
    default = implied or (_usual(part, draft, daily=daily) if part else MORNING)
    return (default,), [f"No time given; using {default}."]


def _usual(part: Part, draft: Draft, *, daily: bool) -> Clock:
    hour, _ = PARTS[part.name]
    if part.name == "night" and daily:
        return Clock(0, half=True)
    if hour is None:
        raise Refusal(
            f'"{part.words}" is not a time of day.',
            instead=(f"{draft.words} at 9pm", "daily at 9pm"),
        )
    return Clock(hour, half=True)


def _check_part(part: Part | None, said: Times, *, daily: bool) -> None:
    if part is None:
        return
    hours = PARTS[part.name][1]
    if part.name == "night" and daily:
        hours |= SMALL_HOURS
    for time in said.times:
        if time.hour not in hours:
            other = Clock((time.hour + 12) % 24, time.minute)
            raise Refusal(
                f'"{part.words}" does not go with {time} ("{said.words}").',
                instead=(f"{part.words} at {other}".lower(), f"daily at {time}".lower()),
            )


def _steps(
    every: Every, past: Past | None, window: Window | None, *, daily: bool
) -> tuple[list[str], list[str]]:
    """Write the minute and hour fields of something that comes all day, or within a window."""
    if every.unit == "minute" and past is not None:
        raise Refusal(
            f'"{every.words}" and "{past.words}" both say which minutes.',
            instead=("hourly at :15",),
        )
    if window is not None:
        return _within(every, past.minutes if past else None, window, daily=daily)
    if every.interval is not None:
        return _real_time(every, past)
    step = "*" if every.count == 1 else f"*/{every.count}"
    if every.unit == "minute":
        return [f"{step} *"], []
    return [f"{plain(MINUTE, frozenset(past.minutes if past else (0,)))} {step}"], []


def _real_time(every: Every, past: Past | None) -> tuple[list[str], list[str]]:
    """Write every minute, of which the interval keeps its own."""
    if past is not None:
        raise Refusal(
            f'"{every.words}" is counted from now, not from "{past.words}".',
            instead=(every.words, "hourly at :15"),
        )
    return ["* *"], []


def _within(
    every: Every, past: tuple[int, ...] | None, window: Window, *, daily: bool
) -> tuple[list[str], list[str]]:
    """Write steps within a window, which start with it: minutes end before it does, hours with it.

    "Every 15 minutes between 9 and 5" ends at 4:45, "every hour from 9 to 5" at 5:00.
    """
    slots = _slots(every, past, window)
    overnight = bool(slots) and slots[-1] >= _DAY
    if overnight and not daily:
        raise Refusal(
            f'"{window.words}" crosses midnight, and what comes after it is another day.',
            instead=(f"{every.words} from {window}",),
        )
    if not slots:
        raise Refusal(
            f'"{window.words}" holds no such minute.',
            instead=(f"{every.words} from {window}", "every hour from 9am to 5pm"),
        )
    last = Clock(slots[-1] // 60 % 24, slots[-1] % 60)
    notes = [f"Last run of the {'night' if overnight else 'day'} at {last}."]
    return _pieces(slots, _minute_text), notes


def _slots(every: Every, past: tuple[int, ...] | None, window: Window) -> list[int]:
    """List the minutes, counted from the midnight before the window begins."""
    start = window.start.minutes
    length = (window.end.minutes - start) % _DAY
    if every.unit == "minute":
        return list(range(start, start + length, every.count))
    firsts = [start] if past is None else [start + (minute - start) % 60 for minute in past]
    ends = start + length
    return sorted(s for first in firsts for s in range(first, ends + 1, every.count * 60))


def _minute_text(minutes: frozenset[int]) -> str:
    for step in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30):
        if minutes == set(range(0, 60, step)):
            return "*" if step == 1 else f"*/{step}"
    return plain(MINUTE, minutes)
