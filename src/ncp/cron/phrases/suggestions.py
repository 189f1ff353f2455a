"""What to write instead: the phrase mended, where it says the same; else the grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.phrases.content import content, figures
from ncp.cron.phrases.spelling import mended
from ncp.cron.phrases.tokens import LONGEST_PHRASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.cron.phrases.refusal import Refusal

    Trial = Callable[[str], Refusal | None]

GRAMMAR = """\
Write DAYS at TIME (daily, weekdays, mon and fri, the 1st, first monday of june; 9am, 17:30, noon),
or every N minutes|hours [from TIME to TIME] [on DAYS], or hourly, weekly, monthly, yearly,
or one moment: tomorrow at TIME, next monday at TIME, in 2 hours, YEAR-MONTH-DAY HH:MM."""


def step(text: str, refusal: Refusal, trial: Trial) -> str:
    """Say what to write: a phrase with the same days and halves of the day that is read.

    `trial` answers why a phrase is refused, None where it is read.
    """
    found = None if len(text) > LONGEST_PHRASE else _found(text, refusal, trial)
    return f'Write for example "{found}".' if found else refusal.advice or GRAMMAR


def _found(text: str, refusal: Refusal, trial: Trial) -> str | None:
    better = mended(text)
    if better != text:
        again = trial(better) if better else refusal
        if again is None:
            return better
        return next(_same(better, again, trial), None) if better else None
    return next(_same(text, refusal, trial), None)


def _same(text: str, refusal: Refusal, trial: Trial) -> Iterator[str]:
    """Give the candidates that are read and say the same days, months and halves."""
    said = content(text)
    for candidate in _candidates(text, refusal):
        if content(candidate) == said and trial(candidate) is None:
            yield candidate


def _candidates(text: str, refusal: Refusal) -> Iterator[str]:
    """Give whole phrases with the same numbers, and the text with its bad words replaced."""
    for phrase in refusal.instead:
        if figures(phrase) == figures(text):
            yield phrase
    start, end = refusal.span
    for fix in refusal.fixes if end else ():
        yield " ".join(f"{text[:start]} {fix} {text[end:]}".split())
