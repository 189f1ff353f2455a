"""Schedules in words: a grammar that reads the whole phrase or refuses it.

>>> parse("weekdays at 8:30", now=now, zone="Europe/Berlin").recurrence.cron
'30 8 * * 1-5'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.cron import expression
from ncp.cron.phrases import suggestions
from ncp.cron.phrases.anchoring import anchored
from ncp.cron.phrases.clauses import Zone
from ncp.cron.phrases.grammar import read
from ncp.cron.phrases.once import instant, is_once, zone_of
from ncp.cron.phrases.recurring import compose
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.tokens import LONGEST_PHRASE, tidy
from ncp.cron.unions import SIGN
from ncp.errors import PhraseError
from ncp.model import Recurrence

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from ncp.cron.phrases.clauses import Draft

__all__ = ["Phrase", "parse"]

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase means, and in `notes` what was assumed, in sentences.

    `zone` is the one that it names, in which its times of day are meant.
    """

    recurrence: Recurrence
    notes: tuple[str, ...] = ()
    zone: str | None = None


def parse(text: str, *, now: datetime, zone: str) -> Phrase:
    """Read a schedule in words.

    `now` is aware and `zone` the IANA zone in which times of day are meant,
    unless the words name one. PhraseError names the words that do not fit and
    a phrase that would and says the same, or else the grammar.
    """
    here = zone_of(zone)
    tidied = tidy(text)
    try:
        return _parse(tidied, now, here)
    except Refusal as refusal:
        shown = tidied if len(tidied) <= _SHOWN else f"{tidied[:_SHOWN]}…"
        where = f'"{shown}"' if shown else "schedule"
        step = suggestions.step(tidied, refusal, lambda phrase: _refused(phrase, now, here))
        raise PhraseError(refusal.what, where=where, next_step=step) from None


def _parse(text: str, now: datetime, zone: ZoneInfo) -> Phrase:
    if not text:
        raise Refusal("There are no words in it.")
    if len(text) > LONGEST_PHRASE:
        raise Refusal(f"This has {len(text)} characters; {LONGEST_PHRASE} are the most.")
    drafts = read(text)
    named = [found.name for draft in drafts if (found := draft.get(Zone)) is not None]
    if len(set(named)) > 1:
        raise Refusal(f'"{named[0]}" and "{named[1]}" are two zones.', advice="Make two tasks.")
    if named:
        zone = zone_of(named[0])
    if len(drafts) == 1 and is_once(drafts[0]):
        when, notes = instant(drafts[0], now, zone)
        return Phrase(Recurrence(at=when), tuple(notes), named[0] if named else None)
    recurrence, notes = _recurring(drafts, now, zone)
    if named:
        notes = [*notes, f"All its times are in {named[0]}."]
    return Phrase(recurrence, tuple(dict.fromkeys(notes)), named[0] if named else None)


def _recurring(drafts: list[Draft], now: datetime, zone: ZoneInfo) -> tuple[Recurrence, list[str]]:
    composed = [compose(draft) for draft in drafts]
    plain = expression.parse(f" {SIGN} ".join(cron for cron, _, _ in composed))
    notes = [note for _, _, some in composed for note in some]
    intervals = [interval for _, interval, _ in composed if interval is not None]
    if not intervals:
        return plain, notes
    if len(drafts) > 1:
        said = drafts[-1].words
        raise Refusal(f'"{said}" cannot be joined to an interval.', advice="Make two tasks.")
    found, note = anchored(plain, intervals[0], now, zone)
    return found, [*notes, note]


def _refused(text: str, now: datetime, zone: ZoneInfo) -> Refusal | None:
    try:
        _parse(text, now, zone)
    except Refusal as refusal:
        return refusal
    return None
