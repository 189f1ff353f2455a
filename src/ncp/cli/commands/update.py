"""`ncp schedule update`: change tasks."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.api import resolving
from ncp.cli import calling, flags, given, options, output, pipelines, policies, report
from ncp.cli.calling import Params, SkipValidation, TestRun, ToolName
from ncp.cli.opening import opened
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.api import Schedule, Updated
    from ncp.model import Task

EXAMPLE = 'ncp schedule update backup --schedule "weekdays at 10pm" --timeout 3600'
UNSET = object()
"""Stands for "none" where None means "as it is"."""

When = Annotated[
    str | None, typer.Option("--schedule", "-s", help="Words, a cron expression, or an instant.")
]
Directory = Annotated[str | None, typer.Option("--directory", "-C", help="Where it runs.")]
Shell = Annotated[
    bool | None, typer.Option("--shell/--no-shell", help="COMMAND is one text for /bin/sh -c.")
]
FireOnce = Annotated[
    bool | None, typer.Option("--fire-once/--no-fire-once", help="Run at one slot only.")
]
Catchup = Annotated[
    bool | None,
    typer.Option(
        "--catchup-missed/--no-catchup-missed", help="Run the newest missed slot, however late."
    ),
]
NoParams = Annotated[bool, typer.Option("--no-params", help="Call the tool with nothing.")]
NoEnv = Annotated[
    list[str] | None, typer.Option("--no-env", metavar="NAME", help="Set that variable no more.")
]
NoEnvFile = Annotated[bool, typer.Option("--no-env-file", help="Read no file of variables.")]
NoStdin = Annotated[bool, typer.Option("--no-stdin", help="Give it nothing to read.")]
NoDescription = Annotated[bool, typer.Option("--no-description", help="Drop the remark.")]
NoHours = Annotated[bool, typer.Option("--no-active-hours", help="Start it at any hour.")]
NoJitter = Annotated[bool, typer.Option("--no-jitter", help="Start it at its slot.")]
NoAfter = Annotated[bool, typer.Option("--no-after", help="Wait for no other task.")]
NoRetries = Annotated[bool, typer.Option("--no-retries", help="Try it once per slot.")]
NoLimits = Annotated[bool, typer.Option("--no-limits", help="Let it use what there is.")]
NoOnFailure = Annotated[
    bool, typer.Option("--no-on-failure", help="Run nothing when it has failed.")
]
NoOnSuccess = Annotated[
    bool, typer.Option("--no-on-success", help="Run nothing when it succeeded.")
]
NoMax = Annotated[bool, typer.Option("--no-max-executions", help="Run without a count.")]
NoEnd = Annotated[bool, typer.Option("--no-end-date", help="Fire without end.")]


def command(  # noqa: PLR0917  typer's way to say what a command takes
    tasks: options.TaskArguments,
    words: options.Words = None,
    schedule: When = None,
    timezone: options.Timezone = None,
    name: options.Name = None,
    description: options.Description = None,
    no_description: NoDescription = False,
    shell: Shell = None,
    step: options.Steps = None,
    tool: ToolName = None,
    params: Params = None,
    no_params: NoParams = False,
    skip_validation: SkipValidation = False,
    test_run: TestRun = False,
    timeout: options.Timeout = None,
    grace: options.Grace = None,
    overlap: options.OverlapWord = None,
    priority: options.PriorityWord = None,
    active_hours: options.ActiveHoursText = None,
    no_active_hours: NoHours = False,
    jitter: options.Jitter = None,
    no_jitter: NoJitter = False,
    after: options.AfterTasks = None,
    no_after: NoAfter = False,
    retries: options.RetryCount = None,
    retry_delay: options.RetryDelay = None,
    retry_backoff: options.RetryBackoff = None,
    retry_max_delay: options.RetryMaxDelay = None,
    retry_on: options.RetryOn = None,
    no_retries: NoRetries = False,
    limit_memory: options.LimitMemory = None,
    limit_cpu: options.LimitCpu = None,
    limit_files: options.LimitFiles = None,
    nice: options.Nice = None,
    no_limits: NoLimits = False,
    umask: options.Umask = None,
    on_failure: options.OnFailure = None,
    no_on_failure: NoOnFailure = False,
    on_success: options.OnSuccess = None,
    no_on_success: NoOnSuccess = False,
    directory: Directory = None,
    env: options.Env = None,
    no_env: NoEnv = None,
    env_file: options.EnvFile = None,
    no_env_file: NoEnvFile = False,
    stdin: options.Stdin = None,
    no_stdin: NoStdin = False,
    fire_once: FireOnce = None,
    max_executions: options.MaxExecutions = None,
    no_max_executions: NoMax = False,
    end_date: options.EndDate = None,
    no_end_date: NoEnd = False,
    catchup_missed: Catchup = None,
    json: options.JsonFlag = False,
) -> None:
    """Change what tasks run, when, or how; what is not named stays.

    What is other than before is printed: old → new.
    """
    home = opened()
    changes = {
        "name": name,
        "command": tuple(words or ()) or None,
        "description": UNSET if no_description else description,
        "shell": shell,
        "timeout_seconds": timeout,
        "kill_grace_seconds": grace,
        "overlap": overlap,
        "priority": priority,
        "active_hours": UNSET if no_active_hours else policies.active_hours(active_hours),
        "jitter_seconds": 0 if no_jitter else jitter,
        "after": () if no_after else policies.after(home.model, after),
        "umask": umask,
        "steps": pipelines.steps(step),
        "tool": tool,
        "parameters": {} if no_params else calling.parameters(params),
        "on_failure": UNSET if no_on_failure else pipelines.hook(on_failure, "--on-failure"),
        "on_success": UNSET if no_on_success else pipelines.hook(on_success, "--on-success"),
        "working_directory": directory and given.folder(directory, "--directory"),
        "env_file": UNSET if no_env_file else env_file and given.file(env_file, "--env-file"),
        "stdin": UNSET if no_stdin else stdin,
        "fire_once": fire_once,
        "max_executions": UNSET if no_max_executions else max_executions,
        "end_date": UNSET if no_end_date else end_date and given.end_date(end_date, home, timezone),
        "catchup_missed": catchup_missed,
    }

    def laid_over(found: Task) -> dict[str, Any]:
        """What is said of parts, over what the task has."""
        return {
            "retries": UNSET
            if no_retries
            else policies.retries(
                found.retries,
                attempts=retries,
                delay_seconds=retry_delay,
                backoff=retry_backoff,
                max_delay_seconds=retry_max_delay,
                on=retry_on,
            ),
            "limits": UNSET
            if no_limits
            else policies.limits(
                found.limits,
                memory_mb=limit_memory,
                cpu_seconds=limit_cpu,
                open_files=limit_files,
                nice=nice,
            ),
            "environment": _environment(found, env or [], no_env or []),
        }

    asked: dict[str, Any] = {
        "schedule": schedule,
        "timezone": timezone,
        "validate": not skip_validation,
        "trial": calling.tried(test_run, skip_validation),
    }
    found = [resolving.task(home.model, task) for task in tasks]
    wanted = {task.id: _plain({**changes, **laid_over(task)}) for task in found}
    _require_some(wanted, name, anew=schedule is not None or timezone is not None)
    with flags.meant(home.model.tasks.keys() - wanted.keys()):
        done = home.update_tasks(wanted, **asked)
    _report(home, done, json=json)


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not named."""
    named = {key: value for key, value in changes.items() if value is not None}
    return {key: None if value is UNSET else value for key, value in named.items()}


def _environment(found: Task, pairs: list[str], names: list[str]) -> dict[str, str] | None:
    """The task's variables with some set and some taken out; None where none are named."""
    if not pairs and not names:
        return None
    both = {**found.environment, **given.variables(pairs)}
    return {name: value for name, value in both.items() if name not in names}


def _require_some(wanted: Mapping[str, Mapping[str, Any]], name: str | None, *, anew: bool) -> None:
    """Refuse where nothing is to change, and one name for several tasks."""
    if not anew and not any(wanted.values()):
        raise InputError(
            "There is nothing to change.",
            where="ncp schedule update",
            next_step=f"Write for example: {EXAMPLE}",
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
