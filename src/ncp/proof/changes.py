"""The minutes around each change of the clocks: every slot, and the wake-up it gets.

Everything here is whole minutes since the epoch, UTC, in windows of bits. What
is due follows ncp's one policy (`cron/calendar`); what wakes follows what the
scheduler is documented to do (`targets.contract.AtChanges`), which its reader
says. Away from the changes a label has one instant, so comparing labels
(`ncp.proof`) is enough there.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ncp.cron import zones as clocks
from ncp.proof.days import MINUTES, labels, parts
from ncp.targets.contract import FOLLOWS, AtChanges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ncp.model import Follows, Rule
    from ncp.proof.days import Part
    from ncp.targets.contract import Wakes
    from ncp.targets.zones import Offsets

REACH = 300
"""Minutes looked at on either side: longer than any hour that was ever skipped or repeated."""
PATIENCE = 2 * MINUTES


class Found(NamedTuple):
    """Slots without a wake-up in time, wake-ups for no slot, and the longest wait in minutes."""

    missed: int = 0
    stray: int = 0
    late: int = 0


class Stretch(NamedTuple):
    """A stretch [start, end) of one offset, and the offsets before and after it."""

    start: int
    end: int
    before: int
    offset: int
    after: int


def at_changes(rules: Sequence[Rule], wakes: Wakes, ours: Offsets, theirs: Offsets) -> Found:
    """Simulate every change of the timing's zone and of the scheduler's.

    A slot is woken for in its own minute or the next. Where the scheduler
    cannot do better (`Wakes.late`), a later wake-up counts, and how late it is.
    """
    moments = sorted({moment for moment, _ in (*ours[1:], *theirs[1:])})
    due = [(some, FOLLOWS[follows]) for follows, some in _split(rules)]
    woken = [(some, wakes.at_changes[follows]) for follows, some in _split(wakes.rules)]
    written = {_minute(text) for text in wakes.instants}
    inside = {m for moment in moments for m in written if abs(m - moment) < REACH}
    total = Found(stray=len(written - inside))
    if ours == theirs and not written and not _touched(due, ours):
        return total
    everywhere = parts(wakes.utc)
    for moment in moments:
        low, high = moment - REACH, moment + REACH
        slots = _instants(due, ours, low, high)
        got = _instants(woken, theirs, low, high + PATIENCE)
        got |= labels(everywhere, low, high + PATIENCE - low)
        dated = sum(1 << (m - low) for m in written if low <= m < high + PATIENCE)
        here = dated & ((1 << (high - low)) - 1)
        total = _added(
            total, slots, got | dated, stray=(here & ~slots).bit_count(), late=wakes.late
        )
    return total


def _added(total: Found, slots: int, got: int, *, stray: int, late: bool) -> Found:
    missing = slots & ~(got | got >> 1)
    if not missing:
        return total._replace(stray=total.stray + stray)
    waits = [_wait(got, slot) for slot in _bits(missing)]
    if late and None not in waits:
        longest = max(wait or 0 for wait in waits)
        return Found(total.missed, total.stray + stray, max(total.late, longest))
    return Found(total.missed + missing.bit_count(), total.stray + stray, total.late)


def _wait(got: int, slot: int) -> int | None:
    later = got >> slot
    return (later & -later).bit_length() - 1 if later else None


def _bits(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def _split(rules: Iterable[Rule]) -> list[tuple[Follows, list[Part]]]:
    kinds: dict[Follows, list[Rule]] = {}
    for rule in rules:
        kinds.setdefault(rule.follows, []).append(rule)
    return [(follows, parts(some)) for follows, some in kinds.items()]


def _touched(due: list[tuple[list[Part], AtChanges]], offsets: Offsets) -> bool:
    """Tell whether a due time of day is one that the clock skips or repeats."""
    unsure = 0
    for (_, before), (moment, after) in pairwise(offsets):
        for minute in range(moment + min(before, after), moment + max(before, after)):
            unsure |= 1 << minute % MINUTES
    return any(minutes & unsure for some, _ in due for _, minutes in some)


def _minute(text: str) -> int:
    return clocks.minutes(datetime.fromisoformat(text))


def _instants(
    kinds: list[tuple[list[Part], AtChanges]], offsets: Offsets, low: int, high: int
) -> int:
    """The minutes [low, high) at which labels are due or wake, as bits."""
    bits = 0
    for stretch in _stretches(offsets, low, high):
        for some, how in kinds:
            begin, stop = max(stretch.start, low), min(stretch.end, high)
            found = labels(some, begin + stretch.offset, stop - begin) << (begin - low)
            found &= _kept(stretch, how, low, high)
            if how.gap != "skipped" and _skips(stretch, some):
                found = _after_gap(found, stretch.start - low, how)
            bits |= found
    return bits


def _after_gap(found: int, jump: int, how: AtChanges) -> int:
    """Add the wake-up right after a jump, or take away those of the day after it."""
    if how.gap == "jump":
        return found | 1 << jump if jump >= 0 else found
    return found & ~(_below(jump + MINUTES) & ~_below(jump))


def _skips(stretch: Stretch, some: list[Part]) -> bool:
    length = stretch.offset - stretch.before
    return length > 0 and labels(some, stretch.start + stretch.before, length) != 0


def _kept(stretch: Stretch, how: AtChanges, low: int, high: int) -> int:
    """The minutes of a stretch whose labels count: all, or without a pass of a repeated hour."""
    begin, stop = low, high
    if "second" not in how.passes:
        begin = max(begin, stretch.start + stretch.before - stretch.offset)
    if "first" not in how.passes:
        stop = min(stop, stretch.end - max(0, stretch.offset - stretch.after))
    return _below(stop - low) & ~_below(begin - low)


def _below(bits: int) -> int:
    return (1 << max(0, bits)) - 1


def _stretches(offsets: Offsets, low: int, high: int) -> Iterator[Stretch]:
    for index, (moment, offset) in enumerate(offsets):
        last = index + 1 == len(offsets)
        start, end = moment if index else low, high if last else offsets[index + 1][0]
        if start < high and end > low:
            before = offsets[index - 1][1] if index else offset
            yield Stretch(start, end, before, offset, offset if last else offsets[index + 1][1])
