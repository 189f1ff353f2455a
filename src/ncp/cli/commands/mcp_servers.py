"""`ncp mcp servers`: the servers of mcp.json."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ncp.cli import output
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = "ncp mcp servers"


def command(json: JsonFlag = False) -> None:
    """List the MCP servers, what each runs, and the tasks that call its tools."""
    home = opened()
    found = home.mcp.list()
    if json:
        output.as_json({"servers": found, "file": str(home.mcp.file)})
    elif not found:
        output.talk("No servers. Take those of another program: ncp mcp import")
        output.talk("Or add one: ncp mcp add NAME -- COMMAND")
    else:
        rows = ((one["name"], one["transport"], runs(one), len(one["tasks"])) for one in found)
        output.table(("NAME", "TRANSPORT", "RUNS", "TASKS"), rows)


def runs(found: Mapping[str, Any]) -> str:
    """What a server is, in one line: its command, or its address."""
    return (
        found["url"] if "url" in found else shlex.join([found["command"], *found.get("args", ())])
    )
