"""`ncp schedule update`: change tasks."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.api import resolving
from ncp.cli import calling, flags, options, output, report, task_options
from ncp.cli.opening import opened
from ncp.cli.task_options import Given
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.api import Schedule, Updated

EXAMPLE = 'ncp schedule update backup --schedule "weekdays at 10pm" --timeout 3600'
ARGUMENTS: dict[str, Any] = {
    "tasks": options.TaskArguments,
    "words": (options.Words, None),
    "schedule": (
        Annotated[
            str | None,
            typer.Option("--schedule", "-s", help="Words, a cron expression, or an instant."),
        ],
        None,
    ),
    "timezone": (options.Timezone, None),
}
BESIDE: dict[str, dict[str, Any]] = {
    "parameters": calling.CHECKING,
    "catchup_missed": {"json": (options.JsonFlag, False)},
}


@task_options.taken("update", ARGUMENTS, BESIDE)
def command(**typed: Any) -> None:
    """Change what tasks run, when, or how; what is not named stays.

    What is other than before is printed: old → new.
    """
    home = opened()
    command = {"command": tuple(typed["words"])} if typed["words"] else {}
    asked: dict[str, Any] = {
        "schedule": typed["schedule"],
        "timezone": typed["timezone"],
        "validate": not typed["skip_validation"],
        "trial": calling.tried(typed["test_run"], typed["skip_validation"]),
    }
    given = Given(typed, home)
    found = [resolving.task(home.model, task) for task in typed["tasks"]]
    wanted = {task.id: {**command, **task_options.read(given, task)} for task in found}
    _require_some(wanted, typed)
    with flags.meant(home.model.tasks.keys() - wanted.keys()):
        done = home.update_tasks(wanted, **asked)
    _report(home, done, json=typed["json"])


def _require_some(wanted: Mapping[str, Mapping[str, Any]], typed: Mapping[str, Any]) -> None:
    """Refuse where nothing is to change, and one name for several tasks."""
    name, anew = typed["name"], (typed["schedule"], typed["timezone"]) != (None, None)
    if not anew and not any(wanted.values()):
        raise InputError(
            "There is nothing to change.",
            where="ncp schedule update",
            next_step=f"Write for example: ncp schedule update {min(wanted)} --timeout 10m",
        )
    if name is not None and len(wanted) > 1:
        raise InputError(
            f"{len(wanted)} tasks cannot have one name.",
            where="--name",
            next_step=f"Name one task: ncp schedule update {min(wanted)} --name {quote(name)}",
        )


def _report(home: Schedule, done: Updated, *, json: bool) -> None:
    report.outcome(done.outcome, done.notes)
    tried = calling.test_run(done.trial, json=json)
    if json:
        trees = [home.get_task(task.id) for task in done.tasks]
        fields = {
            key: {name: {"old": old, "new": new} for name, (old, new) in pairs.items()}
            for key, pairs in done.changed.items()
        }
        one = {"task": trees[0]} if len(trees) == 1 else {}
        changed = report.changes_json(done.outcome)
        output.as_json({**one, "tasks": trees, "fields": fields, **changed, **tried})
        return
    for task in done.tasks:
        report.task(task, home.model.timings[task.timing_id], home, "Updated")
        report.differences(done.changed[task.id])
