"""Lines that set a variable, and what cron makes of them (load_env in its env.c)."""

from __future__ import annotations

import re

_VARIABLE = re.compile(
    r"""[ \t]*(?:"(?P<name2>[^"]*)"|'(?P<name1>[^']*)'|(?P<name>(?:[^ \t="'][^ \t=]*)?))"""
    r"""[ \t]*=[ \t]*"""
    r"""(?:"(?P<value2>[^"]*)"|'(?P<value1>[^']*)'|(?P<value>[^"' \t\r](?:.*[^ \t\r])?))[ \t\r]*"""
)
_BLANKS = " \t\r"


def variable(line: str) -> tuple[str, str] | None:
    """Read NAME=VALUE with the blanks around it and its quotes taken off; None for another line.

    A value goes to the end of the line, is not expanded, and needs quotes to be empty
    or to begin with blanks; those at its end go, quoted or not (measured).
    """
    match = _VARIABLE.fullmatch(line)
    if match is None:
        return None
    return _either(match, "name"), _either(match, "value").rstrip(_BLANKS)


def _either(match: re.Match[str], group: str) -> str:
    found = (match[f"{group}{quotes}"] for quotes in ("2", "1", ""))
    return next(text for text in found if text is not None)
