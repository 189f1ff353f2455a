"""Tasks whose program cannot be found where they will run."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING

from ncp import environment, masking, secrets
from ncp.applying import changing
from ncp.host import enforcing
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Hook, Stage, Task


def programs(site: Site) -> Iterator[Finding]:
    """Look for each active task's folder and program, with the PATH it will have."""
    for task in site.document.schedule.tasks.values():
        if task.status != "active":
            continue
        plain = environment.of_task(task, site.host)["PATH"]
        path = secrets.search_path(task.env_file, task.environment, plain)
        missing, mend = _missing(task, path, site.host.user_home)
        if missing:
            message = f"{missing} of task {task.id} is not there."
            yield Finding("warning", task.name, message, mend)


def limits(site: Site) -> Iterator[Finding]:
    """Look for limits that this machine cannot hold a task to; say what one on memory means."""
    active = (one for one in site.document.schedule.tasks.values() if one.status == "active")
    for task in active:
        if task.limits is None:
            continue
        for said in enforcing.memory(task, site.host, changing.choice(site).name):
            yield Finding("ok", task.name, said)
        for gap in enforcing.gaps(task, site.host):
            mend = f"ncp schedule update {task.id} --no-limits"
            yield Finding("warning", task.name, gap, mend)


def _missing(task: Task, path: str, user_home: str) -> tuple[str, str]:
    """Name what is not there, and the line that mends it; a shell's text is not looked into."""
    folder = task.working_directory or user_home
    if not os.path.isdir(folder):  # noqa: PTH112  a folder may be undecodable
        return f'The folder "{folder}"', f"mkdir -p {shlex.quote(folder)}"
    for program in task.programs:
        named = os.path.join(folder, program) if "/" in program else program  # noqa: PTH118  same
        if not shutil.which(named, path=path):
            return f'The program "{program}"', _mend(task, program, path)
    return "", ""


def _mend(task: Task, missing: str, path: str) -> str:
    """Write the line that mends it; reports are passed on, so one with a secret is not shown."""
    line = _update(task, missing)
    if masking.line(line) == line:
        return line
    there = shutil.which(os.path.basename(missing))  # noqa: PTH119  a name may be undecodable
    if there is None or "/" in missing:
        return f"ncp schedule get {task.id}"
    folders = f"{path}{os.pathsep}{os.path.dirname(there)}"  # noqa: PTH120  same
    return f"ncp schedule update {task.id} --env {shlex.quote(f'PATH={folders}')}"


def _update(task: Task, missing: str) -> str:
    """Write the line that gives a task what it runs, with a program that is there if one is."""
    there = shutil.which(os.path.basename(missing)) or missing  # noqa: PTH119  same

    def words(part: Task | Stage | Hook) -> tuple[str, ...]:
        return (there, *part.command[1:]) if part.command[0] == missing else part.command

    start = f"ncp schedule update {task.id}"
    if task.command[:1] == (missing,):
        return f"{start} -- {shlex.join(words(task))}"
    if any(step.command[0] == missing for step in task.steps):
        lines = (_line(step, words(step)) for step in task.steps)
        return " ".join([start, *(f"--step {shlex.quote(line)}" for line in lines)])
    hooks = (("--on-failure", task.on_failure), ("--on-success", task.on_success))
    found = ((option, hook) for option, hook in hooks if hook and hook.command[0] == missing)
    return " ".join([start, *(f"{o} {shlex.quote(shlex.join(words(hook)))}" for o, hook in found)])


def _line(step: Stage, words: tuple[str, ...]) -> str:
    text = words[0] if step.shell else shlex.join(words)
    return f"{step.name}: {text}" if step.name else text
