"""Misspelt words: the one word of the grammar that somebody can have meant, or none."""

from __future__ import annotations

from ncp.cron.phrases.content import meaning
from ncp.cron.phrases.tokens import Token, tokens
from ncp.cron.phrases.words import UNITS, UNSAYABLE, VOCABULARY

_SHORTEST, _LONG = 4, 7
"""Letters from which on one mistake is seen through ("lun" is no sun), and two are."""
_SURE = 5
"""Letters up to which no day, month or time of day is seen in a word but for a letter that is
missing, too much or moved: "soon" is no noon, and "nicht" no night."""
_LONGEST = max(map(len, VOCABULARY)) + 2
FILLERS = frozenset(
    ("run", "runs", "please", "do", "execute", "launch", "it", "job", "task", "exactly", "sharp")
)
"""Words that people write around a schedule, and that say nothing of when."""


def mended(text: str) -> str:
    """Write each unknown word as the one it must be, and leave out what says nothing.

    A word that may be several, or none, stays as it is.
    """
    pieces, end = [], 0
    for token in tokens(text):
        pieces += [text[end : token.start], _mended(token)]
        end = token.end
    return " ".join("".join(pieces).split())


def _mended(token: Token) -> str:
    if token.kind == "other" and token.text in "!?.\"'()":
        return ""
    if token.kind != "word" or token.text in VOCABULARY or token.text in UNSAYABLE:
        return token.text
    if token.text in FILLERS:
        return ""
    return nearest(token.text) or token.text


def nearest(word: str) -> str | None:
    """Find the word that is nearest to a misspelt one; None where two are, or none is near."""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return None
    allowed = 2 if len(word) >= _LONG else 1
    found = sorted((distance(word, known), -len(known), known) for known in VOCABULARY)
    near = [known for far, _, known in found if far == found[0][0] <= allowed]
    if found[0][0] > 1:
        near = [known for known in near if known[0] == word[0]]
    if len(word) <= _SURE:
        near = [known for known in near if _meaning(known) is None or _moved(word, known)]
    return near[0] if len(set(map(_stands_for, near))) == 1 else None


def _moved(word: str, known: str) -> bool:
    return len(word) == _SURE and (len(word) != len(known) or sorted(word) == sorted(known))


def _stands_for(word: str) -> object:
    return UNITS.get(word) or _meaning(word) or word


def _meaning(word: str) -> object:
    return meaning(Token("word", word, 0, len(word)))


def distance(one: str, other: str) -> int:
    """Count the letters to add, drop, change or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        older, before, row = before, row, [at + 1]
        for to, wanted in enumerate(other):
            best = min(before[to] + (letter != wanted), before[to + 1] + 1, row[to] + 1)
            if at and to and letter == other[to - 1] and one[at - 1] == wanted:
                best = min(best, older[to - 1] + 1)
            row.append(best)
    return row[-1]
