"""`ncp schedule import`: take schedules over that were made elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ncp.api import imports
from ncp.cli import imported, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName, WeekdaysOption
from ncp.errors import DONE

if TYPE_CHECKING:
    from ncp.api import Report

EXAMPLE = "ncp schedule import --from-crontab --dry-run"


def command(  # noqa: PLR0917  typer's way to say what a command takes
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|-]", help="What to read; - is standard input.", show_default=False
        ),
    ] = None,
    from_crontab: Annotated[
        bool, typer.Option("--from-crontab", help="Instead of a file: your own crontab.")
    ] = False,
    kind: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"What it is, if it does not show: {', '.join(imports.FORMATS)}.",
        ),
    ] = None,
    user_column: Annotated[
        bool | None,
        typer.Option(
            help="Whether lines of a crontab name a user; default: those under /etc do.",
            show_default=False,
        ),
    ] = None,
    weekdays: WeekdaysOption = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="NAME", help="Only items of that name.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Let tasks of earlier imports be what it says now.")
    ] = False,
    disable_imported: Annotated[
        bool,
        typer.Option(
            "--disable-imported", help="Then comment out the lines of the crontab that came over."
        ),
    ] = False,
    target: TargetName = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")
    ] = False,
    json: JsonFlag = False,
) -> int:
    """Take tasks over from a file that something else scheduled them in.

    What is refused leaves the others alone, and the exit code is 2.
    """
    imports.require_way(weekdays)
    home, code = opened(), DONE

    def before(report: Report) -> None:
        nonlocal code
        output.acted = not dry_run
        code = imported.show(report, home.host, json=json)

    done = home.import_(
        file,
        from_crontab=from_crontab,
        kind=kind,
        user_column=user_column,
        weekdays=weekdays,
        only=only or (),
        update=update,
        disable_imported=disable_imported,
        target=target,
        dry_run=dry_run,
        before=before,
    )
    count = len(done.lines)
    if disable_imported and dry_run:
        numbers = ", ".join(map(str, done.lines)) or "none"
        output.talk(f"Lines that would be commented out: {numbers}.")
    elif disable_imported:
        output.talk(f"Commented out {count} line{'' if count == 1 else 's'} in {done.where}.")
    return code
