"""What a change did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.cli import output
from ncp.cron import calendar, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.api import Schedule
    from ncp.applying.changing import Outcome
    from ncp.model import Task, Timing


def outcome(done: Outcome, notes: Iterable[str] = ()) -> None:
    """Say on stderr what was assumed, advised, and told to the scheduler."""
    for note in notes:
        output.note(note)
    for advice in done.advice:
        output.note(advice)
    if not done.choice.recorded:
        output.talk(f"Target: {done.choice.name} ({done.choice.reason}).")


def changes_json(done: Outcome) -> dict[str, Any]:
    """The entries a change touched, for --json."""
    return {
        "target": done.choice.name,
        "added": [entry.key for entry in done.changes.add],
        "changed": [entry.key for entry in done.changes.change],
        "removed": [entry.key for entry in done.changes.remove],
        "advice": done.advice,
    }


def task(found: Task, timing: Timing, schedule: Schedule, verb: str) -> None:
    """Say in two lines what a task is now, and when it fires next."""
    host = schedule.site.host
    output.line(f'{verb} "{output.visible(found.name)}" ({found.id}) in timing {timing.id}.')
    output.line(wording.sentence(timing.recurrence, timing.zone, machine_zone=host.zone))
    zone = timing.zone or host.zone
    for slot in calendar.following(timing.recurrence, zone, host.now, 1):
        output.line(f"Next: {clock(calendar.local(slot, zone))}")


def clock(local: Any) -> str:
    """A local instant for people: `Mon 2026-11-23 09:00 CET`."""
    return str(local.strftime("%a %Y-%m-%d %H:%M %Z"))
