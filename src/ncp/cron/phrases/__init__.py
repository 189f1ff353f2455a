"""Schedules in words: a grammar that reads the whole phrase or refuses it.

>>> parse("weekdays at 8:30", now=now, zone="Europe/Berlin").recurrence.cron
'30 8 * * 1-5'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.cron import expression
from ncp.cron.phrases.anchoring import anchored
from ncp.cron.phrases.grammar import read
from ncp.cron.phrases.once import instant, is_once, zone_of
from ncp.cron.phrases.recurring import compose
from ncp.cron.phrases.refusal import Refusal
from ncp.cron.phrases.suggestions import EXAMPLES, suggest
from ncp.cron.phrases.tokens import LONGEST_PHRASE, tidy
from ncp.errors import PhraseError
from ncp.model import Recurrence

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["EXAMPLES", "Phrase", "parse"]

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase means, and in `notes` what was assumed, in sentences."""

    recurrence: Recurrence
    notes: tuple[str, ...] = ()


def parse(text: str, *, now: datetime, zone: str) -> Phrase:
    """Read a schedule in words.

    `now` is aware and `zone` the IANA zone in which times of day are meant.
    PhraseError names the words that do not fit and a phrase that would.
    """
    here = zone_of(zone)
    tidied = tidy(text)
    try:
        return _parse(tidied, now, here)
    except Refusal as refusal:
        shown = tidied if len(tidied) <= _SHOWN else f"{tidied[:_SHOWN]}…"
        instead = suggest(tidied, refusal, lambda phrase: _reads(phrase, now, here))
        where = f'"{shown}"' if shown else "schedule"
        step = f'Write for example "{instead}".'
        raise PhraseError(refusal.what, where=where, next_step=step) from None


def _parse(text: str, now: datetime, zone: ZoneInfo) -> Phrase:
    if not text:
        raise Refusal("There are no words in it.", instead=("every day at 9am",))
    if len(text) > LONGEST_PHRASE:
        raise Refusal(f"This has {len(text)} characters; {LONGEST_PHRASE} are the most.")
    draft = read(text)
    if is_once(draft):
        when, notes = instant(draft, now, zone)
        return Phrase(Recurrence(at=when), tuple(notes))
    cron, interval, notes = compose(draft)
    plain = expression.parse(cron)
    if interval is None:
        return Phrase(plain, tuple(notes))
    found, note = anchored(plain, interval, now, zone)
    return Phrase(found, (*notes, note))


def _reads(text: str, now: datetime, zone: ZoneInfo) -> bool:
    try:
        _parse(text, now, zone)
    except Refusal:
        return False
    return True
