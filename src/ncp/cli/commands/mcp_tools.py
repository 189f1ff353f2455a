"""`ncp mcp tools`: what the servers offer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.api import servers, views
from ncp.cli import completing, output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag
from ncp.errors import NcpError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.api import Catalog

EXAMPLE = "ncp mcp tools filesystem"
LONGEST = 60


def command(
    server: Annotated[
        str | None,
        typer.Argument(
            metavar="SERVER[:TOOL]",
            help="One server, or one tool of it; default: all servers.",
            autocompletion=completing.servers,
        ),
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask them again, instead of what they said last time.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """List the tools of the MCP servers, with what each does and takes.

    A server is started only where it has not been asked before.
    """
    home = opened()
    name, _, tool = (server or "").partition(":")
    names = [name] if name else home.mcp.names
    found: dict[str, Catalog] = {}
    refusals: list[NcpError] = []
    for one in names:
        output.notes(home.mcp.doubts(one))
        try:
            found[one] = home.mcp.tools(one, refresh=refresh)
        except NcpError as error:
            refusals.append(error)
    if tool and found:
        _one(home.mcp.tool(f"{name}:{tool}", found[name]), f"{name}:{tool}", json=json)
    elif found or not refusals:
        _all(found, json=json)
    _refuse(refusals)


def _refuse(refusals: list[NcpError]) -> None:
    """Say which servers cannot be asked; the last reason is that of the command."""
    for error in refusals[:-1]:
        output.error(error.what, where=error.where, next_step=error.next_step)
    for error in refusals[-1:]:
        raise error


def _all(found: Mapping[str, Catalog], *, json: bool) -> None:
    if json:
        output.as_json({"servers": [_tree(name, one) for name, one in found.items()]})
    elif not found:
        output.talk("No servers. Add one: ncp mcp add NAME -- COMMAND")
    else:
        rows = (row for name, one in found.items() for row in _rows(name, one))
        output.table(("TOOL", "DESCRIPTION", "ARGUMENTS"), rows)
        for name, one in found.items():
            _tell_age(name, one)


def _tree(name: str, found: Catalog) -> dict[str, Any]:
    asked = views.iso(datetime.fromtimestamp(found.asked_at, UTC))
    return {"name": name, "about": found.about, "askedAt": asked, "tools": list(found.tools)}


def _rows(server: str, found: Catalog) -> Iterator[tuple[str, str, str]]:
    for tool in found.tools:
        takes = servers.arguments(tool)
        names = (one.name if one.needed else f"[{one.name}]" for one in takes)
        yield f"{server}:{tool['name']}", _first(tool["description"]), " ".join(names)


def _first(text: str) -> str:
    """Take the first sentence, or the start of it."""
    line = text.strip().partition("\n")[0].partition(". ")[0].rstrip(".")
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _tell_age(name: str, found: Catalog) -> None:
    if not found.fresh:
        output.talk(f"What {name} said {found.age} ago; to ask again: --refresh")


def _one(tool: Mapping[str, Any], name: str, *, json: bool) -> None:
    if json:
        output.as_json(tool)
        return
    output.line(name)
    for line in tool["description"].strip().splitlines():
        output.line(f"  {output.visible(line)}".rstrip())
    if takes := servers.arguments(tool):
        output.line()
        rows = ((one.name, "yes" if one.needed else "no", one.takes) for one in takes)
        output.table(("ARGUMENT", "NEEDED", "TAKES"), rows)
