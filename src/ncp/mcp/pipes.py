"""The SDK's messages over the standard streams of a program.

The SDK's own way copies all that it has of a line for each piece that comes, so that an answer of
50 MB takes it half a minute; here a line is bounded, and what is no message is not just logged.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from ncp.errors import McpError
from ncp.mcp.limits import MOST_VALUES, has_too_many_values, too_long, too_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

    from ncp.mcp.exchange import Exchange
    from ncp.mcp.program import Program

    Incoming = SessionMessage | Exception
    Streams = tuple[MemoryObjectReceiveStream[Incoming], MemoryObjectSendStream[SessionMessage]]

MOST_RUBBISH = 256 * 1024
"""How many bytes that are no messages are overlooked: a greeting or a log is, but not for ever."""
SHOWN = 80
FLUSH_SECONDS = 0.5


class Pipes:
    """Both directions. What is no message is told `exchange`, and what has made it useless, too."""

    def __init__(self, program: Program, exchange: Exchange) -> None:
        self._program, self._exchange = program, exchange
        self._overlooked = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Streams]:
        """Carry messages until it is left; the last ones are still written."""
        arriving, arrived = anyio.create_memory_object_stream[Any](0)
        leaving, left = anyio.create_memory_object_stream[SessionMessage](0)
        reading = asyncio.ensure_future(self._read(arriving))
        writing = asyncio.ensure_future(self._write(left))
        try:
            yield arrived, leaving
        finally:
            arrived.close()
            leaving.close()
            await asyncio.wait([writing], timeout=FLUSH_SECONDS)
            reading.cancel()
            writing.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)

    async def _read(self, arriving: MemoryObjectSendStream[Any]) -> None:
        with arriving:
            try:
                while line := await self._program.stdout.readline():
                    message = self._parsed(line)
                    if message is not None:
                        await arriving.send(message)
                    if self._exchange.fault:
                        return
            except ValueError:  # as asyncio says that a line is too long
                self._exchange.fault = too_long()
            except (anyio.BrokenResourceError, ConnectionError):
                return  # nobody listens any more, or it has ended
        # The session learns of the end by the stream that is closed now.

    def _parsed(self, line: bytes) -> SessionMessage | None:
        self._exchange.received += len(line)
        if has_too_many_values(line):
            self._exchange.fault = too_many("values", MOST_VALUES)
            return None
        try:
            return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
        except ValueError:
            pass
        start = line[: 4 * SHOWN + self._exchange.veil.longest]  # a secret is not cut in two
        text = self._exchange.veil.data(start).decode("utf-8", "replace").strip()
        if text:
            shown = text[:SHOWN] + ("…" if len(text) > SHOWN else "")
            self._exchange.rubbish = self._exchange.rubbish or shown
        self._overlooked += len(line)
        if b'"jsonrpc"' in line and (b'"result"' in line or b'"error"' in line):
            self._exchange.fault = McpError(  # who asked would wait for ever
                f"It answers with what is no message: {self._exchange.rubbish}",
                next_step="It breaks the protocol: look for a newer version of it.",
            )
        elif self._overlooked > MOST_RUBBISH:
            self._exchange.fault = McpError(
                f"It prints something else than messages: {self._exchange.rubbish}",
                next_step="A server of MCP has its standard output for messages alone.",
            )
        return None

    async def _write(self, left: MemoryObjectReceiveStream[SessionMessage]) -> None:
        stdin = self._program.stdin
        with left:
            try:
                async for one in left:
                    text = one.message.model_dump_json(by_alias=True, exclude_unset=True)
                    stdin.write(text.encode() + b"\n")
                    await stdin.drain()
            except (BrokenPipeError, ConnectionError):
                return  # that it has ended is seen where it is read
