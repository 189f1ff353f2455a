"""`ncp mcp call`: call a tool once, now."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Annotated

import typer

from ncp.cli import calling, echoing, output
from ncp.cli.calling import Params, Patience
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, RawFlag
from ncp.errors import McpError

EXAMPLE = """ncp mcp call filesystem:list_directory --params '{"path": "/backups"}'"""


def command(  # noqa: PLR0917  typer's way to say what a command takes
    tool: Annotated[
        str, typer.Argument(metavar="SERVER:TOOL", help="A tool of an MCP server of this home.")
    ],
    params: Params = None,
    timeout: Patience = 300,
    save: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Keep there what is no text: images, sound, files."),
    ] = None,
    stderr: Annotated[
        bool, typer.Option("--stderr", help="Pass on what the server says on standard error.")
    ] = False,
    raw: RawFlag = False,
    json: JsonFlag = False,
) -> None:
    """Call a tool once, now, and print what it answers; nothing is recorded."""
    given = calling.parameters(params) or {}
    mcp, hear = opened().mcp, partial(_hear, bare=raw) if stderr else None
    output.notes(mcp.doubts(tool.partition(":")[0]))
    result = mcp.call(tool, given, timeout_seconds=timeout, hear=hear)
    lost = ""
    if json:
        output.as_json(calling.tree(result))
    else:
        folder = os.path.abspath(save) if save else ""  # noqa: PTH100  may be undecodable
        lost = calling.show(result, folder, bare=raw)
    if lost:
        raise McpError(
            f"Some of the answer could not be kept: {lost}.",
            where=save or "",
            next_step="Name another folder.",
        )
    if result.failed:
        raise McpError(
            "The tool says that it has failed.",
            where=tool,
            next_step=f"See what it takes: ncp mcp tools {tool}",
        )


def _hear(said: bytes, *, bare: bool) -> None:
    """Pass on what the server says on standard error."""
    with echoing.echo(sys.stderr, bare=bare) as echo:
        echo(said)
