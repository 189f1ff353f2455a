"""Rules as bit masks, which need no calendar library to be evaluated (`guard` says how)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.model import Rule

    Mask = tuple[int, int, int, int, int, int]

_ALL = (range(60), range(24), range(1, 32), range(1, 13), range(7))


def encode(rules: Iterable[Rule]) -> tuple[Mask, ...]:
    """Write rules as the bit masks that `guard` reads; `None` becomes every ordinary value."""
    return tuple(_mask(rule) for rule in rules)


def _mask(rule: Rule) -> Mask:
    fields = (rule.minutes, rule.hours, rule.days, rule.months, rule.weekdays)
    minutes, hours, days, months, weekdays = (
        sum(1 << value for value in (everything if values is None else values))
        for values, everything in zip(fields, _ALL, strict=True)
    )
    return minutes, hours, days, months, weekdays, int(rule.follows == "elapsed")
