"""A client of one server for the time of one question: what it offers, or one call of a tool.

The program of a server is started before the SDK is imported, so that both get ready at once.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from ncp.errors import McpError
from ncp.mcp import program as programs
from ncp.mcp.errors import CORRECT, installing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

    from ncp.mcp.definition import Server
    from ncp.mcp.exchange import Exchange, Result, Tool
    from ncp.mcp.session import Session


@asynccontextmanager
async def connection(server: Server, exchange: Exchange) -> AsyncIterator[Session]:
    """Start a server or connect to it, and greet it; at the end it is ended with its whole tree.

    Raises McpError (`where` is the name of the server), from the block as well.
    """
    try:
        async with _spoken_to(server, exchange) as session:
            yield session
    except McpError as error:
        error.what = exchange.veil.text(error.what)
        error.where = error.where or server.name
        error.next_step = (error.next_step or CORRECT).format(name=server.name)
        raise


@asynccontextmanager
async def _spoken_to(server: Server, exchange: Exchange) -> AsyncIterator[Session]:
    if server.url:
        async with _ways().over_http(server.url, exchange) as session:
            yield session
        return
    argv = (server.command, *server.args)
    folder = server.cwd or exchange.folder
    program = await programs.start(argv, exchange.env, folder, exchange.hear, exchange.veil)
    try:
        async with _ways().over_pipes(program, exchange) as session:
            yield session
    finally:
        await _shielded(program.end())


async def _shielded(work: Awaitable[None]) -> None:
    """Do it to its end, even where this task is being cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _ways() -> Any:
    """Import the SDK: half a second, in which the server gets ready."""
    try:
        from ncp.mcp import connecting  # noqa: PLC0415  see above
    except ImportError:
        raise McpError(
            "The SDK of MCP is not installed.", next_step=f"Run: {installing()}"
        ) from None
    return connecting


@asynccontextmanager
async def within(
    server: Server, exchange: Exchange, seconds: float, more: str
) -> AsyncIterator[None]:
    """Give up the whole exchange after so many seconds (0: never), and say what it waited for.

    `more` is the next step, which gives it more time.
    """
    try:
        async with asyncio.timeout(seconds or None):
            yield
    except TimeoutError:
        printed = (
            f" It has printed what is no message: {exchange.rubbish}" if exchange.rubbish else ""
        )
        raise McpError(
            f"It took longer than {seconds:g} s, waiting for {exchange.awaited}.{printed}",
            where=server.name,
            next_step=more,
        ) from None


async def offered(server: Server, exchange: Exchange) -> list[Tool]:
    """Ask a server for all its tools."""
    async with connection(server, exchange) as session:
        return await session.tools()


async def called(
    server: Server, exchange: Exchange, tool: str, arguments: Mapping[str, Any]
) -> Result:
    """Have a server run a tool. To cancel it tells the server so before it is ended."""
    async with connection(server, exchange) as session:
        return await session.call(tool, arguments)
