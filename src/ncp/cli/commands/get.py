"""`ncp schedule get`: everything about one task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import details
from ncp.cli import output, pipelines, policies, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TaskArgument

if TYPE_CHECKING:
    from ncp.api import Schedule

EXAMPLE = "ncp schedule get backup"
FACTS = {
    "description": "Remark",
    "workingDirectory": "Folder",
    "envFile": "Variables",
    "stdin": "Reads",
    "maxExecutions": "At most",
    "endDate": "Until",
    "overlap": "Overlap",
    "priority": "Priority",
    "jitterSeconds": "Jitter (s)",
    "umask": "Umask",
    "origin": "Made from",
    "errorMessage": "Trouble",
    "original": "Original",
}
"""What is shown only where it is set, and what it is called."""


def command(task: TaskArgument, json: JsonFlag = False) -> None:
    """Show a task: what it runs, when, with which environment, and how it went."""
    home = opened()
    found = details.of_task(home.site, task)
    if json:
        output.as_json(found)
        return
    zone = found["timezone"] or home.site.host.zone
    output.facts(_facts(home, found, zone))
    output.line("\nEnvironment")
    output.facts((f"  {name}", value) for name, value in found["effectiveEnvironment"].items())
    if found["executions"]:
        output.line("\nLast executions")
        report.executions(found["executions"], home.site.host)


def _facts(home: Schedule, found: dict[str, Any], zone: str) -> list[tuple[str, object]]:
    limit = found["timeoutSeconds"]
    return [
        ("Name", found["name"]),
        ("Id", found["id"]),
        ("Status", found["status"]),
        *pipelines.actions_said(found),
        ("Timing", f"{found['timingId']} ({_recurrence(found)})"),
        ("When", found["sentence"]),
        *(("Next", report.clock_of(slot, zone)) for slot in found["nextSlots"]),
        ("Deadline", f"{limit:g} s" if limit else "none"),
        *((title, found[key]) for key, title in FACTS.items() if found.get(key) is not None),
        *_policies(found),
        *_order(home, found),
        ("Executions", found["executionCount"]),
    ]


def _policies(found: dict[str, Any]) -> list[tuple[str, object]]:
    words = {
        "retries": ("Retries", policies.retries_said),
        "activeHours": ("Active hours", policies.active_hours_said),
        "limits": ("Limits", policies.limits_said),
    }
    return [(title, say(found[key])) for key, (title, say) in words.items() if found.get(key)]


def _order(home: Schedule, found: dict[str, Any]) -> list[tuple[str, object]]:
    awaited = found.get("after")
    return [("After", policies.after_said(home.model, awaited))] if awaited else []


def _recurrence(found: dict[str, Any]) -> str:
    every = found.get("every")
    text = str(found["cronExpression"] or found["at"] or "never")
    return f"{text}, every {every['count']} {every['unit']}s" if every else text
