"""A session with a server: the one place that knows the SDK, and its errors in our words."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import anyio
import mcp_types as types
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from ncp.errors import McpError
from ncp.mcp.exchange import Result, Tool
from ncp.mcp.leniency import CUT, SCHEMA
from ncp.mcp.limits import (
    LONGEST_MESSAGE,
    MOST_BLOCKS,
    MOST_PAGES,
    MOST_TOOLS,
    too_long,
    too_many,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mcp.client.session import ClientSession
    from mcp.shared.dispatcher import ProgressFnT as Progress

    from ncp.mcp.exchange import Exchange

    Explain = Callable[[str, MCPError | TimeoutError], McpError]

NO_INITIALIZE = (types.UNSUPPORTED_PROTOCOL_VERSION, types.METHOD_NOT_FOUND)
"""How servers of the newest protocol alone answer to the greeting of older ones."""
CUT_OFF = ("Connection closed", "SSE stream ")
"""How the SDK begins to say that a connection is closed, of programs and by HTTP."""
AGAIN = "Try: ncp mcp test {name}"

LOGGERS = ("mcp", "client", "httpx2", "httpcore2")
"""How the loggers of the SDK, and of what it sends HTTP with, are called or begin."""

for _name in LOGGERS:
    # What they report is raised as well, and may hold secrets, tracebacks and all a server says.
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class Session:
    """What can be asked of a server that has been greeted."""

    def __init__(self, session: ClientSession, exchange: Exchange, explain: Explain) -> None:
        self._session, self._exchange, self._explain = session, exchange, explain

    @property
    def about(self) -> dict[str, str]:
        """What it says it is (`name`, `version`), and the `protocol` that was agreed on."""
        info = self._session.server_info
        said = {
            "name": info.name if info else "",
            "version": info.version if info else "",
            "protocol": self._session.protocol_version or "",
        }
        return {key: self._exchange.veil.text(value) for key, value in said.items()}

    async def greet(self) -> None:
        """Agree on a version of the protocol; all servers but the newest know `initialize`."""
        with self._in_words("initialize"):
            try:
                with anyio.fail_after(self._exchange.seconds):
                    await self._initialize()
            except RuntimeError as error:  # a version that the SDK does not know
                raise McpError(f"{error}.", next_step=AGAIN) from None

    async def _initialize(self) -> None:
        try:
            await self._session.initialize()
        except MCPError as error:
            if error.code not in NO_INITIALIZE:
                raise
            try:
                await self._session.discover()
            except MCPError:
                raise error from None

    async def tools(self) -> list[Tool]:
        """List its tools, all pages of them; McpError where they are more than can be meant."""
        found: list[Tool] = []
        cursor, start = None, self._exchange.received
        for _ in range(MOST_PAGES):
            page = await self._page(cursor)
            found += map(self._tool, page.tools)
            cursor = page.next_cursor
            if len(found) > MOST_TOOLS:
                raise too_many("tools", MOST_TOOLS)
            if self._exchange.received - start > LONGEST_MESSAGE:
                raise too_long()
            if not cursor:
                return found
        raise too_many("pages of tools", MOST_PAGES)

    async def _page(self, cursor: str | None) -> types.ListToolsResult:
        with self._in_words("tools/list"):
            return await self._session.send_request(
                types.ListToolsRequest(params=types.PaginatedRequestParams(cursor=cursor)),
                types.ListToolsResult,
            )

    def _tool(self, found: types.Tool) -> Tool:
        seen = self._exchange.veil.tree
        schema = (found.meta or {}).get(SCHEMA, {})
        return Tool(seen(found.name), seen(found.description or ""), seen(schema))

    async def call(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        progress: Progress | None = None,
    ) -> Result:
        """Run a tool. Its output schema is the server's business: it is not asked for again."""
        params = types.CallToolRequestParams(name=tool, arguments=dict(arguments))
        with self._in_words(f"the call of {tool}"):
            answer = await self._session.send_request(
                types.CallToolRequest(params=params),
                types.CallToolResult,
                progress_callback=progress,
            )
        if (answer.meta or {}).get(CUT):
            raise too_many("pieces of content", MOST_BLOCKS)
        blocks = (
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in answer.content
        )
        seen = self._exchange.veil.tree
        return Result(
            tuple(map(seen, blocks)), seen(answer.structured_content), bool(answer.is_error)
        )

    @contextmanager
    def _in_words(self, what: str) -> Iterator[None]:
        """Say it where the server does not answer to something, or with an error."""
        self._exchange.awaited = f"its answer to {what}"
        try:
            yield
        except (MCPError, TimeoutError) as error:
            raise self._explain(what, error) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise McpError(
                f"Its answer to {what} is not what the protocol wants ({place}: {first['msg']}).",
                next_step=AGAIN,
            ) from None


def is_cut_off(error: MCPError | TimeoutError) -> bool:
    """Tell the SDK's own error for a connection that is closed: servers use its code as well."""
    if isinstance(error, TimeoutError) or error.code != types.CONNECTION_CLOSED:
        return False
    return error.message.startswith(CUT_OFF)


def refused(what: str, error: MCPError | TimeoutError) -> McpError:
    """Put an error of the protocol into words; a TimeoutError is ours."""
    if isinstance(error, TimeoutError):
        return McpError(f"It has not answered to {what} in time.", next_step=AGAIN)
    return McpError(f"It refuses {what}: {error.message} (error {error.code}).", next_step=AGAIN)
