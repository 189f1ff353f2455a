"""`ncp schedule logs`: the daily log, and what executions printed."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from ncp.api import printed
from ncp.cli import given, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, RawFlag
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = "ncp schedule logs backup -n 50"
STREAMS = ("stdout", "stderr")


def command(  # noqa: PLR0917  typer's way to say what a command takes
    task: Annotated[
        str | None, typer.Argument(metavar="TASK", help="Only what is about this task.")
    ] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many lines.")] = 20,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on showing what is added.")
    ] = False,
    execution: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Print all that one execution printed, instead; a task: its newest."
        ),
    ] = None,
    stream: Annotated[
        str | None,
        typer.Option(metavar="STREAM", help="With --execution: only its stdout, or its stderr."),
    ] = None,
    raw: RawFlag = False,
    json: JsonFlag = False,
) -> None:
    """Show the end of the daily log: of everything, or of one task."""
    _refuse_mixtures(task, execution, follow=follow, json=json)
    if stream is not None:
        given.one_of(stream, STREAMS, "--stream")
        _require_execution(execution)
    home = opened()
    if execution is not None:
        execution, found = home.output(execution)
        chosen = (piece for piece in found if stream is None or piece[0] in {stream, "ncp"})
        if json:
            output.as_json(printed.tree(execution, chosen))
        else:
            _print(chosen, bare=raw)
        return
    log = home.log(task)
    last = log.last(lines)
    if json:
        output.as_json({"lines": last})
        return
    for line in last:
        output.data(line, bare=raw)
    if follow:
        sys.stdout.flush()
        for line in log.follow():
            output.data(line, bare=raw)
            sys.stdout.flush()
    elif not last:
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


def _require_execution(execution: str | None) -> None:
    if execution is None:
        raise InputError(
            "Only what one execution printed is told apart like that.",
            where="--stream",
            next_step="Add --execution ID; ids are in: ncp schedule executions",
        )


def _print(found: Iterator[tuple[str, bytes]], *, bare: bool) -> None:
    """Print what was printed; ncp's remarks on it are talk."""
    nothing = True
    for ours, pieces in groupby(found, key=lambda piece: piece[0] == "ncp"):
        nothing = False
        if ours:
            remarks = b"".join(data for _, data in pieces)
            output.talk(remarks.decode(errors="replace").rstrip())
        else:
            output.printed((data for _, data in pieces), colours=True, bare=bare)
    if nothing:
        output.talk("It printed nothing that was kept.")
