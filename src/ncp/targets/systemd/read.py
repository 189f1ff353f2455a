"""A timer's text back to its wake-ups, as systemd.time(7) reads `OnCalendar=`.

Written from the manual page and checked against `systemd-analyze calendar`; it
knows nothing of how ncp writes timers. It refuses open steps (`5/15`), which
systemd 252 gets wrong in hours and days.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import LAST_DAY, Rule
from ncp.targets.contract import LOST, Wakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Artifact, Host

_SPEC = re.compile(
    r"(?:(?P<weekdays>[A-Za-z][A-Za-z,.]*) )?"
    r"\*-(?P<month>[^-~ ]+)(?P<sign>[-~])(?P<day>[^-~ ]+) (?P<hour>[^: ]+):(?P<minute>[^: ]+):00"
    r"(?: (?P<zone>[A-Za-z][A-Za-z0-9_+/-]*))?"
)
_DATED = re.compile(
    r"(?P<years>\d{4}(?:,\d{4})*)-(?P<date>\d\d-\d\d) "
    r"(?P<hour>\d\d):(?P<minutes>\d\d(?:,\d\d)*):00 UTC"
)
_ITEM = re.compile(r"(?P<low>\d+)(?:\.\.(?P<high>\d+)(?:/(?P<step>\d+))?)?")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UTC = "UTC"
_LAST_SEVEN = tuple(range(1, 8))
_LAST_WEEK = 7 * 6
"""What turns a weekday into the code of its last one in a month (`model.Rule`)."""


def read(artifact: Artifact, host: Host) -> tuple[Wakes, ...]:  # noqa: ARG001  the contract's form
    """Read every timer of an artifact; SchedulerError where systemd would skip a line.

    Lines in UTC are read by themselves: clocks do not change there. In a zone
    systemd cannot be relied on for a label that the clock skips, nor after it,
    nor for one that comes twice (systemd 252, measured).
    """
    specs = [spec for file in artifact.files for spec in _specs(file.text)]
    yearly = [parse(spec) for spec in specs if not _DATED.fullmatch(spec)]
    zones = {zone for _, zone in yearly if zone != _UTC}
    if len(zones) > 1:
        raise _refused("; ".join(specs), "names more than one zone")
    return (
        Wakes(
            rules=tuple(rule for rule, zone in yearly if zone != _UTC),
            zone=next(iter(zones), None),
            instants=tuple(i for m in map(_DATED.fullmatch, specs) if m for i in _instants(m)),
            utc=tuple(rule for rule, zone in yearly if zone == _UTC),
            at_changes={"wall": LOST, "elapsed": LOST},
        ),
    )


def _instants(match: re.Match[str]) -> Iterator[str]:
    """Read one expression with years: every combination of its years and minutes."""
    for year, minute in product(match["years"].split(","), match["minutes"].split(",")):
        yield f"{year}-{match['date']}T{match['hour']}:{minute}Z"


def _specs(text: str) -> list[str]:
    key = "OnCalendar="
    return [line.removeprefix(key) for line in text.splitlines() if line.startswith(key)]


def parse(spec: str) -> tuple[Rule, str | None]:
    """Read one expression that comes every year: its rule and its zone."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise _refused(spec, "is not an expression that this reader knows")
    weekdays = None if match["weekdays"] is None else _weekdays(spec, match["weekdays"])
    days = _values(spec, match["day"], 1, 31)
    if match["sign"] == "~":
        days, weekdays = _from_the_end(spec, days, weekdays)
    rule = Rule(
        minutes=_values(spec, match["minute"], 0, 59),
        hours=_values(spec, match["hour"], 0, 23),
        days=days,
        months=_values(spec, match["month"], 1, 12),
        weekdays=weekdays,
        follows="wall",
    )
    return rule, match["zone"]


def _from_the_end(
    spec: str, days: tuple[int, ...] | None, weekdays: tuple[int, ...] | None
) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Read days that are counted from the end of the month: `~01` is the last day."""
    if days == (1,):
        return (LAST_DAY,), weekdays
    if days == _LAST_SEVEN and weekdays is not None:
        return None, tuple(day + _LAST_WEEK for day in weekdays)
    raise _refused(spec, "counts days from the end in a way that no rule can say")


def _values(spec: str, text: str, low: int, high: int) -> tuple[int, ...] | None:
    """Read one component; None is every value."""
    if text == "*":
        return None
    values: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise _refused(spec, f'has the component "{item}", which is not a value or a range')
        first, last = int(match["low"]), int(match["high"] or match["low"])
        if not low <= first <= last <= high:
            raise _refused(spec, f'has the component "{item}", which is outside {low}-{high}')
        values.update(range(first, last + 1, int(match["step"] or 1)))
    return tuple(sorted(values))


def _weekdays(spec: str, text: str) -> tuple[int, ...]:
    """Read names and ranges of names; the week of systemd starts on Monday."""
    found: set[int] = set()
    for item in text.lower().split(","):
        first, _, last = item.partition("..")
        if not {first, last or first} <= set(_WEEK):
            raise _refused(spec, f'has the weekday "{item}", which is not one')
        days = range(_WEEK.index(first), _WEEK.index(last or first) + 1)
        if not days:
            raise _refused(spec, f'has the reversed range "{item}"')
        found.update((day + 1) % 7 for day in days)
    return tuple(sorted(found))


def _refused(spec: str, why: str) -> SchedulerError:
    return SchedulerError(
        f'"{spec}" {why}.',
        where="OnCalendar",
        next_step="This is a defect of ncp: please report it.",
    )
