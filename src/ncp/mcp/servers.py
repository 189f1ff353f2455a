"""mcp.json of a home: the servers whose tools tasks may call, in the form all MCP clients use."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, TypeVar

from ncp import files, trust
from ncp.document import text
from ncp.document.text import shown
from ncp.errors import DocumentError, InputError, NotFoundError
from ncp.mcp import definition
from ncp.mcp.definition import Server, fingerprint
from ncp.references import nearest
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.model import Task
    from ncp.store.home import Home

    Tree = Mapping[str, Any]

Found = TypeVar("Found")

__all__ = [
    "Server",
    "added",
    "find",
    "fingerprint",
    "load",
    "named",
    "names",
    "read",
    "removed",
    "save",
    "users",
]

SERVERS = "mcpServers"
OTHER_NAMES = {"servers", "mcp", "mcp_servers", "mcpservers", "McpServers"}
"""What other programs call them, or people who write from memory."""


def read(home: Home) -> dict[str, Server]:
    """Read the servers of a home by their names; without a file there are none.

    Raises DocumentError with file and key (or line) for what cannot be used,
    HomeError where others may write it: its commands are run, as those of
    schedule.json are.
    """
    return {name: _parsed(home, name, tree) for name, tree in _trees(home).items()}


def find(home: Home, name: str) -> Server:
    """Read one server of a home, whatever is wrong with the others; NotFoundError as `named`."""
    trees = _trees(home)
    named(trees, name)
    return _parsed(home, name, trees[name])


def names(home: Home) -> list[str]:
    """List the names of the servers, of those too that cannot be used."""
    return [*_trees(home)]


def _trees(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = load(home).get(SERVERS, {})
    return found


def _parsed(home: Home, name: str, tree: Any) -> Server:
    return definition.parse(name, tree, f"{home.servers}: {SERVERS}[{shown(name)}]")


def named(found: Mapping[str, Found], name: str, *, wanted: bool = True) -> Found:
    """Find a server; NotFoundError has the nearest name, else how to have it.

    One that is not `wanted`, but to be removed, is answered with those that there are.
    """
    if name in found:
        return found[name]
    near = nearest(name, found)
    add = f"Add it: ncp mcp add {shlex.quote(name)} -- COMMAND"
    have = f"There are: {', '.join(found)}." if found else "There is none at all: ncp mcp servers"
    raise NotFoundError(
        f"There is no MCP server {shown(name)}.",
        where="mcp.json",
        next_step=f"Did you mean {near}?" if near else add if wanted else have,
    )


def users(tasks: Mapping[str, Task], name: str) -> list[Task]:
    """Find the tasks that call a tool of a server."""
    return [task for task in tasks.values() if (task.tool or "").partition(":")[0] == name]


def load(home: Home) -> dict[str, Any]:
    """Read the whole file as it stands, with what ncp does not know; empty where there is none."""
    trust.require_private(home.path)
    trust.require_private(home.servers)
    source = schedules.contents(home.servers)
    tree = {} if source is None else text.parse(source, str(home.servers))
    if not isinstance(tree, dict) or not isinstance(tree.get(SERVERS, {}), dict):
        raise DocumentError(
            f"It is not an object with {SERVERS}.",
            where=str(home.servers),
            next_step=f'Write {{"{SERVERS}": {{"name": {{"command": "program"}}}}}}.',
        )
    if SERVERS not in tree and tree.keys() & OTHER_NAMES:
        raise DocumentError(
            f"It has no {SERVERS}.",
            where=str(home.servers),
            next_step=f'Name them "{SERVERS}", or take a file over: ncp mcp import --file FILE',
        )
    return tree


def save(home: Home, tree: Tree) -> None:
    """Write the file for its owner only; call it under the lock of a change."""
    files.write(home.servers, text.dump(tree).encode())


def added(tree: Tree, server: Server, *, replace: bool = False) -> dict[str, Any]:
    """Add a server; `replace` one of that name, whose keys that ncp does not know stay."""
    servers = tree.get(SERVERS, {})
    if server.name in servers and not replace:
        raise InputError(
            f"There is a server {shown(server.name)} already.",
            where="mcp.json",
            next_step="Choose another name, or take its place with --replace.",
        )
    old = servers.get(server.name)
    known = {*definition.KEYS, "type", "transport"}
    kept = {key: old[key] for key in old if key not in known} if isinstance(old, dict) else {}
    return {**tree, SERVERS: {**servers, server.name: definition.tree(server) | kept}}


def removed(tree: Tree, name: str) -> dict[str, Any]:
    """Leave a server out; NotFoundError where there is none of that name."""
    servers = tree.get(SERVERS, {})
    if name not in servers:
        named(servers, name, wanted=False)
    return {**tree, SERVERS: {key: value for key, value in servers.items() if key != name}}
