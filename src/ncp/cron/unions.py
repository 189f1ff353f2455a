"""Several expressions as one recurrence: `0 9 * * * | 30 17 * * *`.

One cron line runs each of its minutes in each of its hours, so 9:00 and 17:30
need two. A union has one text: on the same days, times are put together hour by
hour; the pieces stand in the order of their first time of day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.model import Recurrence, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ncp.model import Follows

    Dates = tuple[tuple[tuple[int, ...] | None, ...], ...]
    Write = Callable[[tuple[Rule, ...]], str]
    Read = Callable[[str], Recurrence]

SIGN = "|"


def joined(parts: Sequence[Recurrence], write: Write, read: Read) -> Recurrence:
    """Put recurrences of one expression each together; a single one stays as it is.

    `write` makes the canonical text of such a one from its rules, `read` reads it.
    """
    found = {part.cron: part for part in _merged(parts, write, read)}
    if len(found) == 1:
        return next(iter(found.values()))
    ordered = sorted(found.values(), key=lambda part: (_first(part), part.cron))
    return Recurrence(
        rules=tuple(rule for part in ordered for rule in part.rules),
        cron=f" {SIGN} ".join(part.cron for part in ordered),
    )


def _first(part: Recurrence) -> int:
    rule = part.rules[0]
    return 60 * min(rule.hours or (0,)) + min(rule.minutes or (0,))


def _merged(parts: Iterable[Recurrence], write: Write, read: Read) -> list[Recurrence]:
    groups: dict[tuple[Follows, Dates], list[Recurrence]] = {}
    for part in parts:
        key = part.rules[0].follows, tuple((r.days, r.months, r.weekdays) for r in part.rules)
        groups.setdefault(key, []).append(part)
    return [one for group in groups.values() for one in _of_group(group, write, read)]


def _of_group(group: list[Recurrence], write: Write, read: Read) -> list[Recurrence]:
    """Put the times of expressions that share their days together, where that can be said.

    What follows elapsed time needs a field that starts with `*`, which the pieces may lack.
    """
    pieces = [_at(group[0], *piece) for piece in _pieces([part.rules[0] for part in group])]
    read_back = [read(write(rules)) for rules in pieces]
    same = all(back.rules == rules for back, rules in zip(read_back, pieces, strict=True))
    return read_back if same else group


def _at(
    part: Recurrence, minutes: tuple[int, ...] | None, hours: tuple[int, ...] | None
) -> tuple[Rule, ...]:
    return tuple(replace(rule, minutes=minutes, hours=hours) for rule in part.rules)


def _pieces(
    rules: Iterable[Rule],
) -> list[tuple[tuple[int, ...] | None, tuple[int, ...] | None]]:
    """Collect the minutes of each hour, and the hours that have the same minutes."""
    minutes: dict[int, set[int]] = {}
    for rule in rules:
        for hour in rule.hours or range(24):
            minutes.setdefault(hour, set()).update(rule.minutes or range(60))
    hours: dict[tuple[int, ...], list[int]] = {}
    for hour in sorted(minutes):
        hours.setdefault(tuple(sorted(minutes[hour])), []).append(hour)
    return [
        (None if len(some) == 60 else some, None if len(during) == 24 else tuple(during))
        for some, during in hours.items()
    ]
