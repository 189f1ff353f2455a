"""Five fields as cron reads them: what it refuses, accepts and never runs, or reads in its own way.

The grammar is that of Debian's cron 3.0pl1, tried on the real one: a field is a
list, and what follows a complete list up to the next blank is skipped (`mon#2`
is every Monday, `0~30` is 0). A reversed range holds no value, a step beyond
the end none but the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from ncp.cron import expression, fields
from ncp.cron.expression import MACROS
from ncp.cron.fields import AND, FIELDS
from ncp.errors import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.cron.fields import Field

BLANKS = re.compile(r"[ \t]+")
"""What separates fields for cron: a no-break space is a part of one."""
LONGEST_FIELD, SHOWN = 150, 40
"""Signs of a field that are kept as they are, and that a message shows."""
MOST = 2**31 - 1
"""Where the count of a step turns negative in cron, which refuses it then."""
LONGEST_NUMBER = 999
"""Digits that cron reads of a number (MAX_TEMPSTR in its cron.h less one)."""
_WORD = "[0-9A-Za-z]"
_ITEM = re.compile(
    rf"\*(?:/(?P<every>{_WORD}*))?"
    rf"|(?P<low>{_WORD}+)(?:(?P<open>/)|-(?P<high>{_WORD}*)(?:/(?P<step>{_WORD}*))?)?"
)


@dataclass(frozen=True, slots=True)
class Read:
    """What cron makes of five fields: ncp's words for the same, and what is odd about them.

    `never` says why it accepts the line and never runs it.
    """

    text: str
    notes: tuple[str, ...] = ()
    never: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A field: its items in ncp's words, without those that hold no value."""

    field: Field
    items: tuple[str, ...]
    starred: bool
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        text = ",".join(dict.fromkeys(self.items))
        if len(text) <= LONGEST_FIELD:
            return text
        values = fields.parse(self.field, text).values
        starred = fields.starred(self.field, values, exactly=False) if self.starred else None
        return starred or fields.plain(self.field, values)


def read(text: str) -> Read:
    """Read a macro or five fields; ExpressionError where cron refuses the line."""
    if text.startswith("@"):
        if text not in MACROS:
            _refuse(f"it knows no {_shown(text)}", f"Write one of {', '.join(MACROS)}.")
        return Read(text)
    pieces = BLANKS.split(text)
    parts = [_part(field, piece) for field, piece in zip(FIELDS, pieces, strict=True)]
    notes = tuple(note for part in parts for note in part.notes)
    empty = _empty(parts)
    if empty:
        return Read("", notes, f"its {empty} field holds no value, so no time matches")
    plain = _plain(parts)
    return Read(plain, notes, "" if _comes(plain) else "no month that it names has such a day")


def _plain(parts: list[_Part]) -> str:
    """Write the fields for ncp; where a star says that both days must match, `&` says so."""
    minute, hour, day, month, weekday = (part.text or "*" for part in parts)
    both = parts[2].starred or parts[4].starred
    sign = AND if both and not (day.startswith("*") or weekday.startswith("*")) else ""
    return f"{minute} {hour} {day} {month} {sign}{weekday}"


def _comes(plain: str) -> bool:
    try:
        expression.parse(plain)
    except ExpressionError:
        return False
    return True


def _part(field: Field, text: str) -> _Part:
    items, notes, end = [], [], 0
    for match in _matches(field, text):
        item, note = _item(field, match, first=match.start() == 0)
        items.append(item)
        notes.append(note)
        end = match.end()
    if text[end:]:
        notes.append(f"cron skips {_shown(text[end:])} in {_shown(text)}")
    starred = text.startswith("*")
    return _Part(field, tuple(filter(None, items)), starred, tuple(filter(None, notes)))


def _matches(field: Field, text: str) -> Iterator[re.Match[str]]:
    """Find the items of a list, as far as it goes; there is one at least."""
    at = 0
    while at == 0 or text[at - 1] == ",":
        match = _ITEM.match(text, at)
        if match is None or match["open"]:
            _refuse_field(field, text)
        yield match
        at = match.end() + 1
        if text[at - 1 : at] != ",":
            return


def _item(field: Field, match: re.Match[str], *, first: bool) -> tuple[str, str]:
    """Say an item in ncp's words, empty where it holds no value, with a note where it is odd."""
    if match["low"] is None:
        return _star(field, match, first=first)
    low = _value(field, match, match["low"])
    if match["high"] is None:
        return str(low), ""
    high = _value(field, match, match["high"])
    step = _step(field, match, match["step"])
    if low > high:
        return "", f"{match[0]} is a reversed range, which holds no value for cron"
    if low + step > MOST:
        _refuse_field(field, match.string)
    if step > high - low:
        return str(low), ""
    return f"{low}-{high}" + (f"/{step}" if step > 1 else ""), ""


def _star(field: Field, match: re.Match[str], *, first: bool) -> tuple[str, str]:
    """Only a field that starts with a star counts as one, so another becomes a range."""
    step = _step(field, match, match["every"])
    if field.low + step > MOST:
        _refuse_field(field, match.string)
    if step > field.high - field.low:
        return str(field.low), f"{match[0]} is {field.low} for cron"
    text = "*" if first else f"{field.low}-{field.high}"
    return text + (f"/{step}" if step > 1 else ""), ""


def _step(field: Field, match: re.Match[str], text: str | None) -> int:
    if text is None:
        return 1
    step = _number(text) if text.isdigit() else 0
    if step <= 0:
        _refuse_field(field, match.string)
    return step


def _value(field: Field, match: re.Match[str], text: str) -> int:
    named = text.lower() in field.names
    value = field.low + field.names.index(text.lower()) if named else -1
    value = _number(text) if text.isdigit() else value
    if not field.low <= value <= field.high:
        _refuse_field(field, match.string)
    return value


def _number(digits: str) -> int:
    """Read a number as cron's atoi does: any zeros before it, 64 bits kept, 32 of them used.

    One that is longer than cron reads is none (-1).
    """
    plain = digits.lstrip("0")[:20] or "0"
    if len(digits) > LONGEST_NUMBER:
        return -1
    return (min(int(plain), 2**63 - 1) + 2**31) % 2**32 - 2**31


def _empty(parts: list[_Part]) -> str:
    """Name a field without which nothing matches; of two days either is enough."""
    day, weekday = parts[2], parts[4]
    either = not (day.starred or weekday.starred) and (day.items or weekday.items)
    needed = [part for part in parts if not (either and part in {day, weekday})]
    return next((part.field.name for part in needed if not part.items), "")


def _refuse_field(field: Field, text: str) -> NoReturn:
    _refuse(f"{_shown(text)} is a bad {field.name}", f"Write for example {field.example}.")


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _refuse(what: str, next_step: str) -> NoReturn:
    raise ExpressionError(f"{what}.", next_step=next_step)
