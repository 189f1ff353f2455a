"""What became of each item, as rows, as JSON and as counts: for import, apply and migrate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ncp.intake.items import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.intake.items import Line, Report
    from ncp.model import Changes, Host

HEADINGS = ("ITEM", "OUTCOME", "TASK", "TIMING", "ENTRY")
SHORT_ID = 8
LEFT = "The home has another version of it, which was left as it is."
_SUFFIX = re.compile(r"\.(timer|service|plist)$")


def rows(report: Report, host: Host) -> Iterator[tuple[object, ...]]:
    """Lay a report out as a table under `HEADINGS`."""
    keys = entries(report.changes)
    for line in report.lines:
        task = _task_id(line, report)
        timing = None if line.timing is None else line.timing.id
        name = f"{line.item.name} ({line.item.place})" if line.item.place else line.item.name
        entry = timing and entry_of(timing, keys, host)
        yield name, _tense(line, report), task and task[:SHORT_ID], timing, entry


def _task_id(line: Line, report: Report) -> str | None:
    """The id of a task; one that a dry run made up is none."""
    made_up = report.dry and line.outcome == "imported" and "id" not in line.item.values
    return None if line.task is None or made_up else line.task.id


def _tense(line: Line, report: Report) -> str:
    """Say of a dry run what would be."""
    if report.dry and line.outcome in {"imported", "updated"}:
        return f"would be {line.outcome}"
    return line.outcome


def remarks(report: Report) -> Iterator[str]:
    """Yield what is to be said beside the table: reasons, warnings, then of the whole file."""
    for line in report.lines:
        for words in filter(None, (reason(line), *line.warnings)):
            yield f"{_place(line)}: {words}"
    yield from report.notes


def reason(line: Line) -> str:
    """Say why a line has its outcome; empty where there is nothing to say."""
    differs = ", ".join(line.differs)
    if line.refusal is not None:
        return str(line.refusal)
    if not differs:
        return line.note
    if line.outcome == "updated":
        return f"changes {differs}"
    return f"{LEFT} It differs in: {differs}. To take it: --update"


def _place(line: Line) -> str:
    named = f'"{line.item.name}"' if line.item.name else ""
    return ", ".join(filter(None, (line.item.place, named)))


def counts(report: Report) -> str:
    """Count the outcomes: `2 imported, 1 already there, 0 refused, 1 reported`."""
    numbers = {outcome: len(report.of(outcome)) for outcome in OUTCOMES}
    always = {"imported", "already there", "refused"}
    text = ", ".join(f"{n} {name}" for name, n in numbers.items() if n or name in always)
    return f"Dry run, nothing was changed: {text}." if report.dry else f"{text}."


def tree(report: Report, host: Host) -> dict[str, Any]:
    """Lay a report out for --json."""
    keys = entries(report.changes)
    return {
        "dryRun": report.dry,
        "partial": report.partial,
        "items": [_item(line, report, keys, host) for line in report.lines],
        "counts": {outcome: len(report.of(outcome)) for outcome in OUTCOMES},
        "notes": list(report.notes),
        "target": report.target,
        "added": [one.key for one in report.changes.add],
        "changed": [one.key for one in report.changes.change],
        "removed": [one.key for one in report.changes.remove],
    }


def _item(line: Line, report: Report, keys: Mapping[str, str], host: Host) -> dict[str, Any]:
    timing = line.timing and line.timing.id
    return {
        "name": line.item.name,
        "place": line.item.place,
        "outcome": line.outcome,
        "reason": reason(line) or None,
        "warnings": list(line.warnings),
        "taskId": _task_id(line, report),
        "timingId": timing,
        "entry": timing and entry_of(timing, keys, host),
    }


def entries(changes: Changes) -> dict[str, str]:
    """Index the entries of a change, without their folders, by what names them."""
    found: dict[str, str] = {}
    for some in (changes.add, changes.change, changes.keep):
        for one in some:
            key = re.split(r"[/\\]", one.key)[-1]
            name = _SUFFIX.sub("", key)
            found.setdefault(name, key)
            found.setdefault(name.rpartition(".")[2], key)
    return found


def entry_of(timing_id: str, keys: Mapping[str, str], host: Host) -> str | None:
    """Find the entry of a timing by what the targets call it; None where it has none."""
    return keys.get(f"{host.prefix}-{timing_id}") or keys.get(timing_id)
