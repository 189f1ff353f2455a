"""A crontab line by line: what runs something, with the variables and comments above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ncp.importing.crontab import blocks, comments, headings
from ncp.importing.crontab import schedule as schedules
from ncp.importing.crontab.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXED = "LOGNAME"
"""The one variable that cron does not let a table change (crontab(5))."""
MOST_KEPT = 8 * 1024**2
"""Characters of variables, over all lines: each line keeps all that stand above it."""
_EACH = 50
"""What a variable costs beside its text."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line that is neither blank nor a comment nor a variable.

    `schedule` is empty where it has not even five fields; `rest` is what comes
    after it. `variables` are those set above, None where they are too many, `said`
    the comments directly above. The last line may lack its line break (`open`).
    """

    number: int
    schedule: str
    rest: str
    variables: Mapping[str, str] | None
    said: list[str]
    open: bool = False


@dataclass(slots=True)
class Table:
    """All such lines, where each variable is set, and what to say of the whole.

    `carriage` lists the lines that are blank but for a carriage return, `users`
    tells whether a heading names a column for the user.
    """

    lines: list[Written] = field(default_factory=list)
    variables: dict[str, tuple[int, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    carriage: list[int] = field(default_factory=list)
    users: bool = False


def read(text: str) -> Table:
    """Take a crontab apart."""
    lines = text.split("\n")
    numbered, notes = blocks.outside(lines)
    reading = _Reading(Table(notes=notes), len(lines))
    for number, line in numbered:
        reading.line(number, line)
    return reading.table


class _Reading:
    """One walk from top to bottom, with the variables and comments so far."""

    def __init__(self, table: Table, last: int) -> None:
        self.table, self._last = table, last
        self._known: dict[str, str] = {}
        self._seen: dict[str, str] | None = {}
        self._size, self._room = 0, MOST_KEPT
        self._above: list[str] = []

    def line(self, number: int, line: str) -> None:
        """Take the next line."""
        if comments.is_comment(line):
            self._above.append(line)
            self.table.users |= headings.names_a_user(line)
            return
        setting = variable(line)
        if setting is not None:
            self._set(number, *setting)
        elif line.strip(" \t\r"):
            self._entry(number, line)
        elif "\r" in line:
            self.table.carriage.append(number)
        self._above = []

    def _set(self, number: int, name: str, value: str) -> None:
        """Add a variable for the lines below it; the lines above keep what they know."""
        if name in {FIXED, ""}:
            words = "cron itself sets it" if name else "it has no name"
            self.table.notes.append(f'Line {number}: the variable "{name}" was left out; {words}.')
            return
        self.table.variables[name] = (number, value)
        self._size += len(value) + (0 if name in self._known else len(name) + _EACH)
        self._size -= len(self._known.get(name, ""))
        self._known[name] = value
        self._seen = None

    def _entry(self, number: int, line: str) -> None:
        self._room -= self._size
        if self._room < 0:
            self._seen = None
        elif self._seen is None:
            self._seen = dict(self._known)
        schedule, rest = _fields(line)
        said = comments.words(self._above)
        written = Written(number, schedule, rest, self._seen, said, open=number == self._last)
        self.table.lines.append(written)


def _fields(line: str) -> tuple[str, str]:
    """Split into a macro or five fields, and the rest; without those all is rest."""
    text = line.lstrip(" \t")
    if text.startswith("@"):
        pieces = schedules.BLANKS.split(text, 1)
        return pieces[0], "".join(pieces[1:])
    pieces = schedules.BLANKS.split(text, 5)
    if len(pieces) < 5 or not pieces[4]:
        return "", line.strip(" \t\r")
    return " ".join(pieces[:5]), "".join(pieces[5:])
