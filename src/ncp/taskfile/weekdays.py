"""Expressions of the old `config.yaml`, to those that mean the same here.

The scheduler behind that form (APScheduler's `CronTrigger.from_crontab`) counts weekdays from
Monday (0) to Sunday (6), and runs where the day of the month and the weekday both match. Names of
weekdays mean the same everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.cron import expression, wording
from ncp.cron.fields import AND, DAYS_PER_WEEK, FIELDS
from ncp.errors import ExpressionError, InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

CRON, MONDAY = "cron", "monday"
WAYS = (CRON, MONDAY)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STAR = re.compile(r"\*(?:/0*(\d{1,3}))?")
_RANGE = re.compile(r"0*(\d{1,3})(?:-0*(\d{1,3}))?(?:/0*(\d{1,3}))?")


def translated(text: str) -> tuple[str, str]:
    """Say an expression as ncp does, with a note where cron would read it otherwise.

    InputError where neither the old scheduler nor, by names alone, anybody can tell its days.
    """
    pieces = text.split()
    if len(pieces) != len(FIELDS):
        return text, ""
    minute, hour, day, month, weekday = pieces
    day = ",".join("L" if item.lower() == "last" else item for item in day.split(","))
    weekday = ",".join(_item(item) for item in weekday.split(","))
    both = AND if "*" not in {day, weekday} else ""
    found = f"{minute} {hour} {day} {month} {both}{weekday}"
    return found, _note(text, found)


def _item(text: str) -> str:
    """Translate a number, a range or a step of weekdays; what has no number stays as it is."""
    star, numbers = _STAR.fullmatch(text), _RANGE.fullmatch(text)
    if star:
        return _listed(text, range(0, DAYS_PER_WEEK, _step(text, star[1], DAYS_PER_WEEK - 1)))
    if numbers:
        low = int(numbers[1])
        single = numbers[2] is None and numbers[3] is None
        high = int(numbers[2] or (low if single else DAYS_PER_WEEK - 1))
        most = (high or DAYS_PER_WEEK - 1) - low  # it takes an end of 0 for none there
        step = _step(text, numbers[3], most) if low <= high < DAYS_PER_WEEK else 0
        return _listed(text, range(low, high + 1, step) if step else ())
    if any(map(str.isdigit, text)):
        raise _unknown(text)
    return text


def _step(text: str, given: str | None, most: int) -> int:
    step = int(given or 1)
    if given is not None and not 1 <= step <= most:
        raise _unknown(text)
    return step


def _listed(text: str, days: Iterable[int]) -> str:
    numbers = sorted((day + 1) % DAYS_PER_WEEK for day in days)
    if not numbers:
        raise _unknown(text)
    return "*" if len(numbers) == DAYS_PER_WEEK else ",".join(map(str, numbers))


def _unknown(text: str) -> InputError:
    return InputError(
        f'"{text}" is no weekday of the scheduler behind this form, which counts Monday (0) to '
        "Sunday (6).",
        where=Location("task", path=".cron"),
        next_step="Write names such as mon-fri, or take weekdays as cron does: --weekdays cron",
    )


def _note(text: str, found: str) -> str:
    """Say what it means here, if cron means something else by it."""
    try:
        ours = expression.parse(found)
    except ExpressionError:
        return ""  # which is said with the line of the task
    try:
        theirs = expression.parse(text)
    except ExpressionError:
        theirs = None
    if ours == theirs:
        return ""
    said = wording.timing_name(ours, None)
    return (
        f'"{text}" is "{said}" ({ours.text}): this form counts weekdays from Monday (0), and its '
        "day and weekday both must match. As cron reads it: --weekdays cron"
    )


def require_way(way: str | None) -> None:
    """Refuse a word for `--weekdays` that is none."""
    if way is not None and way not in WAYS:
        raise InputError(
            f'"{way}" is no way to count weekdays.',
            where="--weekdays",
            next_step="Write: --weekdays cron (0 is Sunday), or: --weekdays monday (0 is Monday)",
        )
