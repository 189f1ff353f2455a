"""`ncp schedule sync`: make the machine's entries what the schedule says."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from ncp.api import Schedule, answers
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
            "--adopt",
            help="Take over a home that another machine used (a clone, a rename), or a copy.",
        ),
    ] = False,
    empty: Annotated[
        bool,
        typer.Option("--empty", help="If schedule.json is gone, remove what was made from it."),
    ] = False,
    moved: Annotated[
        bool,
        typer.Option("--moved", help="Remove the entries of the place this home was moved from."),
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Make the machine's entries what the schedule says.

    Adds, repairs and removes; with --target, moves them to that scheduler.
    """
    if adopt:
        Schedule().upkeep.adopt()
    try:
        done = opened(may_empty=empty).sync(target=target)
    except AbsentError as error:
        if not _agreed(error):
            output.talk("Nothing was changed.")
            return
        done = opened(may_empty=True).sync(target=target)
    taken: list[str] = []
    if done.behind and (moved or _agreed_to_take(answers.left_behind(done))):
        taken = Schedule().take_along()
        done = replace(done, behind={})
    report.outcome(done)
    if json:
        kept = [entry.key for entry in done.changes.keep]
        output.as_json({**report.changes_json(done), "kept": kept, "takenAlong": taken})
        return
    for key in taken:
        output.data(f"- {output.visible(key)} (of the old place)")
    plans.entries(done.changes, keep=False)
    output.talk(
        f"Nothing to do on {done.choice.name}; {len(done.changes.keep)} as wanted."
        if done.changes.empty
        else f"Done: {plans.counted(done.changes, done=True)} on {done.choice.name}."
    )


def _agreed_to_take(behind: str) -> bool:
    """Ask on a terminal whether the entries of a moved home go; elsewhere a note says how."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    output.note(behind)
    return typer.confirm("Shall they be removed?", default=True, err=True)


def _agreed(error: AbsentError) -> bool:
    """Ask on a terminal whether what is out of sight is not wanted; elsewhere refuse."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise error
    output.error(error.what, where=error.where)
    return typer.confirm("Shall nothing run any more?", err=True)
