"""`ncp schedule stats`: how often tasks ran, how it went, how long it took."""

from __future__ import annotations

from ncp.cli import output, report, tables
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, Reference

EXAMPLE = "ncp schedule stats backup"
BAD = ("failure", "timeout", "interrupted")


def command(task: Reference = None, json: JsonFlag = False) -> None:
    """Count executions and say how long they took: of each task, or of one."""
    home = opened()
    found = home.stats(task)
    if json:
        output.as_json({"statistics": found})
        return
    if not found:
        output.talk('No tasks. Make one: ncp schedule create "every day at 9am" -- COMMAND')
        return
    clock, model = report.clock_for(home.host), home.model
    words = [*(task.name for task in model.tasks.values()), *model.timings]
    short = tables.short_ids(model.tasks, words)
    output.table(
        ("TASK", "TIMING", "RAN", "GOOD", "BAD", "SKIPPED", "RATE", "MEDIAN", "95 %", "NEXT", "ID"),
        (
            (
                one["taskName"],
                one["timingId"],
                one["executionCount"],
                one["statuses"].get("success", 0),
                sum(one["statuses"].get(status, 0) for status in BAD),
                one["statuses"].get("skipped", 0),
                _percent(one["successRate"]),
                tables.took(one["durationMs"]["p50"]),
                tables.took(one["durationMs"]["p95"]),
                clock.coming(report.second(one["nextExecutionAt"])),
                short[one["taskId"]],
            )
            for one in found
        ),
    )


def _percent(rate: float | None) -> str | None:
    """A rate as a whole percentage that says 100 only where nothing went wrong."""
    return None if rate is None else f"{int(rate * 100)} %"
