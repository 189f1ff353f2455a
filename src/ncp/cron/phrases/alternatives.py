"""Several schedules in one phrase: `mondays at 9 and fridays at 17`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.phrases.clauses import (
    Every,
    Instant,
    Later,
    MonthDays,
    On,
    Part,
    Past,
    Times,
    Weekdays,
    Zone,
)
from ncp.cron.phrases.clocks import unsure
from ncp.cron.phrases.refusal import Refusal

if TYPE_CHECKING:
    from ncp.cron.phrases.clauses import Clause, Draft

_DAYS = (Weekdays, MonthDays)
_TIMES = (Times, Part)
_STEPS = ("minute", "hour")


def alike(drafts: list[Draft], span: tuple[int, int]) -> list[Draft]:
    """Check that several alternatives say the same kinds of things, each its own.

    Otherwise one may be meant to hold for another: the "in june" of "mondays at 9
    and fridays at 17 in june".
    """
    if len(drafts) == 1:
        return drafts
    kinds = {frozenset(map(_kind, _said(draft))) for draft in drafts}
    again, last = drafts[-1], drafts[-1].words
    dated = any(isinstance(c, On | Instant | Later) for draft in drafts for c in draft.clauses)
    if len(kinds) > 1 or dated or len(next(iter(kinds))) == 1:
        before = drafts[-2].words
        clause = next(c for c in again.clauses if drafts[-2].clash(c) or dated or len(kinds) > 1)
        raise Refusal(
            f'"{last}" says {clause.says} again, after "{before}".',
            span=span,
            fixes=(f"every {clause.name}",) if isinstance(clause, Part) else (),
            advice="Say days and times in each part, or make two tasks.",
        )
    clocks = [t for d in drafts for times in [d.get(Times)] if times for t in times.times]
    if any(time.half for time in clocks) and any(map(unsure, clocks)):
        what = f'"{last}" has a time without am or pm, or stands beside one.'
        raise Refusal(what, span=span, advice="Write am or pm after each time.")
    return drafts


def _said(draft: Draft) -> list[Clause]:
    return [clause for clause in draft.clauses if not isinstance(clause, Zone)]


def _kind(clause: Clause) -> str:
    """Say what a clause settles: times of day, days, or what its class is for."""
    if isinstance(clause, _TIMES):
        return "times"
    if isinstance(clause, _DAYS) or (isinstance(clause, Every) and clause.unit not in _STEPS):
        return "days"
    return Past.says if isinstance(clause, Past) else clause.says
