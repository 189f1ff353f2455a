"""Text to tokens: words, numbers, clock times, dates, signs. Nothing is dropped but blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_PHRASE = 200
"""Characters; the longest sensible phrase has about half as many."""

_TOKEN = re.compile(
    r"""
      (?P<instant> [0-9]{4}-[0-9]{2}-[0-9]{2} (?:t|[ ]) [0-9]{2}:[0-9]{2}
                   (?::[0-9]{2}(?:\.[0-9]+)?)?
                   (?: z\b | [ ]?[+-][0-9]{2}:?(?:[0-9]{2})? )? (?![0-9:]|[ ]?[ap]\.?m\b) )
    | (?P<date>    [0-9]+(?:-[0-9]+){2} | [0-9]+(?:/[0-9]+)+ | [0-9]+(?:\.[0-9]+){2} )
    | (?P<clock>   (?: [0-9]+[:.][0-9]+(?::[0-9]+)* (?: [ ]?[ap]\.?m\b\.? )?
                     | [0-9]+[ ]?[ap]\.?m\b\.? ) )
    | (?P<past>    :[0-9]+ )
    | (?P<ordinal> [0-9]+(?:st|nd|rd|th)\b )
    | (?P<number>  [0-9]+ )
    | (?P<word>    [^\W0-9_]+ )
    | (?P<sign>    [,&-] )
    | (?P<other>   \S )
    """,
    re.VERBOSE,
)
_DASHES = str.maketrans("‐‑–—", "----")  # noqa: RUF001  what word processors make of "-"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is the name of its group in the pattern, or "end"."""

    kind: str
    text: str
    start: int
    end: int


def tidy(text: str) -> str:
    """Fold case and blanks, so that positions and repairs refer to one text.

    What cannot be printed is replaced: the text is shown in messages.
    """
    blanks = " ".join(text.translate(_DASHES).lower().split())
    return "".join(character if character.isprintable() else "\ufffd" for character in blanks)


def tokens(text: str) -> list[Token]:
    """Cut a tidy text into tokens, closed by one of kind "end"."""
    found = [
        Token(match.lastgroup or "", match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]
    return [*found, Token("end", "", len(text), len(text))]
