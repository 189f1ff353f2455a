"""A server of MCP written with the Python SDK: over standard streams, or by HTTP on a port.

`python mcp_served.py`, or `python mcp_served.py http PORT TOKEN`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from mcp.server import MCPServer

server = MCPServer("served")


@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


@server.tool()
def shout(text: str) -> str:
    """Say it loudly."""
    if not text:
        raise ValueError("there is nothing to shout")
    return text.upper()


@server.tool()
def leave() -> str:
    """End at once."""
    os._exit(5)


@server.tool()
def fill(size: int) -> str:
    """Answer with a long text."""
    return "x" * size


def demanding(token: str) -> Any:
    """Put an application that wants a token before that of the server."""
    inner = server.streamable_http_app()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        given = dict(scope.get("headers") or []).get(b"authorization", b"").decode()
        if scope["type"] == "http" and given != f"Bearer {token}":
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await inner(scope, receive, send)

    return app


if sys.argv[1:2] == ["http"]:
    import uvicorn

    uvicorn.run(demanding(sys.argv[3]), port=int(sys.argv[2]), log_level="error")
else:
    server.run("stdio")
