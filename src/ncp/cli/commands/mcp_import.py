"""`ncp mcp import`: take the servers of other MCP clients over."""

from __future__ import annotations

import sys
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp import errors
from ncp.api import servers
from ncp.cli import given, output
from ncp.cli.commands import mcp_servers
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.api import Offer, Offers, Server

EXAMPLE = "ncp mcp import claude-desktop filesystem --yes"


def command(  # noqa: PLR0917  typer's way to say what a command takes
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLIENT] [NAME]...",
            help=f"One of {', '.join(servers.TITLES)}; and names of its servers.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Only the servers of this file.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="For ${input:NAME} and ${NAME}: a reference."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also those that differ from the home's.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take them without asking.")] = False,
    json: JsonFlag = False,
) -> int:
    """Show the servers of other MCP clients, then take the new ones.

    Where one cannot be taken, the others are, and the exit code is 2.
    """
    home = opened()
    said = given.variables(value or [], "--set")
    names = [*(words or [])]
    client = names.pop(0) if names and names[0] in servers.TITLES else None
    path = None if file is None else given.file(file, "FILE")
    offers = home.mcp.offers(client, names, file=path, values=said)
    output.notes(offers.troubles)
    if not json:
        _show(offers.found)
    wanted = offers.wanted(replace=replace)
    _warn(wanted)
    agreed = bool(wanted) and (yes or _agreed(wanted))
    if agreed:
        home.mcp.put(wanted.values(), replace=replace)
        output.acted = True
    _report(offers, wanted if agreed else {}, json=json)
    return errors.BAD_INPUT if offers.partial else errors.DONE


def _show(offers: Sequence[Offer]) -> None:
    if not offers:
        output.talk(f"No servers were found in the files of {_titles()}.")
        return
    rows = ((_title(one), one.found.name, one.state, one.found.file, _runs(one)) for one in offers)
    output.table(("CLIENT", "SERVER", "STATE", "FILE", "RUNS"), rows)
    for one in offers:
        if one.found.problem:
            output.note(f"{one.found.name} cannot be taken: {one.found.problem}")
    for name in dict.fromkeys(one.found.name for one in offers if one.state == "clashes"):
        output.note(f"{name} is not the same everywhere: name its client, or its --file.")


def _titles() -> str:
    return ", ".join(servers.TITLES.values())


def _title(offer: Offer) -> str:
    return servers.TITLES.get(offer.found.client, "-")


def _runs(offer: Offer) -> str | None:
    server = offer.found.server
    return None if server is None else mcp_servers.runs(servers.masked(server))


def _agreed(wanted: dict[str, Server]) -> bool:
    """Ask on a terminal; elsewhere say how to agree."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        return typer.confirm(f"Take {_names(wanted)}?", err=True)
    output.talk(f"Nothing was taken. To take {_names(wanted)}, add: --yes")
    return False


def _names(wanted: dict[str, Server]) -> str:
    return ", ".join(map(output.visible, wanted))


def _warn(wanted: dict[str, Server]) -> None:
    for server in wanted.values():
        output.notes(servers.warnings(server))


def _report(offers: Offers, took: dict[str, Server], *, json: bool) -> None:
    if json:
        found = [_tree(one) for one in offers.found]
        output.as_json({"partial": offers.partial, "found": found, "taken": [*took]})
        return
    for name in took:
        output.line(f'Added "{output.visible(name)}". To try it: ncp mcp test {quote(name)}')


def _tree(offer: Offer) -> dict[str, Any]:
    found = offer.found
    return {
        "client": found.client or None,
        "file": str(found.file),
        "name": found.name,
        "state": offer.state,
        "problem": found.problem or None,
        "server": found.server and servers.masked(found.server),
    }
