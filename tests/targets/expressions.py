"""Random cron expressions and brute-force wake-ups, for the tests of targets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from ncp.cron import expression
from ncp.cron.expression import day_matches
from ncp.errors import ExpressionError

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator

    from ncp.model import Rule

RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
SPECIAL = {2: ("L", "L,15", "*/2,L"), 4: ("1#2", "5L", "0#5,3", "2#1,4L", "*/3,5#1")}


def random_crons(source: random.Random, count: int, *, special: bool = True) -> list[str]:
    """That many valid expressions; `special` ones hold L and # too."""
    found: list[str] = []
    while len(found) < count:
        text = " ".join(_field(source, position, special=special) for position in range(5))
        try:
            expression.parse(text)
        except ExpressionError:
            continue
        found.append(text)
    return found


def _field(source: random.Random, position: int, *, special: bool) -> str:
    low, high = RANGES[position]
    if special and position in SPECIAL and source.random() < 0.2:
        return source.choice(SPECIAL[position])
    first, last = sorted(source.sample(range(low, high + 1), 2))
    few = ",".join(str(value) for value in source.sample(range(low, high + 1), 3))
    step = source.randint(1, high - low)
    pieces = ["*", "*", f"*/{step}", str(first), few, f"{first}-{last}", f"{first}-{last}/{step}"]
    return source.choice([*pieces, f"*/{step},{last}", f"{first}/{step}"])


def wake_ups(rules: Iterable[Rule], after: datetime, count: int) -> list[str]:
    """The first minutes at which naive rules wake, as `2026-03-01 09:00`, within 40 years."""
    return [f"{minute:%Y-%m-%d %H:%M}" for minute in islice(_minutes(list(rules), after), count)]


def _minutes(rules: list[Rule], after: datetime) -> Iterator[datetime]:
    for number in range(40 * 366):
        day = datetime(after.year, after.month, after.day, tzinfo=UTC) + timedelta(days=number)
        times = {
            (hour, minute)
            for rule in rules
            if on_day(rule, day)
            for hour in rule.hours or range(24)
            for minute in rule.minutes or range(60)
        }
        labels = (day.replace(hour=hour, minute=minute) for hour, minute in sorted(times))
        yield from (label for label in labels if label > after)


def on_day(rule: Rule, day: datetime) -> bool:
    """Tell whether a rule matches a date."""
    following = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC)
    length = (following - timedelta(days=1)).day
    return (rule.months is None or day.month in rule.months) and day_matches(
        rule.days, rule.weekdays, day=day.day, weekday=day.isoweekday() % 7, length=length
    )
