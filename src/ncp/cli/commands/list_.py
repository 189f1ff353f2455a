"""`ncp schedule list`: the tasks, when they ran and when they will."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import output, policies, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag
from ncp.errors import InputError

EXAMPLE = "ncp schedule list --status paused"
STATUSES = ("active", "paused", "completed", "error")


def command(
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help=f"Only those: {', '.join(STATUSES)}.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """List the tasks with their timings, last and next executions."""
    if status not in {None, *STATUSES}:
        raise InputError(
            f'"{status}" is not a status.',
            where="--status",
            next_step=f"Write one of: {', '.join(STATUSES)}.",
        )
    home = opened()
    tasks = home.list_tasks(status=status)
    if json:
        output.as_json({"tasks": tasks, "timings": home.list_timings()})
    elif not tasks:
        output.talk('No tasks. Make one: ncp schedule create "every day at 9am" -- COMMAND')
    else:
        after = ["AFTER"] if any(task.get("after") for task in tasks) else []
        zone = home.site.host.zone
        output.table(
            ("NAME", "TIMING", "STATUS", "LAST", "RESULT", "NEXT", *after, "ID"),
            (
                (
                    task["name"],
                    task["timingId"],
                    task["status"],
                    report.clock_of(task["lastExecutionAt"], zone),
                    task["lastStatus"],
                    report.clock_of(task["nextExecutionAt"], zone),
                    *(policies.after_said(home.model, task.get("after", ())) for _ in after),
                    task["id"][:8],
                )
                for task in tasks
            ),
        )
