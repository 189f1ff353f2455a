"""`ncp mcp add`: put a server into mcp.json."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp.api import servers
from ncp.cli import given, output
from ncp.cli.opening import opened
from ncp.cli.options import Env, JsonFlag
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.api import Server

WHERE = "ncp mcp add"
EXAMPLE = "ncp mcp add files -- npx -y @modelcontextprotocol/server-filesystem /srv"


def command(  # noqa: PLR0917  typer's way to say what a command takes
    name: Annotated[str, typer.Argument(metavar="NAME", help="What its tools are called by.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="-- COMMAND...", help="The program of the server.", show_default=False
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Instead: the address of one that runs.")
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help='With --url: such as "Authorization=Bearer file:~/key".'
        ),
    ] = None,
    env: Env = None,
    cwd: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Where it runs; default: the folder of the task."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of one of that name.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Add an MCP server; nothing is started."""
    servers.require_name(name, WHERE)
    if url is None:
        server = _program(name, words or [], header, env, cwd)
    else:
        server = _address(name, url, header, (words, env, cwd))
    home = opened()
    home.mcp.put([server], replace=replace)
    output.acted = True
    for note in doubts(server):
        output.note(note)
    if json:
        output.as_json({"server": {"name": name, **servers.masked(server)}})
        return
    output.line(f'Added "{name}". To try it: ncp mcp test {quote(name)}')


def _program(
    name: str,
    words: list[str],
    header: list[str] | None,
    env: list[str] | None,
    cwd: str | None,
) -> Server:
    if not words:
        raise InputError(
            "It has neither a command nor a url.",
            where="ncp mcp add",
            next_step=f"Write: ncp mcp add {name} -- COMMAND, or: ncp mcp add {name} --url URL",
        )
    if header:
        raise InputError(
            "Headers go to an address, and this is a program.",
            where="--header",
            next_step="Give it a variable: --env NAME=VALUE",
        )
    tree: dict[str, Any] = {"command": _located(words[0], cwd), "args": words[1:]}
    tree |= {"env": given.variables(env or []), "cwd": given.folder(cwd, "--cwd") if cwd else None}
    return servers.defined(name, tree, WHERE)


def _located(program: str, cwd: str | None) -> str:
    """Make a path that is relative to a folder absolute; a plain name is looked for on PATH."""
    if "/" not in program:
        return program
    path = os.path.join(cwd or "", os.path.expanduser(program))  # noqa: PTH111, PTH118  may be undecodable
    return os.path.abspath(path)  # noqa: PTH100  same


def _address(name: str, url: str, header: list[str] | None, others: tuple[Any, ...]) -> Server:
    if any(others):
        raise InputError(
            "A server at an address is not started: it has no command, --env or --cwd.",
            where="--url",
            next_step="Leave them out, or the --url.",
        )
    tree = {"url": url, "headers": given.headers(header or [])}
    return servers.defined(name, tree, WHERE, url="--url", headers="--header")


def doubts(server: Server) -> Iterator[str]:
    """Say what may be wrong with a server that was added."""
    if server.command and not shutil.which(server.command):
        yield f'The program "{server.command}" is not found here.'
    if server.command and not server.cwd:
        here = [word for word in server.args if word[:1] not in {"-", "/"} and Path(word).is_file()]
        for word in here[:1]:
            yield f'"{word}" is in this folder; so that every task finds it there, add --cwd .'
    yield from servers.warnings(server)
