"""`ncp schedule get`: everything about one task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.cli import output, pipelines, policies, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TaskArgument
from ncp.fields import TASK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.api import Schedule
    from ncp.fields import Field

EXAMPLE = "ncp schedule get backup"


def command(task: TaskArgument, json: JsonFlag = False) -> None:
    """Show a task: what it runs, when, with which environment, and how it went."""
    home = opened()
    found = home.describe_task(task)
    if json:
        output.as_json(found)
        return
    zone = found["timezone"] or home.host.zone
    output.facts(_facts(home, found, zone))
    output.line("\nEnvironment")
    output.facts((f"  {name}", value) for name, value in found["effectiveEnvironment"].items())
    if found["executions"]:
        output.line("\nLast executions")
        report.executions(found["executions"], home.host)


def _facts(home: Schedule, found: dict[str, Any], zone: str) -> list[tuple[str, object]]:
    tree = {**found, "after": policies.awaited(home.model, found.get("after"))}
    return [
        ("Name", found["name"]),
        ("Id", found["id"]),
        ("Status", found["status"]),
        *pipelines.actions_said(found),
        ("Timing", f"{found['timingId']} ({_recurrence(found)})"),
        ("When", found["sentence"]),
        *(("Next", report.clock_of(slot, zone)) for slot in found["nextSlots"]),
        *((row.title, row.said(tree[row.key])) for row in TASK if _is_shown(row, tree)),
        ("Executions", found["executionCount"]),
    ]


def _is_shown(row: Field, tree: Mapping[str, Any]) -> bool:
    """Whether a field has a line of its own, and is set."""
    return bool(row.title) and tree.get(row.key) not in (None, {}, [])


def _recurrence(found: dict[str, Any]) -> str:
    every = found.get("every")
    text = str(found["cronExpression"] or found["at"] or "never")
    return f"{text}, every {every['count']} {every['unit']}s" if every else text
