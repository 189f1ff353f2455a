"""Values of options that were typed without quotes: `--schedule every day at 6am`, `--name my job`.

Their later words would be taken for a command, and replace the one that a task has.
"""

from __future__ import annotations

import shutil
from collections import deque
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

import click

from ncp.api import Schedule
from ncp.errors import NcpError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 20
"""Words of a schedule that is not quoted; longer ones are not tried."""
AGREED = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
"""What people write behind an option that takes no value."""


def joined(
    names: Mapping[str, click.Parameter], head: Sequence[str], *, command: bool
) -> list[str]:
    """Put the words of each value together; `command`: whether one stands behind `--`."""
    found: list[str] = []
    rest = deque(head)
    while rest:
        word = rest.popleft()
        name, equals, value = word.partition("=")
        param = names.get(name) if word.startswith("-") else None
        if param is None:
            found.append(word)
        elif getattr(param, "is_flag", False):
            found.append(_flag(param, name, rest))
        elif equals:
            found.append(f"{name}={_whole(param, name, value, rest, command=command)}")
        else:
            first = [rest.popleft()] if rest else []
            found += [word, *(_whole(param, name, one, rest, command=command) for one in first)]
    return found


def said(typed: Sequence[str], meant: Sequence[str]) -> str:
    """Say what is wrong with the first value that is not as typed."""
    pairs = zip_longest(typed, meant, fillvalue="")
    at = next(number for number, (one, other) in enumerate(pairs) if one != other)
    if typed[at].lower() in AGREED:
        return f'"{typed[at]}" has no place here: {typed[at - 1]} takes no value.'
    if typed[at].startswith("-") and "=" not in typed[at]:
        return f'"{typed[at + 1]}" has no place here: {typed[at]} takes no value.'
    return f'"{typed[at + 1]}" has no place here: a value of several words is quoted as a whole.'


def _flag(param: click.Parameter, name: str, rest: deque[str]) -> str:
    """Take `yes` or `no` behind an option that takes no value for what it says."""
    said = AGREED.get(rest[0].lower()) if rest else None
    other = param.secondary_opts if name in param.opts else param.opts
    if said is None or (not said and not other):
        return name
    rest.popleft()
    return name if said else other[0]


def _whole(
    param: click.Parameter, name: str, first: str, rest: deque[str], *, command: bool
) -> str:
    """Take those of the next words that can only belong to the value, and join them."""
    words = [first, *takewhile(lambda word: not word.startswith("-"), rest)]
    if name == "--schedule":
        count = schedule(words)
        if count == 1 and not _is_schedule(first):
            count = len(words)  # which is then said not to be understood
    else:
        ours = takewhile(lambda word: command or not shutil.which(word), words[1:])
        most = 1 + len(list(ours))
        count = next((n for n in range(most, 1, -1) if _takes(param, " ".join(words[:n]))), 1)
    for _ in range(count - 1):
        rest.popleft()
    return " ".join(words[:count])


def _takes(param: click.Parameter, value: str) -> bool:
    try:
        param.type.convert(value, param, None)
    except (click.UsageError, NcpError):
        return False
    return True


def schedule(words: Sequence[str]) -> int:
    """Count the words that are a schedule: as many as can be read as one, at least the first."""
    most = min(len(words), LONGEST)
    return next((n for n in range(most, 1, -1) if _is_schedule(" ".join(words[:n]))), 1)


def _is_schedule(text: str) -> bool:
    return Schedule().reads(text)
