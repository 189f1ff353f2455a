"""`ncp` alone: what is scheduled here, what comes next, what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.cli import output, report, tables
from ncp.cli.opening import opened, tell_stale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.cli.tables import Clock

SHOWN = 3
"""How many failures are shown; of the others it says how many there are."""
START = 'ncp schedule create "every 5 minutes" -- date'


def command(*, json: bool = False) -> None:
    """Show the state of the home."""
    home = opened()
    tell_stale(home)
    state = home.overview()
    if json:
        output.as_json(state)
        return
    zone = home.host.zone
    if not state["timings"]:
        output.line(f"Nothing is scheduled yet. To start:\n\n  {START}\n")
    output.line(f"Target: {state['target']} ({output.visible(state['reason'])})")
    if state["timings"]:
        clock = report.clock_for(home.host)
        _timings(state["timings"], clock)
        _running(state["running"], clock)
        _failures(state["failures"], clock)
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
        slot = report.clock_of(late["slot"], zone)
        yield f"{late['timingId']} was due at {slot} and did not wake. See: ncp doctor"
    if state["predecessor"]:
        place = output.visible(state["predecessor"])
        yield f"{place} is of an earlier version. Its jobs are not fired, and it is left as it is."


def _timings(timings: list[dict[str, Any]], clock: Clock) -> None:
    output.line()
    rows = (
        (
            timing["id"],
            timing["name"],
            len(timing["taskIds"]),
            _next(timing, clock),
            _wake(timing["lastWake"], clock),
        )
        for timing in timings
    )
    output.table(("TIMING", "WHEN", "TASKS", "NEXT", "LAST WAKE"), rows, keep=("TIMING", "NEXT"))


def _next(timing: dict[str, Any], clock: Clock) -> str | None:
    """Say when a timing fires next, and how far off that is; or that it does not."""
    second = report.second(timing["nextExecutionAt"])
    if second is None:
        return None
    if not timing["hasEntry"]:
        return "no entry"
    if not timing["fires"]:
        return f"{clock(second)} (nothing fires)"
    return clock.both(second)


def _wake(wake: dict[str, Any] | None, clock: Clock) -> str | None:
    return None if wake is None else f"{clock(report.second(wake['at']))} ({wake['outcome']})"


def _running(running: list[dict[str, Any]], clock: Clock) -> None:
    if not running:
        return
    output.line("\nRunning now", style="bold")
    short = tables.short_executions([one["executionId"] for one in running])
    rows = (
        (one["taskName"], one["timingId"], clock(report.second(one["startedAt"])), id_)
        for one, id_ in zip(running, short, strict=True)
    )
    output.table(("TASK", "TIMING", "SINCE", "ID"), rows)


def _failures(failures: list[dict[str, Any]], clock: Clock) -> None:
    if not failures:
        return
    output.line("\nLast failures", style="bold")
    shown = failures[:SHOWN]
    short = tables.short_executions([one["executionId"] for one in shown])
    rows = (
        (clock(report.second(one["startedAt"])), one["taskName"], one["why"], id_)
        for one, id_ in zip(shown, short, strict=True)
    )
    output.table(("STARTED", "TASK", "REASON", "ID"), rows, keep=("REASON",))
    more = len(failures) - len(shown)
    about = f" ({more} more tasks failed last)" if more > 1 else " (one more task failed last)"
    output.line(f"See: ncp schedule show {short[0]}{about if more else ''}")
