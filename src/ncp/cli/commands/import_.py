"""`ncp schedule import`: take schedules over that were made elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from ncp import environment
from ncp.cli import imported, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, TargetName, WeekdaysOption
from ncp.errors import InputError
from ncp.importing import commenting_out, deed, own_crontab, readers
from ncp.intake import opening
from ncp.intake.items import Options
from ncp.taskfile import weekdays as counting

if TYPE_CHECKING:
    from ncp.intake.opening import Opened
    from ncp.model import Host

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
            help=f"What it is, if it does not show: {', '.join(readers.NAMES)}.",
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
    counting.require_way(weekdays)
    home = opened()
    source = _source(file, home.site.host, own=from_crontab)
    row = _row(source, kind, own=from_crontab)
    if disable_imported:
        commenting_out.require_possible(source, row.name, own=from_crontab)
    captured = environment.capture(os.environ, home.site.settings.capture_environment)
    options = Options(home.site.host, source.where, source.path, user_column, captured, weekdays)
    found = deed.chosen(row.reader.read(source, options), only or ())
    report = deed.take(home.site, found, dry_run=dry_run, update=update, target=target)
    output.acted = not dry_run
    code = imported.show(report, home.site.host, json=json)
    if disable_imported and dry_run:
        numbers = ", ".join(map(str, commenting_out.numbers(report))) or "none"
        output.talk(f"Lines that would be commented out: {numbers}.")
    elif disable_imported:
        done = commenting_out.disable(home.site, source, report, own=from_crontab)
        output.talk(f"Commented out {done} line{'' if done == 1 else 's'} in {source.where}.")
    return code


def _source(file: str | None, host: Host, *, own: bool) -> Opened:
    if (file is None) != own:
        raise InputError(
            "Name one thing to read: a file, - for standard input, or your own crontab.",
            where="ncp schedule import",
            next_step="Write: ncp schedule import FILE, or: ncp schedule import --from-crontab",
        )
    return opening.opened(file) if file is not None else own_crontab.read(host)


def _row(source: Opened, kind: str | None, *, own: bool) -> readers.Format:
    if kind:
        return readers.named(kind)
    return readers.named("crontab") if own else readers.recognised(source)
