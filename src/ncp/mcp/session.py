"""A session with a server: the one place that knows the SDK, and its errors in our words."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import mcp_types as types
from mcp.client.session import ClientSession
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from ncp.mcp.client import Result, Tool
from ncp.mcp.errors import McpError
from ncp.mcp.pipes import Pipes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from mcp.shared.dispatcher import ProgressFnT as Progress

    from ncp.mcp.client import Means
    from ncp.mcp.program import Program

    Explain = Callable[[str, MCPError], McpError]

MOST_PAGES = 1000
"""A list of tools that goes on for ever ends there."""

UNAUTHORIZED = (401, 403)
AGAIN = "Try: ncp mcp test {name}"

logging.getLogger("mcp").addHandler(logging.NullHandler())  # what it reports is raised as well


class Session:
    """What can be asked of a server that has been greeted."""

    def __init__(self, session: ClientSession, means: Means, explain: Explain) -> None:
        self._session, self._means, self._explain = session, means, explain

    @property
    def about(self) -> dict[str, str]:
        """What it says it is (`name`, `version`), and the `protocol` that was agreed on."""
        info = self._session.server_info
        return {
            "name": info.name if info else "",
            "version": info.version if info else "",
            "protocol": self._session.protocol_version or "",
        }

    async def greet(self) -> None:
        """Agree on a version of the protocol; all servers but the newest know `initialize`."""
        with self._in_words("initialize"):
            try:
                with anyio.fail_after(self._means.seconds):
                    await self._initialize()
            except TimeoutError:
                raise MCPError(types.REQUEST_TIMEOUT, f"{self._means.seconds:g} s") from None
            except RuntimeError as error:  # a version that the SDK does not know
                raise McpError(f"{error}.", next_step=AGAIN) from None

    async def _initialize(self) -> None:
        try:
            await self._session.initialize()
        except MCPError as error:
            if error.code != types.UNSUPPORTED_PROTOCOL_VERSION:
                raise
            await self._session.discover()

    async def tools(self, seconds: float | None = None) -> list[Tool]:
        """List its tools, all pages of them."""
        found: list[Tool] = []
        cursor = None
        for _ in range(MOST_PAGES):
            with self._in_words("tools/list"):
                page = await self._session.send_request(
                    types.ListToolsRequest(params=types.PaginatedRequestParams(cursor=cursor)),
                    types.ListToolsResult,
                    seconds,
                )
            found += [Tool(one.name, one.description or "", one.input_schema) for one in page.tools]
            cursor = page.next_cursor
            if not cursor:
                break
        return found

    async def call(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        progress: Progress | None = None,
        seconds: float | None = None,
    ) -> Result:
        """Run a tool. Its output schema is the server's business: it is not asked for again."""
        params = types.CallToolRequestParams(name=tool, arguments=dict(arguments))
        with self._in_words(f"the call of {tool}"):
            answer = await self._session.send_request(
                types.CallToolRequest(params=params),
                types.CallToolResult,
                seconds,
                progress_callback=progress,
            )
        blocks = (
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in answer.content
        )
        return Result(tuple(blocks), answer.structured_content, bool(answer.is_error))

    @contextmanager
    def _in_words(self, what: str) -> Iterator[None]:
        """Say it where the server does not answer to something, or with an error."""
        self._means.awaited = f"its answer to {what}"
        try:
            yield
        except MCPError as error:
            raise self._explain(what, error) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise McpError(
                f"Its answer to {what} is not what the protocol wants ({place}: {first['msg']}).",
                next_step=AGAIN,
            ) from None


def _refused(what: str, error: MCPError) -> McpError:
    if error.code == types.REQUEST_TIMEOUT:
        return McpError(f"It has not answered to {what} in time.", next_step=AGAIN)
    return McpError(f"It refuses {what}: {error.message} (error {error.code}).", next_step=AGAIN)


@asynccontextmanager
async def over_pipes(program: Program, means: Means) -> AsyncIterator[Session]:
    """Speak with a program that has been started."""
    pipes = Pipes(program)

    def explain(what: str, error: MCPError) -> McpError:
        if pipes.fault is not None:
            return pipes.fault
        if error.code != types.CONNECTION_CLOSED:
            return _with_rubbish(_refused(what, error), pipes)
        return _EndedError(f"before it answered to {what}")

    try:
        async with pipes.open() as streams, ClientSession(*streams) as raw:
            session = Session(raw, means, explain)
            await session.greet()
            yield session
    except BaseExceptionGroup as group:
        error = _of_group(group)
        if isinstance(error, _EndedError):
            await program.settle()
            error = _with_rubbish(_ended(program, error.what), pipes)
        raise error from None


class _EndedError(McpError):
    """A connection that is closed: why is known a moment later."""


def _ended(program: Program, when: str) -> McpError:
    code = program.exit_code
    how = "has closed its output" if code is None else f"has ended with exit code {code}"
    how = f"was ended by signal {-code}" if code is not None and code < 0 else how
    words = f" Its last words: {program.last_words}" if program.last_words else ""
    return McpError(f"It {how} {when}.{words}", next_step=AGAIN)


def _with_rubbish(error: McpError, pipes: Pipes) -> McpError:
    if pipes.rubbish:
        error.what += f" It has printed what is no message: {pipes.rubbish}"
    return error


@asynccontextmanager
async def over_http(url: str, means: Means) -> AsyncIterator[Session]:
    """Speak with a server that runs elsewhere, by streamable HTTP."""
    import httpx2  # noqa: PLC0415  only here
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415  same

    seen: list[int] = []

    async def note(response: httpx2.Response) -> None:
        if response.status_code >= 400:
            seen.append(response.status_code)

    def explain(what: str, error: MCPError) -> McpError:
        return _by_status(what, seen) or _refused(what, error)

    try:
        async with (
            httpx2.AsyncClient(
                headers=dict(means.headers),
                timeout=httpx2.Timeout(30, read=None),  # who calls has a deadline
                event_hooks={"response": [note]},
            ) as client,
            streamable_http_client(url, http_client=client) as streams,
            ClientSession(*streams) as raw,
        ):
            session = Session(raw, means, explain)
            await session.greet()
            yield session
    except BaseExceptionGroup as group:
        raise _of_group(group) from None


def _by_status(what: str, seen: list[int]) -> McpError | None:
    if not seen:
        return None
    if seen[-1] in UNAUTHORIZED:
        return McpError(
            f"It wants to know who asks (HTTP {seen[-1]} to {what}).",
            next_step="Give it a header in mcp.json, such as Authorization.",
        )
    return McpError(f"It answers with HTTP {seen[-1]} to {what}.", next_step=AGAIN)


def _of_group(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Find the error of ours in it, or say that there is no connection."""
    ours = group.subgroup(McpError)
    if ours is not None:
        return _first(ours)
    first = _first(group)
    if isinstance(first, (OSError, ValueError)) or "httpx" in type(first).__module__:
        return McpError(
            f"It cannot be reached: {str(first) or type(first).__name__}.", next_step=AGAIN
        )
    return group


def _first(group: BaseException) -> BaseException:
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
