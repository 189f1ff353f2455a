"""`ncp schedule apply`: make the home what a file says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ncp import errors
from ncp.api import imports, reports
from ncp.cli import imported, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName, WeekdaysOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.api import Line, Report

EXAMPLE = "ncp schedule apply schedule.yaml --prune --dry-run"
SIGNS = {"imported": "+", "updated": "~", "deleted": "-", "already there": "=", "refused": "!"}
"""How a plan shows what becomes of a task."""


def command(  # noqa: PLR0917  typer's way to say what a command takes
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="YAML or JSON with a list of tasks.")
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete what this file made and has no more.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan, and change nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Change nothing where a task is refused.")
    ] = False,
    target: TargetName = None,
    skip_validation: Annotated[
        bool, typer.Option("--skip-validation", help="Do not ask MCP servers about tools.")
    ] = False,
    weekdays: WeekdaysOption = None,
    json: JsonFlag = False,
) -> int:
    """Make the home what a file says: create, update, and with --prune delete.

    Tasks are known by their names. First comes the plan: + new, ~ changed, - deleted, = as it
    is, ! refused. A refused task leaves the others alone, and the exit code is 2.
    """
    imports.require_way(weekdays)
    source = imports.read(file)
    home = opened()
    done = home.apply(
        source,
        prune=prune,
        strict=strict,
        dry_run=dry_run,
        target=target,
        validate=not skip_validation,
        weekdays=weekdays,
        before=None if json else _plan,
    )
    report = done.report
    changed = report.of("imported", "updated", "deleted") and not report.of("refused")
    output.acted = bool(changed) and not report.dry
    _tell(report, done.left, json=json)
    if json:
        output.as_json(reports.tree(report, home.host))
    return errors.BAD_INPUT if report.partial else errors.DONE


def _plan(lines: Sequence[Line]) -> None:
    for line in lines:
        output.data(f"{SIGNS[line.outcome]} {output.visible(_said(line))}")


def _said(line: Line) -> str:
    timing = "" if line.timing is None else f" ({line.timing.id})"
    changes = f": {reports.reason(line)}" if line.outcome == "updated" else ""
    return f"{line.item.name}{timing}{changes}"


def _tell(report: Report, left: Sequence[str], *, json: bool) -> None:
    for line in report.lines:
        words = reports.reason(line) if line.outcome == "refused" else ""
        for one in filter(None, (words, *line.warnings)):
            place = f"{line.item.place}, " if line.item.place else ""
            output.note(f'{place}"{line.item.name}": {one}')
    for words in report.notes:
        output.note(words)
    if left:
        names = ", ".join(f'"{name}"' for name in left)
        output.note(f"No longer in this file, but made by it: {names}. --prune deletes them.")
    imported.target(report)
    if not json:
        output.talk(_counts(report))


def _counts(report: Report) -> str:
    words = {"imported": "created", "already there": "as they are"}
    counts = {name: len(report.of(name)) for name in reports.OUTCOMES if name != "reported"}
    text = ", ".join(f"{number} {words.get(name, name)}" for name, number in counts.items())
    if report.dry:
        return f"Dry run, nothing was changed: {text}."
    if not report.of("imported", "updated", "deleted"):
        return f"Nothing to change: {text}."
    return f"{text}."
