"""`ncp` alone: what is scheduled here, what comes next, what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ncp.api import overview
from ncp.cli import output, report
from ncp.cli.opening import opened
from ncp.cron import calendar

START = 'ncp schedule create "every 5 minutes" -- date'


def command(*, json: bool = False) -> None:
    """Show the state of the home."""
    home = opened()
    state = overview.overview(home)
    if json:
        output.as_json(state)
        return
    zone = home.site.host.zone
    output.line(f"Target: {state['target'] or 'none'} ({output.visible(state['reason'])})")
    if state["timings"]:
        _timings(state["timings"], zone)
    else:
        output.line(f"Nothing is scheduled yet. To start:\n\n  {START}\n\nMore: ncp --help")
    _failures(state["failures"], zone)
    for late in state["overdue"]:
        slot = _local(late["slot"], zone)
        output.note(f"{late['timingId']} was due at {slot} and did not wake. See: ncp doctor")
    if state["predecessor"]:
        output.note(
            f"{output.visible(state['predecessor'])} is of an earlier version. Its jobs are "
            "not fired, and the file is left as it is."
        )


def _timings(timings: list[dict[str, Any]], zone: str) -> None:
    output.line()
    output.table(
        ("TIMING", "WHEN", "TASKS", "NEXT", "LAST WAKE"),
        (
            (
                timing["id"],
                timing["name"],
                len(timing["taskIds"]),
                _local(timing["nextExecutionAt"], zone),
                _local(timing["lastWake"] and timing["lastWake"]["at"], zone),
            )
            for timing in timings
        ),
    )


def _failures(failures: list[dict[str, Any]], zone: str) -> None:
    if failures:
        output.line("\nLast failures", style="bold")
    for found in failures:
        status = found["status"] if found["exitCode"] is None else f"exit {found['exitCode']}"
        when = _local(found["startedAt"], zone)
        output.line(f"{when}  {output.visible(found['taskName'])}  {status}", style="red")
    if failures:
        output.line("See: ncp schedule executions")


def _local(instant: str | None, zone: str) -> str | None:
    if instant is None:
        return None
    return report.clock(calendar.local(datetime.fromisoformat(instant), zone))
