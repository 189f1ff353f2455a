"""What `%` does to a command: the first ends it and begins its standard input (crontab(5))."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"((?:[^%\\]+|\\.|\\$)*)(?:%(.*))?")
_PAIR = re.compile(r"\\([%\\])")
_SIGN = re.compile(r"\\%|%")


def split(text: str) -> tuple[str, str | None]:
    r"""Split into the command and its standard input, None where it has none.

    In the command `\\%` is `%` and `\\\\` is `\\`; in the input, which ends in a
    newline, `%` is a newline and `\\%` is `%` (both measured).
    """
    match = _COMMAND.fullmatch(text)
    assert match is not None  # noqa: S101  every text matches: each sign has its place
    command = _PAIR.sub(r"\1", match[1])
    return command, _lines(match[2]) if match[2] else None


def _lines(text: str) -> str:
    found = _SIGN.sub(lambda sign: "%" if len(sign[0]) > 1 else "\n", text)
    return found if found.endswith("\n") else f"{found}\n"
