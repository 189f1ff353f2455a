"""The body of an answer by HTTP, bounded: without a Content-Length it could go on for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2

from ncp.mcp.errors import McpError
from ncp.mcp.pipes import too_long
from ncp.mcp.program import LONGEST_MESSAGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def bound(response: httpx2.Response) -> None:
    """Have the body of an answer end where it is too long; of events, the SDK bounds each.

    How long packed data become nobody knows: they are refused.
    """
    kind, packed = (response.headers.get(f"content-{name}", "") for name in ("type", "encoding"))
    if kind.startswith("application/json") and packed not in {"", "identity"}:
        raise McpError(f"It packs its answer ({packed}), though it was asked not to.")
    if not kind.startswith("text/event-stream"):
        response.stream = Bounded(response.stream)


class Bounded(httpx2.AsyncByteStream):
    """Bytes of another stream; McpError where they are more than LONGEST_MESSAGE."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Pass them on, as they come."""
        count = 0
        async for data in self._stream:
            count += len(data)
            if count > LONGEST_MESSAGE:
                raise too_long()
            yield data

    async def aclose(self) -> None:
        """Close the other one."""
        await self._stream.aclose()
