"""The ways to a server: by the standard streams of its program, or by streamable HTTP."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mcp.client.session import ClientSession

from ncp.errors import McpError, NcpError
from ncp.mcp.leniency import Lenient
from ncp.mcp.limits import LONGEST_MESSAGE
from ncp.mcp.pipes import Pipes
from ncp.mcp.session import AGAIN, Session, is_cut_off, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx2
    from mcp.shared.exceptions import MCPError

    from ncp.mcp.exchange import Exchange
    from ncp.mcp.program import Program

UNAUTHORIZED = (401, 403)


@asynccontextmanager
async def over_pipes(program: Program, exchange: Exchange) -> AsyncIterator[Session]:
    """Speak with a program that has been started."""
    pipes = Pipes(program, exchange)

    def explain(what: str, error: MCPError | TimeoutError) -> McpError:
        if exchange.fault is not None:
            return exchange.fault
        if is_cut_off(error):
            return _EndedError(f"before it answered to {what}")
        return _with_rubbish(refused(what, error), exchange)

    try:
        async with (
            pipes.open() as (arriving, leaving),
            ClientSession(Lenient(arriving), leaving) as raw,
        ):
            session = Session(raw, exchange, explain)
            await session.greet()
            yield session
    except BaseExceptionGroup as group:
        error = _of_group(group)
        if isinstance(error, _EndedError):
            await program.settle()
            error = _with_rubbish(_ended(program, error.what), exchange)
        raise error from None


class _EndedError(McpError):
    """A connection that is closed: why is known a moment later."""


def _ended(program: Program, when: str) -> McpError:
    code = program.exit_code
    how = "has closed its output" if code is None else f"has ended with exit code {code}"
    how = f"was ended by signal {-code}" if code is not None and code < 0 else how
    words = f" Its last words: {program.last_words}" if program.last_words else ""
    return McpError(f"It {how} {when}.{words}", next_step=AGAIN)


def _with_rubbish(error: McpError, exchange: Exchange) -> McpError:
    if exchange.rubbish:
        error.what += f" It has printed what is no message: {exchange.rubbish}"
    return error


@asynccontextmanager
async def over_http(url: str, exchange: Exchange) -> AsyncIterator[Session]:
    """Speak with a server that runs elsewhere, by streamable HTTP."""
    import httpx2  # noqa: PLC0415  only here
    from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415  same

    from ncp.mcp.bounding import bound  # noqa: PLC0415  same

    last = [200]

    async def note(response: httpx2.Response) -> None:
        if response.request.method == "POST":  # a GET may be refused: it is for what is not asked
            last[0] = response.status_code
        if exchange.fault is not None:  # the SDK would connect again
            raise exchange.fault
        bound(response, exchange)

    def explain(what: str, error: MCPError | TimeoutError) -> McpError:
        if exchange.fault is not None:
            return exchange.fault
        if is_cut_off(error):
            why = str(error).rstrip(".")
            return McpError(f"It was cut off before it answered to {what}: {why}.", next_step=AGAIN)
        return _by_status(what, last[0], error) or refused(what, error)

    try:
        async with (
            httpx2.AsyncClient(
                headers={"Accept-Encoding": "identity", **exchange.headers},  # else none is bounded
                timeout=httpx2.Timeout(30, read=None),  # who calls has a deadline
                event_hooks={"response": [note]},
            ) as client,
            streamable_http_client(url, http_client=client, max_sse_event_size=LONGEST_MESSAGE) as (
                arriving,
                leaving,
            ),
            ClientSession(Lenient(arriving), leaving) as raw,
        ):
            session = Session(raw, exchange, explain)
            await session.greet()
            yield session
    except BaseExceptionGroup as group:
        raise _unreachable(_of_group(group)) from None


def _by_status(what: str, status: int, error: MCPError | TimeoutError) -> McpError | None:
    if status in UNAUTHORIZED:
        return McpError(
            f"It wants to know who asks (HTTP {status} to {what}).",
            next_step="Give it a header in mcp.json, such as Authorization.",
        )
    if status >= 400:
        why = str(error).rstrip(".")
        return McpError(f"It answers with HTTP {status} to {what}: {why}.", next_step=AGAIN)
    return None


def _of_group(group: BaseException) -> BaseException:
    """Find the error of ours in it, else the first: task groups wrap what is raised in them."""
    ours = group.subgroup(NcpError) if isinstance(group, BaseExceptionGroup) else None
    found: BaseException = group if ours is None else ours
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _unreachable(error: BaseException) -> BaseException:
    if type(error).__module__.startswith("httpx"):
        why = str(error).rstrip(".") or type(error).__name__
        return McpError(f"It cannot be reached: {why}.", next_step=AGAIN)
    return error
