"""A crontab line by line: what runs something, with the variables and comments above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ncp.importing.crontab import blocks, comments
from ncp.importing.crontab.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTRY = re.compile(
    r"[ \t]*(?P<schedule>@[^ \t]*|[^ \t]+(?:[ \t]+[^ \t]+){4})(?:[ \t]+(?P<rest>.*))?"
)
FIXED = "LOGNAME"
"""The one variable that cron does not let a table change (crontab(5))."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line that is neither blank nor a comment nor a variable.

    `schedule` is empty where it has not even five fields; `rest` is what comes
    after it. `variables` are those set above, `said` the comments directly above.
    """

    number: int
    schedule: str
    rest: str
    variables: Mapping[str, str]
    said: list[str]


@dataclass(slots=True)
class Table:
    """All such lines, where each variable is set, and what to say of the whole."""

    lines: list[Written] = field(default_factory=list)
    variables: dict[str, tuple[int, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read(text: str) -> Table:
    """Take a crontab apart."""
    numbered, notes = blocks.outside(text.split("\n"))
    table, known, above = Table(notes=notes), dict[str, str](), list[str]()
    for number, line in numbered:
        if comments.is_comment(line):
            above.append(line)
            continue
        setting = variable(line)
        if setting is not None:
            known = _with(known, setting, number, table)
        elif line.strip(" \t\r"):
            table.lines.append(_written(number, line, known, comments.words(above)))
        above = []
    return table


def _with(
    known: dict[str, str], setting: tuple[str, str], number: int, table: Table
) -> dict[str, str]:
    """Add a variable for the lines below it; the lines above keep what they know."""
    name, value = setting
    if name in {FIXED, ""}:
        words = "cron itself sets it" if name else "it has no name"
        table.notes.append(f'Line {number}: the variable "{name}" was left out; {words}.')
        return known
    table.variables[name] = (number, value)
    return {**known, name: value}


def _written(number: int, line: str, known: dict[str, str], said: list[str]) -> Written:
    match = _ENTRY.fullmatch(line)
    if match is None:
        return Written(number, "", line.strip(), known, said)
    return Written(number, match["schedule"], match["rest"] or "", known, said)
