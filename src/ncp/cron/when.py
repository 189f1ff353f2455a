"""A schedule as people give it: a cron expression, an ISO instant, or words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.cron import expression, fields
from ncp.errors import ExpressionError, PhraseError

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.model import Recurrence

_NAMES = {*fields.MONTHS, *fields.WEEKDAYS, "l"}
_ZONE = re.compile(r"\b(?:utc|gmt)\b|[a-z]/[a-z]", re.IGNORECASE)


def understand(text: str, *, now: datetime, zone: str) -> tuple[Recurrence, tuple[str, ...]]:
    """Read a schedule; returns it with notes on what was assumed.

    `zone` is the IANA zone that words such as "at 9am" mean. Raises
    ExpressionError or PhraseError, also for words that name another zone
    (`zone_said` finds it beforehand).
    """
    if expression.looks_like_cron(text):
        try:
            return expression.parse(text), ()
        except ExpressionError:
            if not _may_be_words(text):
                raise
            return _tried(text, now, zone)
    return _read(text, now, zone)


def zone_said(text: str, *, now: datetime) -> str | None:
    """Find the zone that a schedule in words names; None where it names none, or is not read."""
    if _ZONE.search(text) is None or "*" in text:
        return None
    from ncp.cron import phrases  # noqa: PLC0415  as below

    try:
        return phrases.parse(text, now=now, zone="UTC").zone
    except PhraseError:
        return None


def _may_be_words(text: str) -> bool:
    """Tell whether names of days or months may have been taken for fields: "mon wed fri at 9am"."""
    macro = text.lstrip().startswith("@") and len(text.split()) == 1
    return not macro and "*" not in text and re.search("[a-zA-Z]", text) is not None


def _tried(text: str, now: datetime, zone: str) -> tuple[Recurrence, tuple[str, ...]]:
    """Read what is no expression as words; its mistake is that of the form it is nearer to."""
    try:
        return _read(text, now, zone)
    except PhraseError:
        from ncp.cron.phrases.words import VOCABULARY  # noqa: PLC0415  as below

        if not (set(re.findall("[a-z]+", text.lower())) & set(VOCABULARY)) - _NAMES:
            expression.parse(text)
        raise


def _read(text: str, now: datetime, zone: str) -> tuple[Recurrence, tuple[str, ...]]:
    from ncp.cron import phrases  # noqa: PLC0415  18 ms, which a cron expression can do without

    phrase = phrases.parse(text, now=now, zone=zone)
    if phrase.recurrence.at is None and phrase.zone not in {None, zone}:
        raise PhraseError(
            f"It names the zone {phrase.zone}, and its times would be those of {zone}.",
            where=f'"{text}"',
            next_step="Leave the zone out of the words, and give it beside them.",
        )
    return phrase.recurrence, phrase.notes
