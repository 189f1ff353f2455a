"""Lines that set a variable, and what cron makes of them (load_env in its env.c).

Read sign by sign, as cron does: a pattern with optional blanks on both sides takes
a time that grows with the square of a line.
"""

from __future__ import annotations

import re

_BLANKS = " \t\r\v\f"
"""What C's isspace knows, beside the end of a line."""
_NAME = re.compile(r"[^ \t\r\v\f=]*")
_QUOTES = ("'", '"')
MOST_BYTES = 998
"""What cron reads of such a line, from its first sign on (measured); no value has the rest."""


def variable(line: str) -> tuple[str, str] | None:
    """Read NAME=VALUE with the blanks around it and its quotes taken off; None for another line.

    A value goes to the end of the line, is not expanded, and needs quotes to be empty
    or to begin with blanks; those at its end go, quoted or not (measured).
    """
    text = _kept(line.lstrip(" \t"))
    name, rest = _quoted(text) if text.startswith(_QUOTES) else _plain(text)
    rest = rest.lstrip(_BLANKS)
    if not rest.startswith("=") or "=" in name:
        return None
    value = _value(rest[1:].strip(_BLANKS))
    return None if value is None else (name, value.rstrip(_BLANKS))


def _kept(text: str) -> str:
    if len(text) <= MOST_BYTES // 4:
        return text
    data = text.encode("utf-8", "surrogateescape")[:MOST_BYTES]
    return data.decode("utf-8", "surrogateescape")


def _quoted(text: str) -> tuple[str, str]:
    """Split off what stands in quotes; without the second one nothing is left."""
    name, _, rest = text[1:].partition(text[0])
    return name, rest


def _plain(text: str) -> tuple[str, str]:
    """Split off the name, up to a blank or `=`; it may be empty."""
    match = _NAME.match(text)
    assert match is not None  # noqa: S101  it matches any text
    return match[0], text[match.end() :]


def _value(text: str) -> str | None:
    """Take the quotes off; after the second one nothing may follow."""
    if not text.startswith(_QUOTES):
        return text or None
    value, end, rest = text[1:].partition(text[0])
    return value if end and not rest else None
