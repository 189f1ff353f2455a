"""Tasks whose program cannot be found where they will run."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from ncp import environment, secrets
from ncp.applying import changing
from ncp.host import enforcing
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Task


def programs(site: Site) -> Iterator[Finding]:
    """Look for each active task's folder and program, with the PATH it will have."""
    for task in site.document.schedule.tasks.values():
        if task.status != "active":
            continue
        plain = environment.of_task(task, site.host)["PATH"]
        path = secrets.search_path(task.env_file, task.environment, plain)
        missing = _missing(task, path, site.host.user_home)
        if missing:
            message = f"{missing} of task {task.id} is not there."
            yield Finding("warning", task.name, message, f"ncp schedule get {task.id}")


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


def _missing(task: Task, path: str, user_home: str) -> str:
    """Name what is not there; a shell's text and a tool are not looked into."""
    folder = task.working_directory or user_home
    if not os.path.isdir(folder):  # noqa: PTH112  a folder may be undecodable
        return f'The folder "{folder}"'
    for program in task.programs:
        named = os.path.join(folder, program) if "/" in program else program  # noqa: PTH118  same
        if not shutil.which(named, path=path):
            return f'The program "{program}"'
    return ""
