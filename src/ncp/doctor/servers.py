"""mcp.json, and what the servers of tool tasks need: a program, their secrets, the SDK."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ncp import environment, secrets
from ncp.mcp import secrecy
from ncp.mcp import servers as known
from ncp.mcp.errors import installing
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.applying.site import Site
    from ncp.mcp.servers import Server
    from ncp.model import Task


def findings(site: Site) -> Iterator[Finding]:
    """Look at mcp.json, then at what each active tool task needs of it."""
    servers = known.read(site.home) if site.exists else {}
    tasks = [task for task in site.document.schedule.tasks.values() if task.tool]
    if tasks and find_spec("mcp") is None:
        message = f"The SDK of MCP is not installed, and tasks call tools: {len(tasks)}."
        yield Finding("error", "mcp", message, installing())
    for task in tasks:
        if task.status == "active":
            yield from _of(task, servers, site)


def _of(task: Task, servers: Mapping[str, Server], site: Site) -> Iterator[Finding]:
    name = (task.tool or "").partition(":")[0]
    server = servers.get(name)
    if server is None:
        message = f"The server {name} of task {task.id} is not in mcp.json."
        yield Finding("error", task.name, message, f"ncp mcp add {name} -- COMMAND")
        return
    missing = _missing(task, server, site)
    if missing:
        message = f"{missing} of the server {name} is not there."
        yield Finding("warning", task.name, message, f"ncp mcp test {name}")
    try:
        secrecy.resolved(server)
    except secrets.SecretError as error:
        mend = error.next_step.removeprefix("Run: ")
        message = f"{error.what.rstrip('.')} ({error.where}), for the server {name}."
        yield Finding("error", task.name, message, mend)


def _missing(task: Task, server: Server, site: Site) -> str:
    """Name what is not there, looked for as the task will: with its PATH and from its folder."""
    if server.url:
        return ""
    folder = server.cwd or task.working_directory or site.host.user_home
    if server.cwd and not os.path.isdir(folder):  # noqa: PTH112  a folder may be undecodable
        return f'The folder "{folder}"'
    plain = environment.of_task(task, site.host)["PATH"]
    path = server.env.get("PATH") or secrets.search_path(task.env_file, task.environment, plain)
    program = server.command
    placed = os.path.join(folder, program) if "/" in program else program  # noqa: PTH118  same
    return "" if shutil.which(placed, path=path) else f'The program "{program}"'
