"""Is something due? Calendar rules as bit masks, evaluated with integers only.

Times are whole minutes since the epoch, UTC. A rule is six integers (minutes,
hours, days, months, weekdays, elapsed); in the first five, bit v is set for
each value v of `model.Rule` (day bit 32 is the last day, weekday bits are
`weekday + 7 * week`), and the last is 1 where the rule follows elapsed time.
Offsets are pairs (first UTC minute, minutes that local time is ahead of UTC),
ascending; the first pair also covers everything before it.

A wall-clock rule is due once per matching label: at its first pass where an
hour repeats, right after the jump where a label does not exist (all such labels
of a jump are one slot). An elapsed rule is due at each real minute whose label
matches. `cron/calendar` says the same at length; a test holds the two together.

An interval keeps some of these slots: (kind, count, phase), where kind is what
leaves the remainder `phase` when divided by `count`: 0 the UTC minute, else of
the label 1 the day, 2 the week from Monday, 3 the month (12 * year + month - 1).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Mask = tuple[int, int, int, int, int, int]
    Masks = tuple[Mask, ...]
    Offsets = tuple[tuple[int, int], ...]
    Days = tuple[int, int, int]
    Every = tuple[int, int, int]
    Due = tuple[list[tuple[Mask, int]], Every]

DAY = 1440
ALWAYS = (0, 1, 0)
"""The interval that keeps every slot."""
MOST = 10_000
"""Where `count` stops counting."""
HORIZON = 41 * 366 * DAY
"""How far `following` looks: 29 February on a given weekday skips 40 years around 2100."""

_EPOCH_WEEKDAY = 4  # 1970-01-01 was a Thursday
_MONDAY = 3  # days from Monday to that day
_MINUTES, _DAYS, _WEEKS_FROM_MONDAY, _MONTHS = range(4)
_LAST_DAY = 32
_WEEKS = sum(1 << 7 * week for week in range(5))
_EVERY_WEEKDAY = 0b1111111
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def dumps(rows: Iterable[tuple[int, ...]]) -> str:
    """Write rules, offsets or intervals as one line of text."""
    return ";".join(",".join(str(number) for number in row) for row in rows)


def loads_rules(text: str) -> Masks:
    """Read what `dumps` wrote of rules."""
    return tuple(_six(row) for row in text.split(";")) if text else ()


def _six(row: str) -> Mask:
    minutes, hours, days, months, weekdays, elapsed = (int(number) for number in row.split(","))
    return minutes, hours, days, months, weekdays, elapsed


def loads_numbers(text: str) -> tuple[int, ...]:
    """Read what `dumps` wrote of one row."""
    return tuple(int(number) for number in text.split(",")) if text else ()


def loads_offsets(text: str) -> Offsets:
    """Read what `dumps` wrote of offsets."""
    pairs = (row.split(",") for row in text.split(";"))
    return tuple((int(start), int(offset)) for start, offset in pairs)


def loads_every(text: str) -> Every:
    """Read what `dumps` wrote of one interval; nothing is ALWAYS."""
    if not text:
        return ALWAYS
    kind, count, phase = (int(number) for number in text.split(","))
    return kind, count, phase


def local(offsets: Offsets, minute: int) -> int:
    """Turn a UTC minute into the local one."""
    found = offsets[0][1]
    for start, offset in offsets[1:]:
        if start > minute:
            break
        found = offset
    return minute + found


def latest(
    rules: Masks, offsets: Offsets, now: int, floor: int, every: Every = ALWAYS
) -> int | None:
    """Find the newest slot after `floor` and not after `now`."""
    for base, bits in _kept(rules, offsets, (floor + 1, now + 1), every, backward=True):
        return base + bits.bit_length() - 1
    return None


def following(rules: Masks, offsets: Offsets, after: int, every: Every = ALWAYS) -> int | None:
    """Find the first slot after `after`, or None where none comes within HORIZON."""
    for base, bits in _kept(rules, offsets, (after + 1, after + HORIZON), every, backward=False):
        return base + (bits & -bits).bit_length() - 1
    return None


def count(rules: Masks, offsets: Offsets, after: int, until: int, every: Every = ALWAYS) -> int:
    """Count the slots after `after` and not after `until`, up to MOST."""
    total = 0
    for _, bits in _kept(rules, offsets, (after + 1, until + 1), every, backward=False):
        total += bits.bit_count()
        if total >= MOST:
            return MOST
    return total


def _kept(
    rules: Masks, offsets: Offsets, span: tuple[int, int], every: Every, *, backward: bool
) -> Iterator[tuple[int, int]]:
    """Yield what `_slots` does, without the minutes that an interval leaves out."""
    kind, count, phase = every
    slots = _slots(rules, offsets, span, every, backward=backward)
    if kind != _MINUTES or count == 1:
        yield from slots
        return
    comb = sum(1 << minute for minute in range(0, DAY, count))
    for base, bits in slots:
        first = (phase - base) % count
        kept = bits & comb << first if first < DAY else 0
        if kept:
            yield base, kept


def _slots(
    rules: Masks, offsets: Offsets, span: tuple[int, int], every: Every, *, backward: bool
) -> Iterator[tuple[int, int]]:
    """Yield (UTC minute, bits) where bit n says that minute + n is a slot, without overlap.

    Covers the UTC minutes [low, high) of `span`, in order of time or backward.
    """
    low, high = span
    due = [(rule, _times(rule)) for rule in rules], every
    pieces = [*_pieces(offsets, low, high)]
    for start, end, before, offset in reversed(pieces) if backward else pieces:
        jumped = _jumped(due, start, before, offset)
        begin = start + 1 if jumped else start
        inside = (max(begin, low), min(end, high))
        resumes = start + before - offset  # where a repeated hour has been passed for good
        if jumped and not backward and low <= start:
            yield start, 1
        for base, wall, elapsed in _days(due, inside, offset, backward=backward):
            bits = _between(wall, base, max(inside[0], resumes), inside[1])
            bits |= _between(elapsed, base, *inside)
            if bits:
                yield base, bits
        if jumped and backward and low <= start:
            yield start, 1


def _pieces(offsets: Offsets, low: int, high: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, offset before, offset) of each span of one offset in [low, high)."""
    previous = offsets[0][1]
    for index, (first, offset) in enumerate(offsets):
        start = first if index else min(first, low)
        end = offsets[index + 1][0] if index + 1 < len(offsets) else max(high, first)
        if start < high and end > low:
            yield start, end, previous, offset
        previous = offset


def _times(rule: Mask) -> int:
    """Write the minutes of a day at which a rule is due as 1440 bits."""
    minutes, hours = rule[0], rule[1]
    return minutes * sum(1 << 60 * hour for hour in range(24) if hours >> hour & 1)


def _between(bits: int, base: int, start: int, end: int) -> int:
    """Keep the bits of the minutes [start, end), where bit 0 is the minute `base`."""
    if start > base:
        bits = bits >> (start - base) << (start - base)
    if end - base >= bits.bit_length():  # the end may be decades away
        return bits
    return bits & ((1 << (end - base)) - 1) if end > base else 0


def _jumped(due: Due, start: int, before: int, offset: int) -> bool:
    """Tell whether a wall-clock label falls into the gap that opens at `start`."""
    gap = (start, start + offset - before)
    days = _days(due, gap, before, backward=False)
    return any(_between(wall, base, *gap) for base, wall, _ in days)


def _days(due: Due, span: tuple[int, int], offset: int, *, backward: bool) -> Iterator[Days]:
    """Yield (UTC minute of local midnight, wall-clock bits, elapsed bits) of days that match."""
    if span[0] >= span[1]:
        return
    (timed, every), first, last = due, (span[0] + offset) // DAY, (span[1] - 1 + offset) // DAY
    for midnight, length, month in _months(first, last, backward=backward):
        counted = _counted(every, midnight, length, month)
        if not counted:
            continue
        weekday = (midnight + _EPOCH_WEEKDAY) % 7
        days = [(_month_days(r, month % 12 + 1, weekday, length), r[5], t) for r, t in timed]
        union = 0
        for bits, _, _ in days:
            union |= bits
        union = _between(union & counted, midnight - 1, first, last + 1)
        for day in _values(union, backward=backward):
            found = [0, 0]
            for bits, elapsed, times in days:
                if bits >> day & 1:
                    found[elapsed] |= times
            yield (midnight + day - 1) * DAY - offset, found[0], found[1]


def _counted(every: Every, midnight: int, length: int, month: int) -> int:
    """Write the days of a month that an interval keeps as bits 1 to 31 (and any bits beside)."""
    kind, count, phase = every
    if kind == _DAYS:
        return sum(2 << day for day in range((phase - midnight) % count, length, count))
    if kind == _WEEKS_FROM_MONDAY:
        weeks = enumerate(range((midnight + _MONDAY) // 7, (midnight + length + 9) // 7))
        return (
            sum(_EVERY_WEEKDAY << 7 * index for index, week in weeks if week % count == phase)
            << 1
            >> (midnight + _MONDAY) % 7
        )
    return -1 if kind != _MONTHS or month % count == phase else 0


def _values(bits: int, *, backward: bool) -> Iterator[int]:
    while bits:
        value = (bits if backward else bits & -bits).bit_length() - 1
        yield value
        bits ^= 1 << value


def _months(first: int, last: int, *, backward: bool) -> Iterator[Days]:
    """Yield (day number of the first, length, 12 * year + month - 1) of the months of days."""
    year, month = _year_and_month(last if backward else first)
    while True:
        start, length = _first_day(year, month), _LENGTHS[month - 1]
        if month == 2 and year % 4 == 0 and (year % 100 or year % 400 == 0):
            length = 29
        yield start, length, year * 12 + month - 1
        if (start <= first) if backward else (start + length > last):
            return
        year, zero_based = divmod(year * 12 + month + (-2 if backward else 0), 12)
        month = zero_based + 1


def _first_day(year: int, month: int) -> int:
    """Number the first day of a month from 1970-01-01 (days_from_civil, Howard Hinnant)."""
    year -= month <= 2
    era_days = year * 365 + year // 4 - year // 100 + year // 400
    return era_days + (153 * ((month + 9) % 12) + 2) // 5 - 719468


def _year_and_month(day: int) -> tuple[int, int]:
    """Find the year and month of a day number (civil_from_days, Howard Hinnant)."""
    era, rest = divmod(day + 719468, 146097)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    month = (5 * (rest - (365 * year + year // 4 - year // 100)) + 2) // 153
    return era * 400 + year + (month >= 10), (month + 2) % 12 + 1


def _month_days(rule: Mask, month: int, weekday: int, length: int) -> int:
    """Write the days of one month that match as bits 1 to 31; `weekday` is that of the first."""
    _, _, days, months, weekdays, _ = rule
    if not months >> month & 1:
        return 0
    inside = (2 << length) - 2
    if days >> _LAST_DAY & 1:
        days |= 1 << length
    if weekdays & _EVERY_WEEKDAY != _EVERY_WEEKDAY:
        days &= _weekday_days(weekdays, weekday, inside)
    return days & inside


def _weekday_days(weekdays: int, first: int, inside: int) -> int:
    """Write the days of a month whose weekday (or nth weekday, or last) is in `weekdays`."""
    found = 0
    for code in _values(weekdays, backward=False):
        week, weekday = divmod(code, 7)
        days = (_WEEKS << ((weekday - first) % 7 + 1)) & inside
        if week == 6:
            days = 1 << (days.bit_length() - 1)
        elif week:
            days &= 1 << ((weekday - first) % 7 + 7 * week - 6)
        found |= days
    return found
