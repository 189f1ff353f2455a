"""`ncp schedule catchup`: run what was missed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ncp.cli import echoing, output, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, Reference

if TYPE_CHECKING:
    from ncp.api import CaughtUp
    from ncp.model import Host

EXAMPLE = "ncp schedule catchup backup --dry-run"


def command(
    task: Reference = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every missed slot, oldest first; default: the newest.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="With --all: so many of a task, the newest.")
    ] = 100,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what was missed.")] = False,
    json: JsonFlag = False,
) -> int:
    """Run what active tasks have missed: of everything, one task or one timing.

    A slot that has started is never run again. What tasks print is shown as it
    comes (on stderr with --json) and kept.
    """
    home = opened()
    with echoing.echo(sys.stderr if json else sys.stdout) as echo:
        done = home.catch_up(task, everything=everything, limit=limit, dry_run=dry_run, echo=echo)
    output.tell(lambda: _report(done, home.host, dry_run=dry_run, json=json))
    return done.code


def _report(done: CaughtUp, host: Host, *, dry_run: bool, json: bool) -> None:
    if json:
        output.as_json(
            {
                "dryRun": dry_run,
                "missed": done.missed,
                "leftOut": done.left_out,
                "held": done.held,
                "executions": done.executions,
            }
        )
    else:
        _tell(done, host, dry_run=dry_run)


def _tell(done: CaughtUp, host: Host, *, dry_run: bool) -> None:
    if not done.missed and not done.held:
        output.talk("Nothing was missed.")
    elif dry_run and done.missed:
        clock = report.clock_for(host)
        rows = (
            (clock(report.second(one["slot"])), one["taskName"], one["timingId"])
            for one in done.missed
        )
        output.table(("SLOT", "TASK", "TIMING"), rows)
    elif done.missed:
        report.executions(done.executions, host)
        if left := len(done.missed) - len(done.executions):
            output.note(
                "Slots that were not run, and still are missed (something else runs or was"
                f" stopped, or it is outside active hours now): {left}."
            )
    if done.held:
        output.note(
            "Missed slots of tasks that wait for others, which do not run in them:"
            f" {done.held}; see --all."
        )
    if done.left_out:
        output.note(f"Older missed slots that are left out: {done.left_out}; see --limit.")
