"""`ncp schedule list`: the tasks, when they ran and when they will."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import given, output, policies, report, tables
from ncp.cli.opening import opened, tell_copy, tell_stale
from ncp.cli.options import JsonFlag, Tags
from ncp.cli.tables import STATUSES
from ncp.fields import said

EXAMPLE = "ncp schedule list --status paused"


def command(
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="STATUS", help=f"Only those; again for more: {', '.join(STATUSES)}."),
    ] = None,
    tag: Tags = None,
    json: JsonFlag = False,
) -> None:
    """List the tasks with their timings, last and next executions."""
    for one in status or ():
        given.one_of(one, STATUSES, "--status")
    home = opened()
    tell_stale(home)
    tell_copy(home)
    tasks = home.list_tasks(status=status or None, tag=tag)
    if json:
        output.as_json({"tasks": tasks, "timings": home.list_timings()})
    elif not tasks:
        output.talk('No tasks. Make one: ncp schedule create "every day at 9am" -- COMMAND')
    else:
        after = ["AFTER"] if any(task.get("after") for task in tasks) else []
        clock, model = report.clock_for(home.host), home.model
        words = [*(task.name for task in model.tasks.values()), *model.timings]
        short = tables.short_ids(model.tasks, words)
        rows = (tables.task(task, clock, report.second, short[task["id"]]) for task in tasks)
        waits = (
            [said.after(policies.awaited(home.model, task.get("after")) or ()) for _ in after]
            for task in tasks
        )
        output.table(
            (*tables.TASKS[:-1], *after, tables.TASKS[-1]),
            ((*row[:-1], *awaited, row[-1]) for row, awaited in zip(rows, waits, strict=True)),
            keep=tables.KEPT,
        )
