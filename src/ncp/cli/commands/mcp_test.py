"""`ncp mcp test`: start a server and ask it what it offers."""

from __future__ import annotations

import time
from shlex import quote

from ncp.cli import output, tables
from ncp.cli.calling import Patience
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag, ServerName
from ncp.errors import NcpError

DEFINED = "Define it anew, with another command or address: ncp mcp add {name} --replace -- COMMAND"
"""For who tests already, and would be sent back here."""
EXAMPLE = "ncp mcp test filesystem"


def command(
    name: ServerName,
    timeout: Patience = 120,
    json: JsonFlag = False,
) -> None:
    """Start a server, greet it, list its tools and end it; say who it is and how long it took."""
    home, start = opened(), time.monotonic()
    output.notes(home.mcp.doubts(name))
    try:
        found = home.mcp.tools(name, refresh=True, timeout_seconds=timeout)
    except NcpError as error:
        if error.next_step.startswith(f"Try: ncp mcp test {name}"):
            error.next_step = DEFINED.format(name=quote(name))
        raise
    took = round(1000 * (time.monotonic() - start))
    if json:
        tools = [tool["name"] for tool in found.tools]
        output.as_json({"name": name, "about": found.about, "tools": tools, "durationMs": took})
        return
    about = found.about
    output.facts(
        [
            ("Server", name),
            ("Says it is", f"{about['name']} {about['version']}".strip()),
            ("Protocol", about["protocol"]),
            ("Tools", len(found.tools)),
            ("Took", tables.took(took)),
        ]
    )
