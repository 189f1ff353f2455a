"""`ncp schedule create`: make a task."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.cli import calling, flags, options, output, report, surplus, task_options
from ncp.cli.opening import opened
from ncp.cli.task_options import Given
from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.model import Task

EXAMPLE = 'ncp schedule create "weekdays at 9am" --name backup -- rsync -a /home /backup'


ARGUMENTS: dict[str, Any] = {
    "schedule": Annotated[
        str,
        typer.Argument(
            metavar="SCHEDULE", help='Words ("weekdays at 8:30"), a cron expression, or an instant.'
        ),
    ],
    "words": (options.Words, None),
}
BESIDE: dict[str, dict[str, Any]] = {
    "name": {
        "allow_duplicate_name": (
            Annotated[
                bool,
                typer.Option("--allow-duplicate-name", help="Make it though a task has that name."),
            ],
            False,
        ),
        "if_absent": (
            Annotated[
                bool, typer.Option("--if-absent", help="Do nothing where a task has that name.")
            ],
            False,
        ),
    },
    "description": {"timezone": (options.Timezone, None), "target": (options.TargetName, None)},
    "parameters": calling.CHECKING,
    "catchup_missed": {"json": (options.JsonFlag, False)},
}


@task_options.taken("create", ARGUMENTS, BESIDE)
def command(**typed: Any) -> None:
    """Make a task, and the entry of the machine's scheduler that fires it."""
    home = opened()
    schedule, words, params = typed["schedule"], typed["words"] or [], typed["parameters"]
    surplus.old_order(
        schedule, words, "ncp schedule create", ["--params", params] if params else []
    )
    argv = tuple(words) or (() if typed["steps"] or typed["tool"] else _asked(schedule))
    fields = task_options.read(Given(typed, home))
    trial = calling.tried(typed["test_run"], typed["skip_validation"])
    with flags.meant(home.model.tasks):
        created = home.create_task(
            schedule,
            argv,
            timezone=typed["timezone"],
            target=typed["target"],
            validate=not typed["skip_validation"],
            trial=trial,
            allow_duplicate_name=typed["allow_duplicate_name"],
            if_absent=typed["if_absent"],
            **fields,
        )
    json = typed["json"]
    doubts = _doubts(created.task) if created.new else []
    report.outcome(created.outcome, (*created.notes, *doubts))
    tried = calling.test_run(created.trial, json=json)
    if json:
        found = home.get_task(created.task.id)
        changed = report.changes_json(created.outcome)
        output.as_json({"task": found, "created": created.new, **changed, **tried})
    else:
        verb = "Created" if created.new else "There already:"
        report.task(created.task, created.timing, home, verb)


def _asked(schedule: str) -> tuple[str, ...]:
    """Ask for the command on a terminal; elsewhere refuse with an example."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(
            "A task needs a command.",
            where="ncp schedule create",
            next_step=f'Write: ncp schedule create "{schedule}" -- /usr/bin/true',
        )
    return tuple(shlex.split(typer.prompt("Command to run", err=True)))


def _doubts(task: Task) -> list[str]:
    """Say what will probably fail: a program that is not there now."""
    path, folder = task.captured_environment.get("PATH"), task.working_directory or "."
    missing = [
        program
        for program in task.programs
        if not shutil.which(os.path.join(folder, program) if "/" in program else program, path=path)  # noqa: PTH118  a program may be undecodable
    ]
    return [f'"{program}" is not a program that can be run now.' for program in missing]
