"""Minutes and hours of what comes all day, or within a window, as the fields of expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.fields import HOUR, MINUTE, plain
from ncp.cron.phrases.clauses import Clock, Past, Start, Window
from ncp.cron.phrases.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncp.cron.phrases.clauses import Draft, Every

    Fields = tuple[list[str], list[str]]

_DAY = 24 * 60
_HOURS, _MINUTES = 24, 60


def steps(draft: Draft, every: Every, *, daily: bool) -> Fields:
    """Write the minute and hour fields, each pair of one expression, and notes."""
    past, window, start = draft.get(Past), draft.get(Window), draft.get(Start)
    if every.unit == "minute" and past is not None:
        raise Refusal(
            f'"{every.words}" and "{past.words}" both say which minutes.',
            instead=(f"every hour at {past.words}",),
        )
    if start is not None:
        _check_start(start, every, past or window)
        return _started(every, start, daily=daily)
    if window is not None:
        return _within(every, past.minutes if past else None, window, daily=daily)
    if every.interval is not None:
        return _real_time(every, past)
    step = "*" if every.count == 1 else f"*/{every.count}"
    if every.unit == "minute":
        return [f"{step} *"], []
    return [f"{plain(MINUTE, frozenset(past.minutes if past else (0,)))} {step}"], []


def _check_start(start: Start, every: Every, other: Past | Window | None) -> None:
    if other is not None:
        raise Refusal(f'"{start.words}" and "{other.words}" both say where to start.')
    if every.interval is not None:
        raise Refusal(f'"{every.words}" is counted from now, not from "{start.words}".')


def _started(every: Every, start: Start, *, daily: bool) -> Fields:
    """Write steps that go through a whole day and meet one time of it.

    Where they come before that time too, only hours that divide the day are
    taken: "every 15 minutes starting at 9am" may mean that nothing comes before.
    """
    size = every.count * (60 if every.unit == "hour" else 1)
    at = start.at.minutes % _DAY
    if at >= size and (every.unit == "minute" or every.count == 1 or not daily):
        raise Refusal(
            f'"{start.words}" does not say when "{every.words}" ends.',
            advice="Write from TIME to TIME, or leave the start out.",
        )
    slots = range(at % size, _DAY, size)
    if every.unit == "minute":
        return [f"{_minute_text(frozenset(slot % 60 for slot in slots))} *"], []
    if at % size < _MINUTES:
        return [f"{at % size} {'*' if every.count == 1 else f'*/{every.count}'}"], []
    shown = [str(Clock(*divmod(slot, 60))) for slot in slots]
    notes = [f'Read "{start.at.bare}" as {start.at}.'] if start.at.bare else []
    if len(shown) <= _HOURS // 3:
        notes.append(f"Comes at {', '.join(shown)}.")
    return pieces(slots, _minute_text), notes


def _real_time(every: Every, past: Past | None) -> Fields:
    """Write every minute, of which the interval keeps its own."""
    if past is not None:
        raise Refusal(
            f'"{every.words}" is counted from now, not from "{past.words}".',
            advice="Write hourly with the minute, or leave the minute out.",
        )
    return ["* *"], []


def _within(every: Every, past: tuple[int, ...] | None, window: Window, *, daily: bool) -> Fields:
    """Write steps within a window, which start with it: minutes end before it does, hours with it.

    "Every 15 minutes between 9 and 5" ends at 4:45, "every hour from 9 to 5" at 5:00.
    """
    slots = _slots(every, past, window)
    overnight = bool(slots) and slots[-1] >= _DAY
    if overnight and not daily:
        raise Refusal(f'"{window.words}" crosses midnight, and what comes after it is another day.')
    if not slots:
        raise Refusal(f'"{window.words}" holds no such minute.')
    last = Clock(slots[-1] // 60 % _HOURS, slots[-1] % 60)
    notes = [f"Last run of the {'night' if overnight else 'day'} at {last}."]
    return pieces(slots, _minute_text), [*_read_as(window), *notes]


def _read_as(window: Window) -> list[str]:
    """Say how times without am or pm were read."""
    times = (window.start, window.end)
    return [f'Read "{t.bare}" as {t}.' for t in times if t.bare and 1 <= t.hour <= 12]


def _slots(every: Every, past: tuple[int, ...] | None, window: Window) -> list[int]:
    """List the minutes, counted from the midnight before the window begins."""
    start = window.start.minutes
    length = (window.end.minutes - start) % _DAY
    if every.unit == "minute":
        return list(range(start, start + length, every.count))
    firsts = [start] if past is None else [start + (minute - start) % 60 for minute in past]
    ends = start + length
    return sorted(s for first in firsts for s in range(first, ends + 1, every.count * 60))


def pieces(slots: Iterable[int], write: Callable[[frozenset[int]], str]) -> list[str]:
    """Write minutes of the day as pairs of fields: the hours that have the same minutes."""
    minutes: dict[int, set[int]] = {}
    for slot in slots:
        minutes.setdefault(slot // 60 % _HOURS, set()).add(slot % 60)
    hours: dict[frozenset[int], set[int]] = {}
    for hour, some in sorted(minutes.items()):
        hours.setdefault(frozenset(some), set()).add(hour)
    return [f"{write(some)} {plain(HOUR, frozenset(h))}" for some, h in hours.items()]


def _minute_text(minutes: frozenset[int]) -> str:
    for step in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30):
        if minutes == set(range(0, 60, step)):
            return "*" if step == 1 else f"*/{step}"
    return plain(MINUTE, minutes)
