"""`ncp schedule list`: the tasks, when they ran and when they will."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import output, policies, report, tables
from ncp.cli.opening import opened, tell_stale
from ncp.cli.options import JsonFlag
from ncp.cli.tables import STATUSES
from ncp.errors import InputError

EXAMPLE = "ncp schedule list --status paused"


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
    tell_stale(home.site)
    tasks = home.list_tasks(status=status)
    if json:
        output.as_json({"tasks": tasks, "timings": home.list_timings()})
    elif not tasks:
        output.talk('No tasks. Make one: ncp schedule create "every day at 9am" -- COMMAND')
    else:
        after = ["AFTER"] if any(task.get("after") for task in tasks) else []
        clock, model = report.clock_for(home.site.host), home.model
        words = [*(task.name for task in model.tasks.values()), *model.timings]
        short = tables.short_ids(model.tasks, words)
        rows = (tables.task(task, clock, report.second, short[task["id"]]) for task in tasks)
        waits = (
            [policies.after_said(home.model, task.get("after", ())) for _ in after]
            for task in tasks
        )
        output.table(
            (*tables.TASKS[:-1], *after, tables.TASKS[-1]),
            ((*row[:-1], *awaited, row[-1]) for row, awaited in zip(rows, waits, strict=True)),
            keep=tables.KEPT,
        )
