"""By what an import knows a task again that an earlier one has made: its origin, taken apart.

The variables above a line of a crontab are a part of the line: under another `HOME=` or `PATH=`
the same text is another job. In the same file it can be the same job, edited, too.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from ncp.taskfile.reading import known_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.intake.items import Item
    from ncp.model import Task

CRONTAB = "crontab:"
DIGITS = 12
SHOWN = {"HOME", "PATH", "SHELL", "TZ", "CRON_TZ", "MAILTO"}
"""Variables whose values are no secrets."""
_TAIL = re.compile(rf" \[(?:variables (\w{{{DIGITS}}}))?(?:, )?(?:from (\w{{{DIGITS}}}))?\]$")
_NTH = re.compile(r" #\d+$")
_ZONE = re.compile(r"CRON_TZ=\S+ ")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a crontab: its text and zone, its variables, and the file it stood in.

    `file` is empty for standard input and for one's own crontab.
    """

    text: str
    variables: str
    file: str

    @property
    def place(self) -> tuple[str, str]:
        """The same of a line whose variables were edited."""
        return _ZONE.sub("", self.text, count=1), self.file


def origin(text: str, variables: Mapping[str, str], path: str) -> str:
    """Write where a line of a crontab comes from; one without variables or file is its text."""
    parts = [f"variables {_digest(variables)}"] if variables else []
    parts += [f"from {_short(path)}"] if path else []
    return f"{CRONTAB}{text}" + (f" [{', '.join(parts)}]" if parts else "")


def line(one: Task | Item) -> Line | None:
    """Take the origin of a line of a crontab apart; None for what comes from elsewhere."""
    found = one.origin or ""
    if not found.startswith(CRONTAB):
        return None
    nth = _NTH.search(found)
    plain = found.removeprefix(CRONTAB)[: -len(nth[0]) if nth else None]
    tail = _TAIL.search(plain)
    text = plain[: tail.start()] if tail else plain
    variables = (tail[1] or "") if tail else _of_old(one)
    return Line(text + (nth[0] if nth else ""), variables, (tail[2] or "") if tail else "")


def key(one: Task | Item) -> object:
    """By what it is known: a line of a crontab by its text and variables, wherever it stood."""
    found = line(one)
    return known_as(one) if found is None else (found.text, found.variables)


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Say in which variables two lines differ, with the values of those that tell no secret."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield f"{name}: {_said(before)} → {_said(after)}" if name in SHOWN else name


def _said(value: str | None) -> str:
    return "not set" if value is None else value or '""'


def _of_old(one: Task | Item) -> str:
    """The variables of a task whose origin does not say them: those that it runs with."""
    held = getattr(one, "environment", None)
    return _digest(held) if held else ""


def _digest(variables: Mapping[str, str]) -> str:
    return _short(json.dumps(sorted(variables.items()))) if variables else ""


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
