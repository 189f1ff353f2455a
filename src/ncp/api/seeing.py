"""What a task will run and see, with the secrets masked."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

from ncp import document, environment, masking, secrets
from ncp.store import compiled

if TYPE_CHECKING:
    from ncp.model import Hook, Host, Task


def of_task(task: Task, host: Host) -> dict[str, str]:
    """Lay out a task's whole environment; of a secret only where it is, or that it is one.

    The variables of an `envFile` that cannot be read now are left out.
    """
    given = dict.fromkeys(_names(task), f"{masking.MASK} (envFile)")
    own = {name: _shown(name, value) for name, value in task.environment.items()}
    plain = environment.of_task(task, host)
    return {**plain, **given, **own}


def _shown(name: str, value: str) -> str:
    if secrets.is_reference(value):
        return f"{masking.MASK} ({value})"
    return masking.MASK if value and masking.is_secretive(name) else value


def _names(task: Task) -> list[str]:
    try:
        return [] if task.env_file is None else [*secrets.env_file(task.env_file)]
    except secrets.SecretError:
        return []


def of_run(task: Task, host: Host) -> dict[str, Any]:
    """Lay out what a run by hand would start: which program, where, with what.

    `program` is None where there is none now, or a tool is called; `problem` says what would
    keep it from starting.
    """
    folder = task.working_directory or host.user_home
    plain = environment.of_task(task, host)["PATH"]
    path = secrets.search_path(task.env_file, task.environment, plain)

    def started(argv: tuple[str, ...]) -> dict[str, Any]:
        return {"program": _program(argv, folder, path), "argv": list(argv)}

    def hook(found: Hook | None) -> dict[str, Any] | None:
        return None if found is None else started(compiled.argv(found))

    return {
        "taskId": task.id,
        "taskName": task.name,
        "problem": _problem(task, folder),
        **started(compiled.argv(task)),
        "tool": task.tool,
        "parameters": dict(task.parameters),
        "steps": [
            {"name": step.name, **started(step.argv), "timeoutSeconds": step.timeout}
            for step in compiled.steps(task)
        ],
        "onFailure": hook(task.on_failure),
        "onSuccess": hook(task.on_success),
        "workingDirectory": folder,
        "environment": {**of_task(task, host), **_told(task)},
        "stdin": task.stdin,
        "umask": task.umask,
        "limits": {} if task.limits is None else document.task_tree(task)["limits"],
        "timeoutSeconds": task.timeout_seconds,
        "killGraceSeconds": task.kill_grace_seconds,
    }


def _told(task: Task) -> dict[str, str]:
    """List the variables that say which execution it is, but for its id."""
    return {
        "NCP_TASK_ID": task.id,
        "NCP_TASK_NAME": task.name,
        "NCP_TIMING_ID": task.timing_id,
        "NCP_ATTEMPT": "1",
    }


def _problem(task: Task, folder: str) -> str | None:
    """Try what its own process will look up before its program starts."""
    try:
        if task.env_file is not None:
            secrets.env_file(task.env_file)
        secrets.resolved(task.environment)
    except secrets.SecretError as error:
        return f"{error.what.rstrip('.')} ({error.where})"
    return None if os.path.isdir(folder) else f"The folder {folder} is not there"  # noqa: PTH112  may be undecodable


def _program(argv: tuple[str, ...], folder: str, path: str) -> str | None:
    if not argv:
        return None
    named = os.path.join(folder, argv[0]) if "/" in argv[0] else argv[0]  # noqa: PTH118  may be undecodable
    return shutil.which(named, path=path)
