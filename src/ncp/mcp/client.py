"""A client of one server for the time of one question: what it offers, or one call of a tool.

The program of a server is started before the SDK is imported, so that both get ready at once.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ncp.mcp import program as programs
from ncp.mcp.errors import CORRECT, McpError, installing
from ncp.mcp.veil import Veil

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from ncp.mcp.definition import Server
    from ncp.mcp.session import Session

START_SECONDS = 120.0
"""How long a server may take to answer for the first time: `npx` may have to fetch it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its server describes it; `input_schema` is JSON Schema."""

    name: str
    description: str
    input_schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a call has led to: blocks of content as the protocol has them, and structured content.

    Where `failed`, the server says that the tool has failed, and the content says why.
    """

    content: tuple[Mapping[str, Any], ...] = ()
    structured: Any = None
    failed: bool = False

    @property
    def text(self) -> str:
        """All text of it."""
        texts = [str(block["text"]) for block in self.content if block.get("type") == "text"]
        return "\n".join(texts)


def _unheard(_said: bytes) -> None:
    """Keep nothing of what a server says on standard error."""


@dataclass(slots=True)
class Means:
    """How a server is spoken to: variables, headers and folder, with secrets resolved.

    `hear` takes what it says on standard error, `seconds` is how long it may take to answer first.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    hear: Callable[[bytes], None] = _unheard
    seconds: float = START_SECONDS
    veil: Veil = field(default_factory=Veil)
    """Hides the secrets that it was given in what it says."""
    awaited: str = "its start"
    """What is being waited for, for who gives it up."""
    rubbish: str = ""
    """The first that it has printed and that was no message."""
    received: int = 0
    """How many bytes of messages have come."""
    fault: McpError | None = None
    """What has made the connection useless, where that is known."""


@asynccontextmanager
async def connection(server: Server, means: Means) -> AsyncIterator[Session]:
    """Start a server or connect to it, and greet it; at the end it is ended with its whole tree.

    Raises McpError (`where` is the name of the server), from the block as well.
    """
    try:
        async with _spoken_to(server, means) as session:
            yield session
    except McpError as error:
        error.what = means.veil.text(error.what)
        error.where = error.where or server.name
        error.next_step = (error.next_step or CORRECT).format(name=server.name)
        raise


@asynccontextmanager
async def _spoken_to(server: Server, means: Means) -> AsyncIterator[Session]:
    if server.url:
        async with _ways().over_http(server.url, means) as session:
            yield session
        return
    argv = (server.command, *server.args)
    folder = server.cwd or means.folder
    program = await programs.start(argv, means.env, folder, means.hear, means.veil)
    try:
        async with _ways().over_pipes(program, means) as session:
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
async def within(server: Server, means: Means, seconds: float, more: str) -> AsyncIterator[None]:
    """Give up the whole exchange after so many seconds (0: never), and say what it waited for.

    `more` is the next step, which gives it more time.
    """
    try:
        async with asyncio.timeout(seconds or None):
            yield
    except TimeoutError:
        printed = f" It has printed what is no message: {means.rubbish}" if means.rubbish else ""
        raise McpError(
            f"It took longer than {seconds:g} s, waiting for {means.awaited}.{printed}",
            where=server.name,
            next_step=more,
        ) from None


async def offered(server: Server, means: Means) -> list[Tool]:
    """Ask a server for all its tools."""
    async with connection(server, means) as session:
        return await session.tools()


async def called(server: Server, means: Means, tool: str, arguments: Mapping[str, Any]) -> Result:
    """Have a server run a tool. To cancel it tells the server so before it is ended."""
    async with connection(server, means) as session:
        return await session.call(tool, arguments)
