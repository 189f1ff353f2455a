"""`ncp schedule create`: make a task."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.cli import calling, flags, given, options, output, pipelines, policies, report, surplus
from ncp.cli.calling import Params, SkipValidation, TestRun, ToolName
from ncp.cli.opening import opened
from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.model import Task

EXAMPLE = 'ncp schedule create "weekdays at 9am" --name backup -- rsync -a /home /backup'


def command(  # noqa: PLR0917  typer's way to say what a command takes
    schedule: Annotated[
        str,
        typer.Argument(
            metavar="SCHEDULE", help='Words ("weekdays at 8:30"), a cron expression, or an instant.'
        ),
    ],
    words: options.Words = None,
    name: options.Name = None,
    description: options.Description = None,
    timezone: options.Timezone = None,
    target: options.TargetName = None,
    shell: Annotated[
        bool, typer.Option("--shell", help="COMMAND is one text for /bin/sh -c.")
    ] = False,
    step: options.Steps = None,
    tool: ToolName = None,
    params: Params = None,
    skip_validation: SkipValidation = False,
    test_run: TestRun = False,
    timeout: options.Timeout = None,
    grace: options.Grace = None,
    overlap: options.OverlapWord = None,
    priority: options.PriorityWord = None,
    active_hours: options.ActiveHoursText = None,
    jitter: options.Jitter = None,
    after: options.AfterTasks = None,
    retries: options.RetryCount = None,
    retry_delay: options.RetryDelay = None,
    retry_backoff: options.RetryBackoff = None,
    retry_max_delay: options.RetryMaxDelay = None,
    retry_on: options.RetryOn = None,
    limit_memory: options.LimitMemory = None,
    limit_cpu: options.LimitCpu = None,
    limit_files: options.LimitFiles = None,
    nice: options.Nice = None,
    umask: options.Umask = None,
    on_failure: options.OnFailure = None,
    on_success: options.OnSuccess = None,
    directory: Annotated[
        str | None, typer.Option("--directory", "-C", help="Where it runs; default: here.")
    ] = None,
    env: options.Env = None,
    env_file: options.EnvFile = None,
    stdin: options.Stdin = None,
    fire_once: Annotated[bool, typer.Option("--fire-once", help="Run at one slot only.")] = False,
    max_executions: options.MaxExecutions = None,
    end_date: options.EndDate = None,
    catchup_missed: Annotated[
        bool,
        typer.Option(help="Run the newest missed slot once, however late."),
    ] = True,
    json: options.JsonFlag = False,
) -> None:
    """Make a task, and the entry of the machine's scheduler that fires it."""
    home = opened()
    surplus.old_order(
        schedule, words or [], "ncp schedule create", ["--params", params] if params else []
    )
    argv = tuple(words or ()) or (() if step or tool else _asked(schedule))
    chosen: dict[str, Any] = {
        "description": description,
        "timeout_seconds": timeout,
        "kill_grace_seconds": grace,
        "overlap": overlap,
        "priority": priority,
        "active_hours": policies.active_hours(active_hours),
        "jitter_seconds": jitter,
        "after": policies.after(home.model, after),
        "retries": policies.retries(
            None,
            attempts=retries,
            delay_seconds=retry_delay,
            backoff=retry_backoff,
            max_delay_seconds=retry_max_delay,
            on=retry_on,
        ),
        "limits": policies.limits(
            None,
            memory_mb=limit_memory,
            cpu_seconds=limit_cpu,
            open_files=limit_files,
            nice=nice,
        ),
        "umask": umask,
        "steps": pipelines.steps(step),
        "tool": tool,
        "parameters": calling.parameters(params),
        "on_failure": pipelines.hook(on_failure, "--on-failure"),
        "on_success": pipelines.hook(on_success, "--on-success"),
        "working_directory": directory and given.folder(directory, "--directory"),
        "environment": given.variables(env or []) or None,
        "env_file": env_file and given.file(env_file, "--env-file"),
        "stdin": stdin,
        "shell": shell or None,
        "fire_once": fire_once or None,
        "max_executions": max_executions,
        "end_date": end_date and given.end_date(end_date, home, timezone),
    }
    trial = calling.tried(test_run, skip_validation)
    with flags.meant(home.model.tasks):
        created = home.create_task(
            schedule,
            argv,
            name=name,
            timezone=timezone,
            target=target,
            catchup_missed=catchup_missed,
            validate=not skip_validation,
            trial=trial,
            **{key: value for key, value in chosen.items() if value is not None},
        )
    report.outcome(created.outcome, (*created.notes, *_doubts(created.task)))
    tried = calling.test_run(created.trial, json=json)
    if json:
        found = home.get_task(created.task.id)
        output.as_json({"task": found, **report.changes_json(created.outcome), **tried})
    else:
        report.task(created.task, created.timing, home, "Created")


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
