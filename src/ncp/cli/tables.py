"""The rows of the tables that people look at most; nothing here costs an import."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

CLOCK = "%a %Y-%m-%d %H:%M %Z"
"""A local instant for people: `Mon 2026-11-23 09:00 CET`."""
TASKS = ("NAME", "TIMING", "STATUS", "LAST", "RESULT", "NEXT", "ID")
KEPT = ("NEXT",)
"""What does not go from TASKS, however narrow a terminal is."""
STATUSES = ("active", "paused", "completed", "error")
OUTCOMES = ("planned", "running", "success", "failure", "timeout", "skipped", "interrupted")
EXECUTIONS = ("STARTED", "TASK", "TIMING", "STATUS", "EXIT", "TOOK", "REASON", "ID")
SHORT = 8
STAMP = len("20261120T081500-")
"""What stands before the part of an execution's id that tells it from others."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
NEAR_DAYS = 300
"""How far off a date may be that is shown without its year."""


class Clock:
    """Instants (epoch seconds) on the clock of a zone: short for a terminal, else whole.

    `shown` formats one as `strftime` does.
    """

    __slots__ = ("_compact", "_now", "_shown")

    def __init__(
        self, shown: Callable[[float, str], str], now: float, *, compact: bool | None = None
    ) -> None:
        self._shown, self._now = shown, now
        self._compact = sys.stdout.isatty() if compact is None else compact

    def __call__(self, second: float | None) -> str | None:
        """Show an instant; on a terminal without what goes without saying."""
        if second is None or not self._compact:
            return None if second is None else self._shown(second, CLOCK)
        if self._shown(second, "%Y-%m-%d") == self._shown(self._now, "%Y-%m-%d"):
            return self._shown(second, "%H:%M")
        day = int(self._shown(second, "%d"))
        if abs(second - self._now) < NEAR_DAYS * DAY:
            return f"{self._shown(second, '%a')} {day} {self._shown(second, '%b %H:%M')}"
        return f"{day} {self._shown(second, '%b %Y %H:%M')}"

    def coming(self, second: float | None) -> str | None:
        """Show the instant of a next run: how far off it is where that is near."""
        return (self.ahead(second) if self._compact else "") or self(second)

    def both(self, second: float) -> str:
        """Show an instant of a next run, and how far off it is."""
        left = self.ahead(second)
        return left if left and self._compact else f"{self(second)}{left and f' ({left})'}"

    def ahead(self, second: float | None) -> str:
        """Say `in 4 min`; nothing where it is more than an hour off, or over."""
        left = -1 if second is None else int(second - self._now)
        if not 0 <= left < HOUR:
            return ""
        return f"in {left} s" if left < MINUTE else f"in {-(-left // MINUTE)} min"


def task(
    found: Mapping[str, Any], clock: Clock, when: Callable[[str | None], float | None], short: str
) -> tuple[object, ...]:
    """Lay out a task for TASKS; `when` reads the instants of the JSON."""
    return (
        found["name"],
        found["timingId"],
        found["status"],
        clock(when(found["lastExecutionAt"])),
        found["lastStatus"],
        clock.coming(when(found["nextExecutionAt"])),
        short,
    )


def executions(
    found: Sequence[Mapping[str, Any]],
    clock: Clock,
    when: Callable[[str | None], float | None],
) -> list[tuple[object, ...]]:
    """Lay out executions for EXECUTIONS; their ids are short where they go to a terminal."""
    ids = [one["executionId"] for one in found]
    short = short_executions(ids) if sys.stdout.isatty() else ids
    return [
        (
            clock(when(one["startedAt"] or one["slot"])),
            one["taskName"],
            one["timingId"],
            one["status"],
            one["exitCode"],
            took(one["durationMs"]),
            reason(one, clock, when),
            id_,
        )
        for one, id_ in zip(found, short, strict=True)
    ]


def reason(
    found: Mapping[str, Any], clock: Clock, when: Callable[[str | None], float | None]
) -> str | None:
    """Say why an execution came to what it did, and which slots were missed before it."""
    said = missed(found, clock, when)
    return "; ".join(filter(None, (found["reason"], said and f"missed {said}"))) or None


def missed(
    found: Mapping[str, Any], clock: Clock, when: Callable[[str | None], float | None]
) -> str:
    """Say how many slots were missed, and which: `3: 16:05-16:15`."""
    first, last = clock(when(found["missedFrom"])), clock(when(found["missedTo"]))
    if not found["missed"] or first is None or last is None:
        return ""
    between = "-" if len(first) == len(last) == len("16:05") else " to "
    return f"{found['missed']}: {first if first == last else f'{first}{between}{last}'}"


def short_executions(ids: Sequence[str]) -> list[str]:
    """Shorten ids of executions to the start of their random part, where no two are the same."""
    short = [id_[STAMP : STAMP + SHORT] if id_[STAMP - 1 : STAMP] == "-" else id_ for id_ in ids]
    times: dict[str, int] = {}
    for one in short:
        times[one] = times.get(one, 0) + 1
    return [
        one if len(one) == SHORT and times[one] == 1 else id_
        for one, id_ in zip(short, ids, strict=True)
    ]


def short_ids(ids: Iterable[str], words: Iterable[str]) -> dict[str, str]:
    """Shorten ids of tasks to starts, of 8 characters or more, that mean no other task.

    `words` are what else a word may mean: names of tasks, ids of timings.
    """
    known = sorted(ids)
    taken = {*words, *known}
    neighbours = zip(["", *known], known, [*known[1:], ""], strict=False)
    found = {}
    for before, one, after in neighbours:
        size = max(SHORT, _common(one, before) + 1, _common(one, after) + 1)
        while size < len(one) and one[:size] in taken:
            size += 1
        found[one] = one[:size]
    return found


def _common(one: str, other: str) -> int:
    """Count the characters with which both begin."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def took(ms: int | None) -> str | None:
    """A duration for people: `420 ms`, `3.1 s`, `12 min`, `5.2 h`, `3.0 d`."""
    if ms is None:
        return None
    if ms < 1000:
        return f"{ms} ms"
    seconds = ms / 1000
    if seconds < 2 * MINUTE:
        return f"{seconds:.1f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} d"
