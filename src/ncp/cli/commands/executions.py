"""`ncp schedule executions`: what has run."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import given, output, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, Limit, Reference
from ncp.cli.tables import OUTCOMES
from ncp.errors import InputError

EXAMPLE = "ncp schedule executions backup --status failure --since 2026-11-20"


def command(  # noqa: PLR0917  typer's way to say what a command takes
    task: Reference = None,
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="STATUS", help=f"Only those; again for more: {', '.join(OUTCOMES)}."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Only from then on: 1h, today, yesterday, 16:10, 2026-11-20, ISO 8601.",
        ),
    ] = None,
    limit: Limit = 20,
    json: JsonFlag = False,
    job_id: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """List executions, newest first, of everything, one task or one timing."""
    if job_id is not None:
        raise InputError(
            "The task needs no option any more.",
            where="--job-id",
            next_step=f"Write: ncp schedule executions {job_id}",
        )
    for one in status or ():
        given.one_of(one, OUTCOMES, "--status")
    home = opened()
    zone = home.host.zone
    start = None if since is None else given.moment(since, home.host.now, zone, "--since")
    found = home.executions(task, status=status, since=start, limit=limit)
    if json:
        output.as_json({"executions": found})
    elif found:
        report.executions(found, home.host)
    else:
        output.talk("No executions.")
