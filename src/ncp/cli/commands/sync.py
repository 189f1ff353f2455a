"""`ncp schedule sync`: make the machine's entries what the schedule says."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ncp.api import Schedule
from ncp.applying import adopting
from ncp.cli import output, plans, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName
from ncp.errors import AbsentError

EXAMPLE = "ncp schedule sync --target systemd"


def command(
    target: TargetName = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt", help="Take over a home that another machine used (a clone, a rename)."
        ),
    ] = False,
    empty: Annotated[
        bool,
        typer.Option("--empty", help="If schedule.json is gone, remove what was made from it."),
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Make the machine's entries what the schedule says.

    Adds, repairs and removes; with --target, moves them to that scheduler.
    """
    if adopt:
        adopting.adopt(Schedule().site)
    try:
        done = opened(may_empty=empty).sync(target=target)
    except AbsentError as error:
        if not _agreed(error):
            output.talk("Nothing was changed.")
            return
        done = opened(may_empty=True).sync(target=target)
    report.outcome(done)
    if json:
        output.as_json({**report.changes_json(done), "kept": [e.key for e in done.changes.keep]})
        return
    plans.entries(done.changes, keep=False)
    output.talk(
        f"Nothing to do on {done.choice.name}; {len(done.changes.keep)} as wanted."
        if done.changes.empty
        else f"Done: {plans.counted(done.changes, done=True)} on {done.choice.name}."
    )


def _agreed(error: AbsentError) -> bool:
    """Ask on a terminal whether what is out of sight is not wanted; elsewhere refuse."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise error
    output.error(error.what, where=error.where)
    return typer.confirm("Shall nothing run any more?", err=True)
