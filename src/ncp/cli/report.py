"""What a change did, in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ncp import masking
from ncp.api import answers, moments
from ncp.cli import output, tables
from ncp.fields import TASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ncp.api import Outcome, Schedule, Updated
    from ncp.model import Host, Task, Timing


LONGEST = 120
"""Of a value in a line; `get` shows all of it."""
LISTS = {row.key: row.said for row in TASK if row.said is not str}
"""How lists are said that people write as words."""


def outcome(done: Outcome, notes: Iterable[str] = ()) -> None:
    """Say on stderr what was assumed, advised, and told to the scheduler.

    From here on something has been done, whatever becomes of the report on it.
    """
    output.acted = True
    for note in notes:
        output.note(note)
    for advice in answers.advice(done):
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
        "advice": answers.advice(done),
    }


def task(found: Task, timing: Timing, schedule: Schedule, verb: str) -> None:
    """Say in two lines what a task is now, and when it fires next."""
    output.line(f'{verb} "{output.visible(found.name)}" ({found.id}) in timing {timing.id}.')
    output.line(schedule.sentence(timing))
    slots = schedule.next_slots(found, 1)
    for slot in slots:
        output.line(f"Next: {clock_of(slot, timing.zone or schedule.host.zone)}")
    if found.active_hours and found.status == "active" and not slots:
        output.note(f"No slot of {timing.id} lies in its active hours: it will not run.")


def differences(changed: Mapping[str, tuple[object, object]]) -> None:
    """Print what is other than before, a line each: `command: date → om p`."""
    if not changed:
        output.line("  All of it was so already.")
    for key, (old, new) in changed.items():
        output.line(f"  {output.visible(key)}: {_said(key, old)} → {_said(key, new)}")


def _said(key: str, value: object) -> str:
    """Say a value of the document in a few words: lists as they are typed, others as JSON."""
    if value is None or value in ({}, [], ()):
        return "none"
    if key in LISTS and isinstance(value, (list, tuple)):
        return output.visible(masking.line(LISTS[key](value)))
    if answers.is_secret(key.rpartition(".")[2], str(value)):
        return masking.MASK
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = masking.line(text)
    return output.visible(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def clock(local: Any) -> str:
    """A local instant for people: `Mon 2026-11-23 09:00 CET`."""
    return str(local.strftime(tables.CLOCK))


def clock_of(instant: str | None, zone: str) -> str | None:
    """Show an instant of the JSON on the clock of a zone."""
    if instant is None:
        return None
    return clock(moments.local(datetime.fromisoformat(instant), zone))


def changed(schedule: Schedule, done: Updated, verb: str, *, json: bool) -> None:
    """Say what became of tasks that were changed."""
    outcome(done.outcome, done.notes)
    if json:
        tasks = [schedule.get_task(found.id) for found in done.tasks]
        output.as_json({"tasks": tasks, **changes_json(done.outcome)})
        return
    if not done.tasks:
        output.talk("No task has changed.")
    for found in done.tasks:
        output.line(f'{verb} "{output.visible(found.name)}" ({found.id}).')


def executions(found: Sequence[Mapping[str, Any]], host: Host) -> None:
    """Print executions as a table, on the clock of the machine."""
    output.table(tables.EXECUTIONS, tables.executions(found, clock_for(host), second))


def clock_for(host: Host) -> tables.Clock:
    """Show instants in tables, on the clock of the machine."""

    def shown(at: float, form: str) -> str:
        return str(moments.local(datetime.fromtimestamp(at, UTC), host.zone).strftime(form))

    return tables.Clock(shown, host.now.timestamp())


def second(instant: str | None) -> float | None:
    """Read an instant of the JSON as epoch seconds."""
    return None if instant is None else datetime.fromisoformat(instant).timestamp()
