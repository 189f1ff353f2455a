"""Translation validation: does an artifact wake at every due minute, and how often else?

The due rules and the wake-ups that a target's independent reader found are two
sets of minutes. They are compared over every day of the 400-year calendar and
every minute of it (`days`), once for each pair of offsets that the timing's
zone and the scheduler's can have; and again minute by minute around each change
of the clocks, by what the scheduler is documented to do there (`changes`).
"""

from __future__ import annotations

from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING

from ncp.cron import calendar
from ncp.cron import zones as clocks
from ncp.errors import SchedulerError
from ncp.model import Proof, Rule
from ncp.proof import changes, days
from ncp.targets import zones

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ncp.model import Artifact, Host, Recurrence
    from ncp.proof.days import Part
    from ncp.targets.contract import Wakes

CYCLE_YEARS = 400
YEAR = 366 * days.MINUTES


def compare(due: Iterable[Rule], wakes: Iterable[Rule]) -> Proof:
    """Compare two unions of rules of one clock over all days and minutes."""
    return _compared(days.parts(due), days.parts(wakes), days.table().inside)


def prove(artifact: Artifact, readings: Sequence[Wakes], host: Host) -> Proof:
    """Return what the comparison found, the worst of all readings.

    Raises SchedulerError where a reading misses one due minute: such an
    artifact must not be installed.
    """
    one = _one_off if artifact.timing.recurrence.at is not None else _recurring
    proofs = [one(artifact, wakes, host) for wakes in readings]
    for proof, wakes in zip(proofs, readings, strict=True):
        if proof.missed:
            raise _missing(artifact, wakes.reading)
    return Proof(
        due=proofs[0].due,
        wakes=max(proof.wakes for proof in proofs),
        missed=0,
        stray=max(proof.stray for proof in proofs),
        late=max(proof.late for proof in proofs),
    )


def _recurring(artifact: Artifact, wakes: Wakes, host: Host) -> Proof:
    """Compare at every pair of offsets until the end of the period, then at the changes."""
    rules = artifact.timing.recurrence.rules
    start, end = zones.period(host.now)
    ours = zones.offsets(artifact.timing.zone or host.zone, start, end)
    theirs = zones.offsets(wakes.zone or host.zone, start, end)
    due, local, utc = days.parts(rules), days.parts(wakes.rules), days.parts(wakes.utc)
    missed = stray = seen = due_minutes = wake_minutes = 0
    for shift, ahead, months in _frames(ours, theirs, clocks.minutes(end)):
        got, among = [*_seen(local, shift), *_seen(utc, ahead)], _days(months)
        found = fresh = _compared(due, got, among)
        if among & seen:
            fresh = _compared(due, got, among & ~seen)
        missed, stray, seen = missed + found.missed, stray + found.stray, seen | among
        due_minutes, wake_minutes = due_minutes + fresh.due, wake_minutes + fresh.wakes
    at = changes.at_changes(rules, wakes, ours, theirs)
    return Proof(
        due=due_minutes,
        wakes=wake_minutes + at.stray * CYCLE_YEARS // zones.YEARS,
        missed=missed + at.missed,
        stray=stray + at.stray,
        late=at.late,
    )


@lru_cache(maxsize=256)
def _frames(
    ours: zones.Offsets, theirs: zones.Offsets, until: int
) -> list[tuple[int, int, frozenset[int]]]:
    """How far the scheduler's clock and UTC can be ahead of the timing's, and in which months."""
    moments = sorted({moment for moment, _ in (*ours, *theirs)})
    found: dict[tuple[int, int], set[int]] = {}
    for start, end in pairwise([*moments, until]):
        our, their = zones.offset_at(ours, start), zones.offset_at(theirs, start)
        days_ = {*range(start, min(end, start + YEAR), days.MINUTES), end - 1}
        months = found.setdefault((their - our, -our), set())
        months.update(clocks.instant(minute + our).month for minute in days_)
    return [(*pair, frozenset(months)) for pair, months in sorted(found.items())]


def _days(months: frozenset[int]) -> int:
    return reduce(or_, (days.table().months[month] for month in months)) & days.table().inside


def _seen(parts: list[Part], shift: int) -> Iterable[Part]:
    return days.moved(parts, shift) if shift else parts


def _compared(due: Iterable[Part], wakes: Iterable[Part], among: int) -> Proof:
    """Cut the days `among` into sets on which the same parts hold, and compare each."""
    atoms = [(among, 0, 0)]
    for which, parts in ((0, due), (1, wakes)):
        for some, minutes in parts:
            atoms = [atom for old in atoms for atom in _cut(old, some, minutes, which)]
    return Proof(
        due=sum(days.count(some) * wanted.bit_count() for some, wanted, _ in atoms),
        wakes=sum(days.count(some) * got.bit_count() for some, _, got in atoms),
        missed=sum((wanted & ~got).bit_count() for _, wanted, got in atoms),
        stray=sum((got & ~wanted).bit_count() for _, wanted, got in atoms),
    )


def _cut(
    atom: tuple[int, int, int], some: int, minutes: int, which: int
) -> Iterable[tuple[int, int, int]]:
    found, wanted, got = atom
    if found & some:
        yield found & some, *((wanted, got | minutes) if which else (wanted | minutes, got))
    if found & ~some:
        yield found & ~some, wanted, got


def _one_off(artifact: Artifact, wakes: Wakes, host: Host) -> Proof:
    """A one-off is exact where the scheduler knows the year, else it wakes every year."""
    recurrence = artifact.timing.recurrence
    often = compare([], wakes.rules)
    if recurrence.text in wakes.instants:
        return often
    missed = compare([_label(recurrence, wakes.zone or host.zone)], wakes.rules).missed
    return Proof(due=0, wakes=often.wakes, missed=missed, stray=often.stray)


def _label(recurrence: Recurrence, zone: str) -> Rule:
    """The instant of a one-off as a yearly rule on the wall clock of a zone."""
    assert recurrence.at is not None  # noqa: S101  the caller has asked
    at = calendar.local(recurrence.at, zone)
    return Rule((at.minute,), (at.hour,), (at.day,), (at.month,), None, "wall")


def _missing(artifact: Artifact, reading: str) -> SchedulerError:
    return SchedulerError(
        f"The compiled entry would miss due minutes of {artifact.timing.recurrence.text} "
        f"({reading} reading), so it was not made.",
        where=f"{artifact.target}: {artifact.timing.id}",
        next_step="This is a defect of ncp: please report it, and use another --target until then.",
    )
