"""Lists of tools as servers give them, made such that the SDK takes them.

It refuses a whole list for one tool whose schema it finds wrong; what is wrong with a schema
matters where that tool is called, and there it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio.abc import ObjectReceiveStream
from mcp_types import JSONRPCResponse

from ncp.mcp.limits import MOST_BLOCKS, MOST_TOOLS

if TYPE_CHECKING:
    from mcp.shared.message import SessionMessage

SCHEMA = "ncp/inputSchema"
"""Where in the `_meta` of a tool its schema is, as the server gave it."""
CUT = "ncp/cut"
"""Stands in the `_meta` of an answer that had more pieces of content than it may."""


class Lenient(ObjectReceiveStream["SessionMessage | Exception"]):
    """Messages of a server, with tools of which only name, description and schema are left."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def last_context(self) -> Any:
        """What the SDK hands on beside a message."""
        return getattr(self._stream, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """Wait for the next message."""
        item: SessionMessage | Exception = await self._stream.receive()
        message = None if isinstance(item, Exception) else item.message
        if isinstance(message, JSONRPCResponse):
            _simplify(message.result)
        return item

    async def aclose(self) -> None:
        """Listen no more."""
        await self._stream.aclose()


def _simplify(result: dict[str, Any]) -> None:
    tools, content = result.get("tools"), result.get("content")
    if isinstance(tools, list):
        # One more than may be, so that it is seen: making a value of each takes long.
        result["tools"] = [_plain(one) for one in tools[: MOST_TOOLS + 1] if _named(one)]
    if isinstance(content, list) and len(content) > MOST_BLOCKS:
        result |= {"content": [], "structuredContent": None, "_meta": {CUT: True}}


def _named(tool: Any) -> bool:
    return isinstance(tool, dict) and isinstance(tool.get("name"), str) and bool(tool["name"])


def _plain(tool: dict[str, Any]) -> dict[str, Any]:
    schema, remark = tool.get("inputSchema"), tool.get("description")
    return {
        "name": tool["name"],
        "description": remark if isinstance(remark, str) else "",
        "inputSchema": {"type": "object"},
        "_meta": {SCHEMA: schema if isinstance(schema, dict) else {}},
    }
