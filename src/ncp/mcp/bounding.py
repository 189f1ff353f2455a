"""The body of an answer by HTTP, bounded: without a Content-Length it could go on for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx2

from ncp.errors import McpError
from ncp.mcp.limits import LONGEST_MESSAGE, MOST_VALUES, has_too_many_values, too_long, too_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ncp.mcp.exchange import Exchange

EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")


def bound(response: httpx2.Response, exchange: Exchange) -> None:
    """Have the body of an answer end where it is too much; `exchange` is told why.

    How long packed data become nobody knows: they are refused.
    """
    packed = response.headers.get("content-encoding", "").strip().lower()
    if packed not in {"", "identity"}:
        exchange.fault = McpError(f"It packs its answer ({packed}), though it was asked not to.")
        raise exchange.fault
    kind = response.headers.get("content-type", "").strip().lower()
    response.stream = Bounded(
        response.stream, exchange, events=kind.startswith("text/event-stream")
    )


class Bounded(httpx2.AsyncByteStream):
    """Bytes of another stream; McpError where one message in it is too much.

    A message is all of it, or with `events` each of the events, which end at an empty line.
    """

    def __init__(self, stream: Any, exchange: Exchange, *, events: bool) -> None:
        self._stream, self._exchange, self._events = stream, exchange, events
        self._message: list[bytes] = []
        self._length = 0
        self._next_look = MOST_VALUES

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Pass them on, as they come."""
        async for data in self._stream:
            self._exchange.received += len(data)
            self._look(data)
            yield data

    def _look(self, data: bytes) -> None:
        if self._events:
            before = self._message[-1][-3:] if self._message else b""
            *ended, last = EVENT_END.split(before + data)
            if ended:
                self._message, self._length, self._next_look = [], 0, MOST_VALUES
                data = last
        self._message.append(data)
        self._length += len(data)
        if self._length > LONGEST_MESSAGE:
            self._refuse(too_long())
        # A value has a byte at least, and a look at all of it takes as long as all of it.
        if self._length > self._next_look:
            self._next_look = 2 * self._length
            self._message = [b"".join(self._message)]
            if has_too_many_values(self._message[0]):
                self._refuse(too_many("values", MOST_VALUES))

    def _refuse(self, fault: McpError) -> None:
        self._exchange.fault = fault
        raise fault

    async def aclose(self) -> None:
        """Close the other one."""
        await self._stream.aclose()
