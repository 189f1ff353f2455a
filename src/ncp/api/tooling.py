"""Tools of MCP servers: what is asked before a task calls one, and calls by hand."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ncp import environment, secrets
from ncp.errors import InputError
from ncp.model import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.site import Site
    from ncp.mcp.catalog import Catalog
    from ncp.mcp.exchange import Result
    from ncp.model import Host

TOOL_FIELDS = frozenset({"tool", "parameters"})


def notes(site: Site, task: Task, *, validate: bool = True) -> tuple[str, ...]:
    """Refuse a tool task that cannot work, and say what is doubtful; nothing of a command.

    Without `validate` no server is started or asked for.
    """
    if task.tool is None:
        return ()
    from ncp.mcp import checking  # noqa: PLC0415  only tool tasks need it

    if validate:
        folder = task.working_directory or site.host.user_home
        return checking.check(
            site.home, task.tool, task.parameters, lambda: world(task, site.host), folder=folder
        )
    checking.require_sdk()
    return ()


def waiting(site: Site, before: Task, task: Task) -> Task:
    """Pause a tool task that a change makes active while its server is not in mcp.json."""
    if task.status != "active" or before.status == "active":
        return task
    reason = waits(site, task)
    return replace(task, status="paused", error_message=reason) if reason else task


def waits(site: Site, task: Task) -> str:
    """Say that the server of a tool task is not in mcp.json, and what to do; empty where it is."""
    server = (task.tool or "").partition(":")[0]
    if not server:
        return ""
    from ncp.mcp import servers  # noqa: PLC0415  only tool tasks need it

    if server in servers.names(site.home):
        return ""
    return (
        f'The server "{server}" is not in mcp.json. Add it: ncp mcp add {server} -- COMMAND;'
        f" then: ncp schedule resume {task.id}"
    )


def require_server(site: Site, task: Task) -> None:
    """Refuse to make a tool task active whose server is not in mcp.json."""
    if waits(site, task):
        from ncp.mcp import servers  # noqa: PLC0415  only tool tasks need it

        servers.find(site.home, str(task.tool).partition(":")[0])


def trial(site: Site, task: Task) -> Result:
    """Call the tool of a task once, as it will be called; raises McpError where that fails."""
    if task.tool is None:
        raise InputError(
            "Only a tool can be tried.",
            where="--test-run",
            next_step="Leave it out, and run the task once it is made: ncp schedule run TASK",
        )
    from ncp.errors import McpError  # noqa: PLC0415  same
    from ncp.mcp import asking, checking, servers  # noqa: PLC0415  only tool tasks need it

    server, name = checking.split(task.tool)
    result = asking.call(
        servers.find(site.home, server),
        world(task, site.host),
        name,
        task.parameters,
        seconds=task.timeout_seconds,
        folder=task.working_directory or site.host.user_home,
    )
    if result.failed:
        raise McpError(
            f"The test run has failed: {result.text or 'the tool does not say why'}",
            where=task.tool,
            next_step="Nothing was changed. Correct the parameters, or leave --test-run out.",
        )
    return result


def world(task: Task, host: Host) -> Mapping[str, str]:
    """The variables that a server finds when this task starts it, secrets put in."""
    secrets.find_session()
    plain = environment.of_task(replace(task, environment={}), host)
    given = {} if task.env_file is None else secrets.env_file(task.env_file)
    return {**plain, **given, **secrets.resolved(task.environment)}


def concerns(changes: Mapping[str, Any]) -> bool:
    """Tell whether changes of a task touch what is called, or with what."""
    return not TOOL_FIELDS.isdisjoint(changes)


def offered(
    site: Site, server: str, *, refresh: bool = False, seconds: float | None = None
) -> Catalog:
    """Say what a server offers; asked anew with `refresh`, which it has so many seconds for."""
    from ncp.mcp import catalog, checking, servers  # noqa: PLC0415  only here

    found = servers.find(site.home, server)
    known = None if refresh else catalog.kept(site.home, found)
    if known is not None:
        return known
    checking.require_sdk()
    options = {} if seconds is None else {"seconds": seconds}
    return catalog.asked(site.home, found, lambda: present(site), **options)


def call(
    site: Site, tool: str, parameters: Mapping[str, Any], *, seconds: float, **options: Any
) -> Result:
    """Call a tool once, now, among the variables that a new task would have.

    Raises McpError where it comes to no result; one that the tool calls a failure is a result.
    """
    from ncp.mcp import asking, checking, servers  # noqa: PLC0415  only here

    checking.require_sdk()
    server, name = checking.split(tool)
    found = servers.find(site.home, server)
    return asking.call(found, present(site), name, parameters, seconds=seconds, **options)


def doubts(site: Site, server: str) -> tuple[str, ...]:
    """Say where a server that is started here and now may be another one for a task."""
    from ncp.mcp import servers  # noqa: PLC0415  only here

    found = servers.read(site.home).get(server)
    if found is None or not found.wanders:
        return ()
    place = "this folder, and by a task in the folder of the task"
    mend = 'Give it an absolute path, or a "cwd", in mcp.json.'
    return (f'"{found.command}" of {server} is looked for in {place}. {mend}',)


def present(site: Site) -> Mapping[str, str]:
    """The variables that a task would have that were made now."""
    captured = environment.capture(os.environ, site.settings.capture_environment)
    return world(Task("", "", "", captured_environment=captured), site.host)
