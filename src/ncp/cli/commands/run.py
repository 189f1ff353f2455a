"""`ncp schedule run`: run a task now."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.cli import echoing, output, pipelines, tables
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, RawFlag
from ncp.errors import DONE
from ncp.fields import said

if TYPE_CHECKING:
    from ncp.api import Ran

EXAMPLE = "ncp schedule run backup"


def command(
    task: Annotated[
        str,
        typer.Argument(
            metavar="TASK|TIMING",
            help="A task's id or name, or a timing for its active tasks;"
            " task:X, timing:X where X is both.",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would run, where, with what.")
    ] = False,
    raw: RawFlag = False,
    json: JsonFlag = False,
) -> int:
    """Run a task, or a timing's active tasks, now; no slot of theirs is used up.

    What they print is shown as it comes (on stderr with --json) and kept.
    """
    home = opened()
    if dry_run:
        _show(home.preview(task), json=json)
        return DONE
    with echoing.echo(sys.stderr if json else sys.stdout, bare=raw) as echo:
        ran = home.run(task, echo=echo)
    output.tell(lambda: _report(ran, json=json))
    return ran.code


def _report(ran: Ran, *, json: bool) -> None:
    if json:
        output.as_json({"executions": ran.executions})
    for one in ran.executions:
        name, status = output.visible(one["taskName"]), one["status"]
        reason = f": {one['reason']}" if one["reason"] else ""
        code = f", exit code {one['exitCode']}" if one["exitCode"] else ""
        output.talk(f'"{name}" {status} in {tables.took(one["durationMs"])}{code}{reason}')


def _show(planned: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        output.as_json({"tasks": planned})
        return
    for one in planned:
        reads = one["stdin"]
        output.facts(
            (
                ("Task", one["taskName"]),
                *((("Would fail", one["problem"]),) if one["problem"] else ()),
                *pipelines.plan_said(one),
                ("Folder", one["workingDirectory"]),
                ("Reads", "nothing" if reads is None else reads),
                ("Deadline", said.deadline(one["timeoutSeconds"])),
                ("Umask", one["umask"]),
                *((("Limits", said.limits(one["limits"])),) if one["limits"] else ()),
            )
        )
        output.line("Environment")
        output.facts((f"  {name}", value) for name, value in one["environment"].items())
