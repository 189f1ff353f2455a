"""What a comment directly above a line calls it."""

from __future__ import annotations

import re

from ncp.importing.crontab import headings
from ncp.importing.crontab.variables import variable

LONGEST_NAME = 60
DISABLED = "#ncp# "
"""What an import puts before a line that it has taken over."""
MARKER = "# Imported into ncp as task "
LONGEST_SAID = 2000
"""Signs of the comments above a line that become its description."""
_FRAME = " \t\r#*=~-_|+" + "".join(map(chr, range(0x2500, 0x2580)))  # boxes
_FIELD = r"[0-9A-Za-z*,/-]+[ \t]+"
_ENTRY = re.compile(
    rf"(@[a-z]+[ \t]+\S|(?:[0-9*][0-9*,/-]*[ \t]+){{2}}(?:{_FIELD}){{2}}[0-9A-Za-z*,/-]+([ \t]|$))"
)
_NEAR = 2000
"""Signs of a comment that are looked at: one can be as long as the file."""


def is_comment(line: str) -> bool:
    """Tell whether cron skips a line for its `#`."""
    return line.lstrip(" \t").startswith("#")


def words(above: list[str]) -> list[str]:
    """Find what the comments directly above a line say of it, in their order.

    A line that was commented out, a heading of columns or a rule of dashes ends them.
    """
    found: list[str] = []
    room = LONGEST_SAID
    for line in reversed(above):
        text = line[:_NEAR].strip(_FRAME)
        if line.startswith(MARKER):  # above a line that came back: an import was undone
            continue
        if room <= 0 or not any(map(str.isalnum, text)) or _is_other(line[:_NEAR], text):
            break
        found.append(text[:room])
        room -= len(text)
    return found[::-1]


def _is_other(line: str, text: str) -> bool:
    """Tell whether a comment is a line that is switched off, or a heading, rather than words."""
    inner = line.lstrip(" \t#")
    return (
        line.startswith(DISABLED)
        or headings.is_heading(text)
        or _is_setting(inner)
        or _ENTRY.match(inner) is not None
    )


def _is_setting(text: str) -> bool:
    found = variable(text)
    return found is not None and found[0].isidentifier()


def named(said: list[str], command: str) -> tuple[str, str | None]:
    """Name a line by its comment, else by its command; with a description where there is more."""
    if not said:
        return shortened(command), None
    whole = " ".join(said)
    name = shortened(said[0])
    return name, whole if whole != name else None


def shortened(text: str) -> str:
    """Put a text on one line that a table has room for."""
    text = " ".join(text[:_NEAR].split())
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
