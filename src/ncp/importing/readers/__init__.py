"""The registry of formats: a new one is a module here and a row.

A reader has `read(opened, options) -> Found` and reads nothing but what it is
given; `recognises(opened)` tells whether a file without `--format` is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.intake.items import Found, Options
    from ncp.intake.opening import Opened


class Reader(Protocol):
    """What the module of a format has."""

    def recognises(self, opened: Opened) -> bool:
        """Tell whether it looks like this format."""

    def read(self, opened: Opened, options: Options) -> Found:
        """List what it schedules; InputError where it is not this format at all."""


@dataclass(frozen=True, slots=True)
class Format:
    """A row: what `--format` calls it, its module here, and what it is in words."""

    name: str
    module: str
    title: str

    @property
    def reader(self) -> Reader:
        """The module, loaded only now."""
        return cast("Reader", import_module(f"{__name__}.{self.module}"))


FORMATS = (
    Format("ncp", "ncp", "a schedule.json or export of ncp"),
    Format("yaml", "yaml", "a YAML file with a list of tasks"),
    Format("crontab", "crontab", "a crontab"),
)
"""In the order in which a file is tried."""
NAMES = tuple(row.name for row in FORMATS)


def named(name: str) -> Format:
    """Find a format by its name; InputError has the nearest one."""
    found = next((row for row in FORMATS if row.name == name), None)
    if found is None:
        near = get_close_matches(name, NAMES, n=1)
        raise InputError(
            f'"{name}" is not a format.',
            where="--format",
            next_step=f"Write: --format {near[0]}" if near else f"Write one of: {', '.join(NAMES)}",
        )
    return found


def recognised(opened: Opened) -> Format:
    """Find the format of a file by its name and text; InputError where it looks like none."""
    found = next((row for row in FORMATS if row.reader.recognises(opened)), None)
    if found is None:
        titles = ", ".join(row.title for row in FORMATS)
        raise InputError(
            f"It looks like none of: {titles}.",
            where=opened.where,
            next_step=f"Say what it is: --format {' | '.join(NAMES)}",
        )
    return found
