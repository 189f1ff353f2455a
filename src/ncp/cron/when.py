"""A schedule as people give it: a cron expression, an ISO instant, or words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron import expression

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.model import Recurrence


def understand(text: str, *, now: datetime, zone: str) -> tuple[Recurrence, tuple[str, ...]]:
    """Read a schedule; returns it with notes on what was assumed.

    `zone` is the IANA zone that words such as "at 9am" mean. Raises
    ExpressionError or PhraseError.
    """
    if expression.looks_like_cron(text):
        return expression.parse(text), ()
    from ncp.cron import phrases  # noqa: PLC0415  18 ms, which a cron expression can do without

    phrase = phrases.parse(text, now=now, zone=zone)
    return phrase.recurrence, phrase.notes
