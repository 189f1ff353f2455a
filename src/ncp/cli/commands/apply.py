"""`ncp schedule apply`: make the home what a file says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ncp import errors
from ncp.api import declared
from ncp.cli import imported, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName, WeekdaysOption
from ncp.declaring import deed
from ncp.declaring.deed import Wish
from ncp.intake import opening, reporting
from ncp.intake.deed import foresee
from ncp.intake.items import OUTCOMES
from ncp.taskfile import weekdays as counting

if TYPE_CHECKING:
    from ncp.intake.items import Foretold, Line, Report

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
    counting.require_way(weekdays)
    source = opening.opened(file)
    home = opened()
    wish = Wish(declared.origin(source), prune=prune, strict=strict, target=target)
    found, decided = declared.decide(
        home.site, declared.read(home.site, source, weekdays), wish, validate=not skip_validation
    )
    if not json:
        _plan(decided)
    if strict:
        deed.require_all(decided)
    if dry_run or not decided.changes:
        report = foresee(home.site, decided, found.notes, target, dry=dry_run)
    else:
        report = deed.carry_out(home.site, found, wish)
        output.acted = not report.of("refused")
    _tell(report, deed.left(home.model, found, wish), json=json)
    if json:
        output.as_json(reporting.tree(report, home.site.host))
    return errors.BAD_INPUT if report.partial else errors.DONE


def _plan(decided: Foretold) -> None:
    for line in decided.lines:
        output.data(f"{SIGNS[line.outcome]} {output.visible(_said(line))}")


def _said(line: Line) -> str:
    timing = "" if line.timing is None else f" ({line.timing.id})"
    changes = f": {reporting.reason(line)}" if line.outcome == "updated" else ""
    return f"{line.item.name}{timing}{changes}"


def _tell(report: Report, left: list[str], *, json: bool) -> None:
    for line in report.lines:
        words = reporting.reason(line) if line.outcome == "refused" else ""
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
    counts = {name: len(report.of(name)) for name in OUTCOMES if name != "reported"}
    text = ", ".join(f"{number} {words.get(name, name)}" for name, number in counts.items())
    if report.dry:
        return f"Dry run, nothing was changed: {text}."
    if not report.of("imported", "updated", "deleted"):
        return f"Nothing to change: {text}."
    return f"{text}."
