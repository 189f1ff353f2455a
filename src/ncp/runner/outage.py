"""Which slots were missed before the one that a firing serves; loaded only where there are any."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ncp.daylog import Daylog
    from ncp.ledger.compiled import CompiledTask, CompiledTiming

    Span = tuple[int, int]
    """The first and the last of some slots (UTC minutes)."""
    Outage = tuple[CompiledTask, int, Span, str | None]
    """A task, how many slots it missed, which, and why it is skipped now (None: it runs)."""


def span(timing: CompiledTiming, floor: int, until: int) -> Span | None:
    """Find the first and the last slot after `floor` and not after `until`."""
    first, last = timing.following(floor), timing.latest(until, floor)
    return None if first is None or last is None else (first, last)


def report(log: Daylog, found: list[Outage]) -> None:
    """Say in the daily log what each task has missed, with times."""
    for task, count, (first, last), skipped in found:
        slots = f"{count} slot{'s' if count > 1 else ''}"
        times = _shown(first) if first == last else f"{_shown(first)} to {_shown(last)}"
        why = "" if skipped is None else f" and is skipped now ({skipped})"
        log.note(f"Task '{task.name}' missed {slots}, {times}{why}")


def _shown(slot: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(slot * 60))
