"""`ncp schedule logs`: the daily log, and what executions printed."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ncp.api import logs
from ncp.cli import output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag
from ncp.errors import InputError

EXAMPLE = "ncp schedule logs backup -n 50"


def command(
    task: Annotated[
        str | None, typer.Argument(metavar="TASK", help="Only what is about this task.")
    ] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many lines.")] = 20,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on showing what is added.")
    ] = False,
    execution: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Print all that one execution printed, instead."),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Show the end of the daily log: of everything, or of one task."""
    _refuse_mixtures(task, execution, follow=follow, json=json)
    home = opened()
    if execution is not None:
        _print(execution, logs.output_of(home, execution), json=json)
        return
    log = logs.Log(home, task)
    found = log.last(lines)
    if json:
        output.as_json({"lines": found})
        return
    for line in found:
        output.data(line)
    if follow:
        sys.stdout.flush()
        for line in log.follow():
            output.data(line)
            sys.stdout.flush()
    elif not found:
        output.talk("Nothing has been logged.")


def _refuse_mixtures(task: str | None, execution: str | None, *, follow: bool, json: bool) -> None:
    if follow and (json or execution):
        raise InputError(
            "What has no end yet cannot be printed like that.",
            where="--follow",
            next_step="Leave out --json and --execution.",
        )
    if task is not None and execution is not None:
        raise InputError(
            "An execution is of one task already.",
            where="--execution",
            next_step=f"Write: ncp schedule logs --execution {execution}",
        )


def _print(execution: str, printed: bytes | None, *, json: bool) -> None:
    if json:
        text = None if printed is None else printed.decode(errors="replace")
        output.as_json({"executionId": execution, "output": text})
    elif printed is None:
        output.talk("It printed nothing that was kept.")
    else:
        output.raw(printed)
