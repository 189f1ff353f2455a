"""The MCP servers of a home, whose tools tasks call: what there is, what they offer, a call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp.api import tooling
from ncp.api.wording import in_words
from ncp.mcp import checking, definition, importing, keeping, parameters, secrecy
from ncp.mcp import servers as known
from ncp.mcp.answer import Answer
from ncp.mcp.clients import CLIENTS, Place
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ncp.applying.site import Site
    from ncp.mcp.catalog import Catalog
    from ncp.mcp.definition import Server
    from ncp.mcp.exchange import Result
    from ncp.mcp.importing import Offer

TITLES = {name: client.title for name, client in CLIENTS.items()}
"""The MCP clients whose servers can be taken over, and what people call them."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The servers of other MCP clients beside those of the home; why files could not be read."""

    found: tuple[Offer, ...]
    troubles: tuple[str, ...]

    @property
    def partial(self) -> bool:
        """Whether one of them cannot be taken."""
        return any(one.state in importing.NOT_TAKEN for one in self.found)

    def wanted(self, *, replace: bool = False) -> dict[str, Server]:
        """Pick what is new, and with `replace` what differs from the home's, by its name."""
        return importing.taken(self.found, replace=replace)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a tool; `takes` says in words what it can be."""

    name: str
    needed: bool
    takes: str


@in_words
class Servers:
    """The servers in mcp.json of a home; see `Schedule.mcp`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @property
    def file(self) -> Path:
        """Where they stand."""
        return Path(self.site.home.servers)

    @property
    def names(self) -> list[str]:
        """Their names, also of those that are not well defined."""
        return known.names(self.site.home)

    def list(self) -> list[dict[str, Any]]:
        """Lay out each, secrets masked, with the names of the tasks that call its tools."""
        tasks = self.site.document.schedule.tasks
        return [
            {
                "name": name,
                "transport": server.transport,
                **secrecy.masked(server),
                "tasks": [task.name for task in known.users(tasks, name)],
            }
            for name, server in known.read(self.site.home).items()
        ]

    def add(
        self,
        name: str,
        command: Sequence[str] = (),
        *,
        url: str | None = None,
        headers: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        replace: bool = False,
    ) -> Server:
        """Add one: a program, or a `url` with `headers`. Nothing is started.

        Values of `environment` and `headers` may be references to secrets, such as `file:~/key`.
        """
        tree = {
            "command": command[0] if command else None,
            "args": [*command[1:]] or None,
            "url": url,
            "headers": headers,
            "env": environment,
            "cwd": None if cwd is None else os.path.abspath(cwd),  # noqa: PTH100  may be undecodable
        }
        made = defined(name, tree, f'mcp["{name}"]')
        self.put([made], replace=replace)
        return made

    def put(self, servers: Iterable[Server], *, replace: bool = False) -> None:
        """Add servers: all of them, or none where one cannot be."""
        keeping.add(self.site, servers, replace=replace)

    def remove(self, name: str, *, force: bool = False) -> None:
        """Remove one; without `force` only one whose tools no task calls."""
        keeping.remove(self.site, name, force=force)

    def offers(
        self,
        client: str | None = None,
        names: Sequence[str] = (),
        *,
        file: str | os.PathLike[str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> Offers:
        """Look for the servers of other MCP clients, of one client, or of one file.

        `names` are of those wanted; `values` stand for `${input:NAME}` and `${NAME}`.
        """
        folder, system = Path.cwd(), self.site.host.system
        place = Place(system, homes.user_home(), folder, os.environ, values or {})
        path = None if file is None else Path(file)
        found, troubles = importing.found(place, client, path)
        own = known.read(self.site.home)
        offers = importing.compared(importing.chosen(found, names), own)
        return Offers(tuple(offers), tuple(troubles))

    def doubts(self, name: str) -> tuple[str, ...]:
        """Say where a server that is started here may be another one for a task."""
        return tooling.doubts(self.site, name)

    def tools(
        self, name: str, *, refresh: bool = False, timeout_seconds: float | None = None
    ) -> Catalog:
        """Say what a server offers; it is started where it was not asked before, or to `refresh`.

        Its `tools` have a `name`, a `description` and an `inputSchema`.
        """
        return tooling.offered(self.site, name, refresh=refresh, seconds=timeout_seconds)

    def tool(self, name: str, found: Catalog | None = None) -> Mapping[str, Any]:
        """Find a tool by "server:tool", in what its server offers."""
        server, _, tool = name.partition(":")
        return checking.named(found or self.tools(server), server, tool)

    def call(
        self,
        tool: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_seconds: float = 300,
        hear: Callable[[bytes], None] | None = None,
    ) -> Result:
        """Call a tool ("server:tool") once, now; nothing is recorded.

        Raises McpError where it comes to no result; one that the tool calls a failure has
        `failed`. `hear` gets what the server says on standard error.
        """
        heard = {} if hear is None else {"hear": hear}
        return tooling.call(self.site, tool, parameters or {}, seconds=timeout_seconds, **heard)


def require_name(name: str, where: str) -> None:
    """Refuse a name that `server:tool` could not say."""
    definition.require_name(name, where)


def defined(name: str, tree: Mapping[str, Any], where: str, **options: str) -> Server:
    """Read a definition as mcp.json would hold it; `options` are what its keys are called."""
    definition.require_name(name, where)
    said = {key: value for key, value in tree.items() if value is not None}
    for key, option in options.items():
        if key in said:
            definition.require_fitting(key, said[key], option)
    return definition.parse(name, said, where)


def masked(server: Server) -> dict[str, Any]:
    """Lay out a definition without its secrets."""
    return secrecy.masked(server)


def warnings(server: Server) -> list[str]:
    """Say which of its values look like secrets in plain text, and how to refer to one instead."""
    return [secrecy.advice(server.name, place) for place in secrecy.plain(server)]


def arguments(tool: Mapping[str, Any]) -> list[Argument]:
    """List what a tool takes, as its server describes it."""
    schema = tool["inputSchema"]
    needed = parameters.required(schema)
    return [
        Argument(name, name in needed, parameters.described(found))
        for name, found in parameters.properties(schema).items()
    ]


def keeper(write: Callable[[bytes], None], folder: str = "") -> Answer:
    """Make what gives results away: printed by `write`, files into `folder`."""
    return Answer(write, folder)
