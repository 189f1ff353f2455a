"""Clauses that name one instant, to that instant in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ncp.cron.phrases.clauses import (
    Clock,
    Instant,
    Later,
    On,
    Once,
    Part,
    Times,
    Weekdays,
    Zone,
)
from ncp.cron.phrases.recurring import times
from ncp.cron.phrases.refusal import Refusal
from ncp.errors import PhraseError

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Draft

_MINUTE, _TICK = timedelta(minutes=1), timedelta(microseconds=1)
_WEEK, _HOURS = 7, 24
_DATES = (Instant, On, Later)


def is_once(draft: Draft) -> bool:
    """Tell whether one instant is meant: a date, or nothing but one time of day."""
    if draft.get(Once) is not None:
        _take_once(draft)
    if any(isinstance(clause, _DATES) for clause in draft.clauses):
        return True
    said = draft.get(Times)
    beside = Times | Part | Zone | Once
    others = [clause for clause in draft.clauses if not isinstance(clause, beside)]
    return said is not None and len(said.times) == 1 and not others


def _take_once(draft: Draft) -> None:
    """Read "once on monday" as the next one."""
    weekdays = draft.get(Weekdays)
    if weekdays is not None and len(weekdays.codes) == 1 and min(weekdays.codes) < _WEEK:
        later = Later(weekday=min(weekdays.codes), words=weekdays.words)
        draft.clauses[draft.clauses.index(weekdays)] = later


def zone_of(name: str) -> ZoneInfo:
    """Find an IANA zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise PhraseError(
            f'"{name}" is not a time zone.',
            where="zone",
            next_step='Write for example "Europe/Berlin".',
        ) from None


def instant(draft: Draft, now: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    """Work out the instant, whole minutes UTC, rounded up; one that has passed is refused."""
    _check(draft)
    try:
        asked, notes = _asked(draft, now, zone)
        local = asked.astimezone(zone)
        whole = (asked + _MINUTE - _TICK).replace(second=0, microsecond=0)
    except (OverflowError, ValueError):
        raise Refusal(
            f'"{draft.words}" is too far away for a calendar.', advice="Write a nearer date."
        ) from None
    if asked <= now:
        raise Refusal(
            f'"{draft.words}" has passed: it was {local:%Y-%m-%d %H:%M}, '
            f"and it is now {now.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key}).",
            advice="Write a moment that is still to come.",
        )
    if whole > asked:
        notes.append(f"Rounded up to {whole.astimezone(zone):%H:%M}.")
    return whole, notes


def _check(draft: Draft) -> None:
    """Refuse what does not go with one instant."""
    anchor = next((clause for clause in draft.clauses if isinstance(clause, _DATES)), None)
    said = draft.get(Times)
    for clause in draft.clauses:
        fits = isinstance(clause, Times | Part | Instant | On | Later | Zone | Once)
        if anchor and (not fits or (said is clause and len(said.times) > 1)):
            again = "more than one time" if fits else "something that comes again"
            raise Refusal(
                f'"{anchor.words}" is one day, and "{clause.words}" is {again}.',
                advice="Write one day with one time, or leave the day out.",
            )
        timed = isinstance(anchor, Instant) or (isinstance(anchor, Later) and anchor.seconds > 0)
        if anchor and timed and isinstance(clause, Times | Part):
            raise Refusal(
                f'"{anchor.words}" is an instant already; "{clause.words}" is too much.',
                instead=(anchor.words,),
            )


def _asked(draft: Draft, now: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    found, later = draft.get(Instant), draft.get(Later)
    if found is not None:
        if found.when.tzinfo is not None:
            return found.when.astimezone(UTC), []
        return resolve(found.when, zone)
    timed = draft.get(Times) or draft.get(Part)
    if later is not None and later.counted and not timed:
        return _after(later, now, zone)
    if later is not None and later.words == "today" and not timed:
        raise Refusal('"today" does not say when.', advice="Write today at TIME.")
    return _on_day(draft, now.astimezone(zone), zone)


def _after(later: Later, now: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    """Count days on the calendar, keeping the time of day, then seconds as they pass."""
    if not (later.days or later.months):
        return now.astimezone(UTC) + timedelta(seconds=later.seconds), []
    local = now.astimezone(zone).replace(tzinfo=None)
    when, notes = resolve(datetime.combine(_ahead(local.date(), later), local.time()), zone)
    return when + timedelta(seconds=later.seconds), notes


def _ahead(day: date, later: Later) -> date:
    """Add months, of which a short one takes its last day, and then days."""
    year, month = divmod(day.year * 12 + day.month - 1 + later.months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last)) + timedelta(
        days=later.days
    )


def _on_day(draft: Draft, here: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    (clock,), notes = times(draft, daily=False)
    if clock.hour == _HOURS:
        what = f'The 24:00 of "{draft.words}" is the end of that day, and the start of the next.'
        raise Refusal(what, advice="Write 0:00 and the day that begins then.")
    when, moved = resolve(_at(_day(draft, here), clock), zone)
    if draft.get(On):
        return when, [*notes, *moved]
    if draft.get(Later):
        return when, [*notes, *moved, f"That is {when.astimezone(zone):%A, %Y-%m-%d}."]
    if when <= here:
        when, moved = resolve(_at(here.date() + timedelta(days=1), clock), zone)
    day = "today" if when.astimezone(zone).date() == here.date() else "tomorrow"
    note = f'Once, {day} at {clock}; write "daily" for every day.'
    return when, [*notes, *moved, note]


def _at(day: date, clock: Clock) -> datetime:
    return datetime.combine(day, time(clock.hour, clock.minute))


def _day(draft: Draft, here: datetime) -> date:
    on, later = draft.get(On), draft.get(Later)
    if on is not None:
        return on.date
    if later is None:
        return here.date()
    if later.weekday is None:
        return _ahead(here.date(), later)
    today = (here.weekday() + 1) % _WEEK
    if later.this:
        return here.date() + timedelta(days=(later.weekday - today) % _WEEK)
    return here.date() + timedelta(days=(later.weekday - today - 1) % _WEEK + 1)


def resolve(local: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    """Find the instant of a naive local time: the first of two, the one right after a gap."""
    if _exists(local, zone):
        return local.replace(tzinfo=zone).astimezone(UTC), []
    after = local.replace(second=0, microsecond=0)
    while not _exists(after, zone):
        after += _MINUTE
    note = f"{local:%H:%M} does not exist on {local:%Y-%m-%d}, when the clocks go forward; "
    return after.replace(tzinfo=zone).astimezone(UTC), [f"{note}using {after:%H:%M}."]


def _exists(local: datetime, zone: ZoneInfo) -> bool:
    back = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) == local
