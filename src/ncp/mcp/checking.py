"""Whether a tool task can work: its server and its tool are there, its parameters are taken."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ncp.errors import InputError, NcpError, NotFoundError
from ncp.mcp import catalog, judging, parameters, servers
from ncp.mcp.errors import installing
from ncp.references import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.mcp.catalog import Catalog, World
    from ncp.store.home import Home

LIBRARIES = ("mcp", "jsonschema")
RECENT_SECONDS = 60
"""A list of that age is good enough to refuse something by it."""
MOST_NAMED = 8


def require_sdk() -> None:
    """Refuse what needs the SDK where it is not installed; it is not imported."""
    if not all(find_spec(name) for name in LIBRARIES):
        raise InputError(
            "Tools of MCP servers need the SDK of MCP, and it is not installed.",
            where="mcp",
            next_step=f"Run: {installing()}",
        )


def split(tool: str) -> tuple[str, str]:
    """Take `server:tool` apart; InputError where it is not so written."""
    server, colon, name = tool.partition(":")
    if not (server and colon and name):
        raise InputError(
            f'"{tool}" does not name a server and its tool.',
            where="tool",
            next_step="Write for example: filesystem:list_directory",
        )
    return server, name


def check(
    home: Home,
    tool: str,
    given: Mapping[str, Any],
    world: World,
    *,
    folder: str | None = None,
) -> tuple[str, ...]:
    """Refuse what cannot work, all complaints at once; returns what is only doubtful.

    A server is started where it has not been asked before, or where what it said a while ago
    speaks against the task; it runs in `folder`, as it will for the task.
    """
    require_sdk()
    server_name, name = split(tool)
    server = servers.find(home, server_name)
    found = catalog.tools(home, server, world, folder=folder)
    problem = _problem(found, server_name, name, given)
    if problem and not found.fresh and time.time() - found.asked_at > RECENT_SECONDS:
        found = catalog.asked(home, server, world, folder=folder)
        problem = _problem(found, server_name, name, given)
    if problem:
        raise problem
    doubts = parameters.doubts(named(found, server_name, name)["inputSchema"], given)
    return tuple(f"{text}{'' if text.endswith('?') else '.'}" for text in doubts) + _source(
        found, server_name
    )


def _source(found: Catalog, server: str) -> tuple[str, ...]:
    """Say how old the list is that was looked at."""
    again = f"ask again: ncp mcp tools {server} --refresh"
    return () if found.fresh else (f'Checked with what "{server}" said {found.age} ago ({again}).',)


def named(found: Catalog, server: str, name: str) -> Mapping[str, Any]:
    """Find a tool; NotFoundError has the nearest name, or some of those there are."""
    tools = {str(one["name"]): one for one in found.tools}
    if name in tools:
        return tools[name]
    near = nearest(name, tools)
    some = ", ".join([*tools][:MOST_NAMED]) + (", …" if len(tools) > MOST_NAMED else "")
    raise NotFoundError(
        f'The server "{server}" has no tool "{name}".',
        where=f"{server}:{name}",
        next_step=f"Did you mean {server}:{near}?" if near else f"It has: {some or 'none'}.",
    )


def _problem(found: Catalog, server: str, name: str, given: Mapping[str, Any]) -> NcpError | None:
    try:
        tool = named(found, server, name)
        complaints = judging.complaints(tool["inputSchema"], given)
    except NcpError as error:
        error.where = error.where or f"{server}:{name}"
        return error
    if not complaints:
        return None
    return InputError(
        f"{'; '.join(complaints)}.",
        where=f"parameters of {server}:{name}",
        next_step=f"See what it takes: ncp mcp tools {server}:{name}",
    )
