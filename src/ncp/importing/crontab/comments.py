"""What a comment directly above a line calls it."""

from __future__ import annotations

import re

from ncp.importing.crontab.variables import variable

LONGEST_NAME = 60
DISABLED = "#ncp# "
"""What an import puts before a line that it has taken over."""
MARKER = "# Imported into ncp as task "
_FRAME = " \t\r#*=~-_|+"
_LINE = re.compile(r"[ \t]*#")
_HEADING = re.compile(
    r"\bm\s+h\b|\bdom\b|\bdow\b|\bminute\b.*\bhour\b|day of (month|week)", re.IGNORECASE
)
_FIELDS = r"([0-9*,/-]+[ \t]+){2}([0-9A-Za-z*,/-]+[ \t]+){2}[0-9A-Za-z*,/-]+"
_ENTRY = re.compile(rf"(@[a-z]+|{_FIELDS})[ \t]+\S.*")


def is_comment(line: str) -> bool:
    """Tell whether cron skips a line for its `#`."""
    return _LINE.match(line) is not None


def words(above: list[str]) -> list[str]:
    """Find what the comments directly above a line say of it, in their order.

    A line that was commented out, a heading of columns or a rule of dashes ends them.
    """
    found: list[str] = []
    for line in reversed(above):
        text = line.strip(_FRAME)
        inner = line.lstrip(" \t#")
        if line.startswith(MARKER):  # above a line that came back: an import was undone
            continue
        if not text or line.startswith(DISABLED) or _HEADING.search(text) or _is_setting(inner):
            break
        if _ENTRY.fullmatch(inner):
            break
        found.insert(0, text)
    return found


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
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
