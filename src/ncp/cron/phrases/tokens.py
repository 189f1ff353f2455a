"""Text to tokens: words, numbers, clock times, dates, signs. Nothing is dropped but blanks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_PHRASE = 200
"""Characters; the longest sensible phrase has about half as many."""

_TIDIED = 4 * LONGEST_PHRASE
"""Characters whose forms are folded; what is longer is refused for its length."""

_TOKEN = re.compile(
    r"""
      (?P<instant> [0-9]{4}-[0-9]{2}-[0-9]{2} (?:t|[ ]) [0-9]{2}:[0-9]{2}
                   (?::[0-9]{2}(?:\.[0-9]+)?)?
                   (?: z\b | [ ]?[+-][0-9]{2}:?(?:[0-9]{2})? )? (?![0-9:]|[ ]?[ap]\.?m\b) )
    | (?P<date>    [0-9]+(?:-[0-9]+){2} | [0-9]+(?:/[0-9]+)+ | [0-9]+(?:\.[0-9]+){2} )
    | (?P<zone>    (?: africa|america|antarctica|arctic|asia|atlantic|australia|etc|europe
                     | indian|pacific ) / [a-z_/+-]+[0-9]* | (?:utc|gmt)\b )
    | (?P<clock>   (?: [0-9]+[:.][0-9]+(?::[0-9]+)* (?: [ ]?[ap]\.?m\b\.? )?
                     | [0-9]+[ ]?[ap]\.?m\b\.? | [0-9]{1,2}h[0-9]{2}(?![0-9a-z]) ) )
    | (?P<past>    :[0-9]+ )
    | (?P<ordinal> [0-9]+(?:st|nd|rd|th)\b )
    | (?P<number>  [0-9]+ )
    | (?P<word>    o'?[ ]?clock\b | [^\W0-9_]+ )
    | (?P<sign>    [,&/;-] )
    | (?P<other>   \S )
    """,
    re.VERBOSE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"’": "'", "‘": "'"})  # noqa: RUF001  what word processors make of "-" and of an apostrophe


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is the name of its group in the pattern, or "end"."""

    kind: str
    text: str
    start: int
    end: int


def tidy(text: str) -> str:
    """Fold case, blanks and the forms of digits and dashes, so that all refer to one text.

    What cannot be printed is replaced: the text is shown in messages. A full stop at
    the end of a sentence says nothing.
    """
    plain = unicodedata.normalize("NFKC", text[:_TIDIED]) + text[_TIDIED:]
    blanks = " ".join(plain.translate(_DASHES).lower().split())
    shown = "".join(map(_shown, blanks))
    return shown.removesuffix(".") if shown[-2:-1].isalnum() else shown


def _shown(character: str) -> str:
    """Write a digit of any script as those of ASCII, and what cannot be printed as one sign."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isprintable() else "\ufffd"


def tokens(text: str) -> list[Token]:
    """Cut a tidy text into tokens, closed by one of kind "end"."""
    found = [
        Token(match.lastgroup or "", match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]
    return [*found, Token("end", "", len(text), len(text))]
