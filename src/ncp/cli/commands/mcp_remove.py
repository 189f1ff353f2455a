"""`ncp mcp remove`: take a server out of mcp.json."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.cli import output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, ServerName

EXAMPLE = "ncp mcp remove files"


def command(
    name: ServerName,
    force: Annotated[
        bool, typer.Option("--force", help="Also one whose tools are called by tasks.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Remove an MCP server that no task needs."""
    opened().mcp.remove(name, force=force)
    output.acted = True
    if json:
        output.as_json({"removed": name})
    else:
        output.line(f'Removed "{name}".')
