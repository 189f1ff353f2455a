"""What no proposal may change: the days, months, halves and parts of the day of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cron.phrases.tokens import tokens
from ncp.cron.phrases.words import (
    EXCEPT,
    GROUPS,
    MONTHS,
    NAMED_TIMES,
    NUMBERS,
    ORDINALS,
    PART_NAMES,
    RELATIVE,
    WEEKDAYS,
    WORKDAYS,
    WORKING,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.cron.phrases.tokens import Token

_HALVES = {"am": "am", "pm": "pm"}
_TABLES: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("day", WEEKDAYS),
    ("days", GROUPS | dict.fromkeys(WORKING, WORKDAYS)),
    ("month", MONTHS),
    ("half", _HALVES),
    ("time", NAMED_TIMES),
    ("part", PART_NAMES | {"nightly": "night"}),
    ("when", {word: word for word in RELATIVE}),
    ("except", dict.fromkeys(EXCEPT, True)),
)


def content(text: str) -> frozenset[tuple[str, object]]:
    """List what a text says of days, months and times of day, whatever its form."""
    return frozenset(said for token in tokens(text) if (said := meaning(token)) is not None)


def figures(text: str) -> frozenset[str]:
    """List the numbers of a text, of whatever kind, as they are written."""
    numbers = {*NUMBERS, *ORDINALS, "once", "twice", "thrice"}
    return frozenset(
        token.text
        for token in tokens(text)
        if token.kind in {"number", "ordinal", "clock", "past"} or token.text in numbers
    )


def meaning(token: Token) -> tuple[str, object] | None:
    """Say what a token stands for; None for glue, numbers and what nobody knows."""
    if token.kind == "clock" and token.text.rstrip(".").endswith("m"):
        return "half", token.text.replace(".", "")[-2:]
    if token.kind in {"date", "instant", "zone"}:
        return token.kind, token.text
    for name, table in _TABLES:
        if token.text in table:
            return name, table[token.text]
    return None
