"""What to write instead: the phrase mended, or the nearest example."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from ncp.cron.phrases.tokens import LONGEST_PHRASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.cron.phrases.refusal import Refusal

EXAMPLES = (
    "every minute",
    "every 5 minutes",
    "every half hour",
    "every 15 minutes between 9am and 5pm on weekdays",
    "every 90 minutes",
    "every 10 minutes between 9am and 5:30pm",
    "every hour",
    "every 5 hours",
    "hourly at :15",
    "every 2 hours",
    "every 2 hours at :30",
    "every hour from 9am to 5pm",
    "every hour between 10pm and 6am",
    "daily",
    "every day at 9am",
    "daily at 9am and 5:30pm",
    "every 3 days at noon",
    "daily at 17:45",
    "nightly",
    "every morning at 7:30",
    "weekly",
    "weekdays at 8:30",
    "every weekday at 9am",
    "weekends at noon",
    "every day except sunday at 9am",
    "weekdays except wednesday at 9am",
    "every weekday except in august at 9am",
    "every monday at 9am",
    "every other monday at 9am",
    "every 2 weeks on mon and thu at 9am",
    "monday, wednesday and friday at 9am",
    "mon-fri at 9:30 pm",
    "monthly",
    "on the 1st and 15th at 9am",
    "monthly on the 15th at noon",
    "on the last day of the month at 11pm",
    "first day of the month at midnight",
    "first monday of the month at 9am",
    "second and fourth tuesday at 9am",
    "last friday of the month at 5pm",
    "every 3 months",
    "in january and july on the 1st at 9am",
    "every january 1st at midnight",
    "yearly",
    "in 10 minutes",
    "in 2 hours",
    "in 3 days",
    "at 18:30",
    "tomorrow",
    "tomorrow at 9am",
    "next monday at 9am",
    "on 2040-12-24 at 08:00",
    "on december 24 2040 at 8am",
    "2040-12-24T08:00:00+01:00",
)
"""Supported phrases, for help and documentation; each one parses."""


def suggest(text: str, refusal: Refusal, reads: Callable[[str], bool]) -> str:
    """Find the phrase to show: the first candidate that can itself be read."""
    return next(candidate for candidate in _candidates(text, refusal) if reads(candidate))


def _candidates(text: str, refusal: Refusal) -> Iterator[str]:
    yield from refusal.instead
    start, end = refusal.span
    if end:
        for fix in refusal.fixes:
            yield " ".join(f"{text[:start]} {fix} {text[end:]}".split())
        yield from filter(None, refusal.fixes)
    yield from sorted(EXAMPLES, key=lambda example: _distance(text[:LONGEST_PHRASE], example))


def _distance(text: str, example: str) -> float:
    return -SequenceMatcher(None, text, example, autojunk=False).ratio()
