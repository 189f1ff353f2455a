"""`ncp schedule delete`: remove tasks."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ncp.cli import given, output, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, References
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Task

EXAMPLE = "ncp schedule delete backup -y"


def command(
    tasks: References = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonFlag = False,
) -> None:
    """Delete tasks, or all of a timing; what they did stays in the history."""
    references = given.some(tasks, everything=False, example=EXAMPLE)
    home = opened()
    found = home.find(*references)
    if not yes and not _agreed(found, references):
        output.talk("Nothing was deleted.")
        return
    done = home.delete_task(*(task.id for task in found))
    report.outcome(done.outcome, done.notes)
    if json:
        gone = [{"id": t.id, "name": t.name, "timingId": t.timing_id} for t in done.tasks]
        output.as_json({"deleted": gone, **report.changes_json(done.outcome)})
        return
    for task in done.tasks:
        output.line(f'Deleted "{output.visible(task.name)}" ({task.id}).')


def _agreed(tasks: Sequence[Task], references: Sequence[str]) -> bool:
    """Ask on a terminal, naming what goes; elsewhere refuse."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(
            "Nobody can be asked here whether to delete.",
            where="ncp schedule delete",
            next_step=f"Write: ncp schedule delete {shlex.join(references)} -y",
        )
    for task in tasks:
        output.talk(f'  "{output.visible(task.name)}" in timing {task.timing_id}')
    number = "this task" if len(tasks) == 1 else f"these {len(tasks)} tasks"
    return typer.confirm(f"Delete {number}?", err=True)
