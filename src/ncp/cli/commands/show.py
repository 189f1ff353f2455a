"""`ncp schedule show`: everything about one execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.cli import output, pipelines, report, tables
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, RawFlag

if TYPE_CHECKING:
    from ncp.model import Host

EXAMPLE = "ncp schedule show backup"
MIB = 1024 * 1024


def command(
    execution: Annotated[
        str,
        typer.Argument(
            metavar="EXECUTION", help="An id, the start of one, or a task for its newest."
        ),
    ],
    raw: RawFlag = False,
    json: JsonFlag = False,
) -> None:
    """Show an execution: when it ran, how it ended, what it used and printed."""
    home = opened()
    found = home.execution(execution)
    if json:
        output.as_json(found)
        return
    pieces = (data for _, data in home.output(found["executionId"])[1])
    if raw:
        output.printed(pieces, bare=True)
        return
    output.facts(_facts(found, home.host))
    if found["output"] is not None:
        output.line("\nOutput")
        output.printed(pieces, colours=True)


def _facts(found: dict[str, Any], host: Host) -> list[tuple[str, object]]:
    zone, clock = host.zone, report.clock_for(host)
    facts = [
        ("Execution", found["executionId"]),
        ("Task", f"{found['taskName']} ({found['taskId']})"),
        ("Timing", found["timingId"]),
        ("Slot", report.clock_of(found["slot"], zone) or "none; it was run by hand"),
        ("Attempt", found["attempt"]),
        ("Status", found["status"]),
        ("Reason", found["reason"]),
        ("Started", report.clock_of(found["startedAt"], zone)),
        ("Ended", report.clock_of(found["endedAt"], zone)),
        ("Took", tables.took(found["durationMs"])),
        ("Exit code", found["exitCode"]),
        ("Signal", found["signal"]),
        ("Memory", _memory(found["maxRssBytes"])),
        ("CPU time", _seconds(found["cpuSeconds"])),
        *pipelines.record_said(found),
        ("Missed", tables.missed(found, clock, report.second) or found["missed"] or None),
        ("Kept in", found["outputPath"]),
        *(("File", path) for path in found["files"]),
    ]
    return [(name, value) for name, value in facts if value is not None]


def _memory(peak: int | None) -> str | None:
    return None if peak is None else f"{peak / MIB:.1f} MiB"


def _seconds(seconds: float | None) -> str | None:
    return None if seconds is None else tables.took(round(seconds * 1000))
