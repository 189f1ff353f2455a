"""`ncp` alone: what is scheduled here, what comes next, what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ncp.api import overview
from ncp.cli import output, report
from ncp.cli.opening import opened, tell_stale
from ncp.cron import calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

START = 'ncp schedule create "every 5 minutes" -- date'


def command(*, json: bool = False) -> None:
    """Show the state of the home."""
    home = opened()
    tell_stale(home.site)
    state = overview.overview(home)
    if json:
        output.as_json(state)
        return
    zone = home.site.host.zone
    if not state["timings"]:
        output.line(f"Nothing is scheduled yet. To start:\n\n  {START}\n")
    output.line(f"Target: {state['target']} ({output.visible(state['reason'])})")
    if state["timings"]:
        _timings(state["timings"], zone)
        _failures(state["failures"], zone)
    else:
        output.line("More: ncp --help")
    for text in _warnings(state, zone):
        output.note(text)


def _warnings(state: dict[str, Any], zone: str) -> Iterator[str]:
    """Say what keeps things from firing."""
    for found in state["warnings"]:
        mend = f" To mend it: {found['mend']}" if found["mend"] else ""
        yield f"{output.visible(found['message'])}{mend}"
    for late in state["overdue"]:
        slot = _local(late["slot"], zone)
        yield f"{late['timingId']} was due at {slot} and did not wake. See: ncp doctor"
    if state["predecessor"]:
        place = output.visible(state["predecessor"])
        yield f"{place} is of an earlier version. Its jobs are not fired, and it is left as it is."


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
                _wake(timing["lastWake"], zone),
            )
            for timing in timings
        ),
    )


def _wake(wake: dict[str, Any] | None, zone: str) -> str | None:
    return None if wake is None else f"{_local(wake['at'], zone)} ({wake['outcome']})"


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
