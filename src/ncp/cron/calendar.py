"""When a recurrence is due: slots in UTC, under one daylight-saving policy.

croniter iterates one canonical rule at a time in naive local time; the union of
rules, the leading-star rule (already in the rules) and daylight saving are here:

- an elapsed rule is due at every real minute whose local label matches, in both
  passes of a repeated hour;
- a wall rule is due once per matching label: in the gap right after the jump
  (several labels of the gap make one slot there), in the repeated hour the
  first time.

An interval of days, weeks or months leaves labels out by their date; one of
minutes or hours is a grid of instants, of which those with a matching label stay.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from ncp.cron import intervals, zones
from ncp.cron.expression import day_matches
from ncp.cron.fields import DAYS_PER_WEEK, LAST_WEEK
from ncp.model import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from ncp.model import Every, Recurrence, Rule

TICK = timedelta(seconds=1)
HORIZON = timedelta(days=2)
"""How far a label can be from its instant: offsets stay within a day and a half."""
LONGEST_WINDOW = timedelta(days=400)


def slots(recurrence: Recurrence, zone: str, after: datetime) -> Iterator[datetime]:
    """Yield the slots strictly after an aware instant: aware, UTC, ascending, each once."""
    after = after.astimezone(UTC)
    if recurrence.at is not None:
        if recurrence.at > after:
            yield recurrence.at
        return
    if recurrence.every is not None and recurrence.every.unit in intervals.TIMED:
        yield from _grid(recurrence.rules, recurrence.every, zones.zone(zone), after)
        return
    streams = (
        _of_rule(rule, recurrence.every, zones.zone(zone), after) for rule in recurrence.rules
    )
    last = after
    for slot in merge(*streams):
        if slot > last:
            yield slot
            last = slot


def following(recurrence: Recurrence, zone: str, after: datetime, count: int) -> list[datetime]:
    """List the next `count` slots (fewer for a one-off) strictly after an instant."""
    return list(islice(slots(recurrence, zone, after), count))


def between(
    recurrence: Recurrence, zone: str, after: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield the slots in (after, until]."""
    for slot in slots(recurrence, zone, after):
        if slot > until:
            return
        yield slot


def previous(recurrence: Recurrence, zone: str, before: datetime) -> datetime | None:
    """Find the newest slot strictly before an instant, or None within the last 40 years."""
    reach = timedelta(hours=1)
    while reach < timedelta(days=15_000):
        found = list(between(recurrence, zone, before - reach, before - TICK))
        if found:
            return found[-1]
        reach *= 8
    return None


def local(slot: datetime, zone: str) -> datetime:
    """The slot on the wall clock of a zone."""
    return slot.astimezone(zones.zone(zone))


def _grid(
    rules: tuple[Rule, ...], every: Every, zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    """Yield the instants of an interval of real time whose labels match a rule."""
    _, count, phase = intervals.compiled(every)
    minute = zones.minutes(after) + 1
    minute += (phase - minute) % count
    last = minute
    while minute - last < intervals.HORIZON // timedelta(minutes=1):
        label = zones.instant(minute).astimezone(zone)
        if any(_matches(rule, label) for rule in rules):
            yield zones.instant(minute)
            last = minute
        minute += count


def _matches(rule: Rule, label: datetime) -> bool:
    """Tell whether a rule of every minute matches a label."""
    in_month = rule.months is None or label.month in rule.months
    return in_month and (rule.hours is None or label.hour in rule.hours) and _on_day(rule, label)


def _of_rule(
    rule: Rule, every: Every | None, zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    return (_elapsed if rule.follows == "elapsed" else _wall)(rule, every, zone, after)


def _wall(rule: Rule, every: Every | None, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield a wall rule's slots; ascending, because labels map to instants monotonically."""
    for label in _labels(rule, every, after.astimezone(zone).replace(tzinfo=None) - HORIZON):
        slot = _instant(label, zone)
        if slot > after:
            yield slot


def _instant(label: datetime, zone: ZoneInfo) -> datetime:
    """Place a label: first pass of a repeated hour, the jump itself for the gap."""
    slot = label.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if slot.astimezone(zone).replace(tzinfo=None) == label:
        return slot
    return _jump(label, zone)


def _jump(label: datetime, zone: ZoneInfo) -> datetime:
    """Find the first real minute after a label that the clock skipped.

    fold=0 reads the label with the offset before the gap, so the instant lies
    after the jump; fold=1 reads it with the offset after it.
    """
    low = zones.minutes(label.replace(tzinfo=zone, fold=1).astimezone(UTC))
    high = zones.minutes(label.replace(tzinfo=zone, fold=0).astimezone(UTC))
    while high - low > 1:
        middle = (low + high) // 2
        if zones.instant(middle).astimezone(zone).replace(tzinfo=None) < label:
            low = middle
        else:
            high = middle
    return zones.instant(high)


def _elapsed(
    rule: Rule, every: Every | None, zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    """Yield an elapsed rule's slots: per stretch of constant offset, labels minus offset."""
    start, window = after, timedelta(days=2)
    last = after
    while start - last < intervals.HORIZON:
        end = start + window
        stretches = zones.transitions(zone.key, start, end)
        ends = [zones.instant(minute) for minute, _ in stretches[1:]] + [end]
        for (_, offset), stop in zip(stretches, ends, strict=True):
            labels = _labels(rule, every, _local(start, offset) - TICK)
            for slot in _stretch(labels, min(stop, end), timedelta(minutes=offset)):
                yield slot
                last = slot
            start = stop
        window = min(window * 4, LONGEST_WINDOW)


def _local(instant: datetime, offset: int) -> datetime:
    return (instant + timedelta(minutes=offset)).replace(tzinfo=None)


def _stretch(labels: Iterator[datetime], stop: datetime, offset: timedelta) -> Iterator[datetime]:
    """Yield the slots of labels before `stop`, up to which one offset holds."""
    for label in labels:
        slot = (label - offset).replace(tzinfo=UTC)
        if slot >= stop:
            return
        yield slot


def _labels(rule: Rule, every: Every | None, after: datetime) -> Iterator[datetime]:
    """Iterate the naive labels of a rule, on days that count, strictly after a naive label."""
    return _calendar_labels(rule, after) if every is None else _counted(rule, every, after)


def _counted(rule: Rule, every: Every, after: datetime) -> Iterator[datetime]:
    """Leave out days; an interval may never meet the rule, then it ends after its horizon."""
    end = after + intervals.HORIZON
    while after < end:
        for label in _calendar_labels(rule, after):  # pragma: no branch  (labels never end)
            day = intervals.resume(every, label.date())
            if day > label.date():
                after = datetime.combine(day, time()) - TICK
                break
            yield label
            end = label + intervals.HORIZON


def _calendar_labels(rule: Rule, after: datetime) -> Iterator[datetime]:
    from croniter import croniter  # noqa: PLC0415  7 ms, and the compiled copy answers for most

    iterator = croniter(_text(rule), after, day_or=False, ret_type=datetime)
    for label in iterator:  # pragma: no branch  (labels never end)
        if _on_day(rule, label):
            yield label


def _on_day(rule: Rule, label: datetime) -> bool:
    return day_matches(
        rule.days,
        rule.weekdays,
        day=label.day,
        weekday=label.isoweekday() % DAYS_PER_WEEK,
        length=monthrange(label.year, label.month)[1],
    )


def _text(rule: Rule) -> str:
    """Write a rule for croniter with explicit lists, a superset where L or # is meant."""
    return " ".join(
        "*" if values is None else ",".join(map(str, sorted(values)))
        for values in (
            rule.minutes,
            rule.hours,
            _possible_days(rule),
            rule.months,
            rule.weekdays and {code % DAYS_PER_WEEK for code in rule.weekdays},
        )
    )


def _possible_days(rule: Rule) -> set[int] | None:
    """List the days of the month on which a rule can match at all."""
    days, weeks = _numbered(rule.days), _weeks(rule.weekdays)
    return days & weeks if days is not None and weeks is not None else days or weeks


def _numbered(days: tuple[int, ...] | None) -> set[int] | None:
    if days is None:
        return None
    last = set(range(28, 32)) if LAST_DAY in days else set()
    return {day for day in days if day != LAST_DAY} | last


def _weeks(weekdays: tuple[int, ...] | None) -> set[int] | None:
    """List the days of the nth weeks; None where some weekday may be in any week."""
    if weekdays is None or min(weekdays) < DAYS_PER_WEEK:
        return None
    return {day for code in weekdays for day in _days_of_week(code // DAYS_PER_WEEK)}


def _days_of_week(week: int) -> range:
    if week == LAST_WEEK:
        return range(22, 32)
    return range(7 * week - 6, min(7 * week, 31) + 1)
