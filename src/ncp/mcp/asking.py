"""One question to a server, from the process of a command: started, asked, ended."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from ncp import errors
from ncp.errors import McpError
from ncp.mcp import client, secrecy
from ncp.mcp.exchange import Exchange
from ncp.mcp.program import MARK
from ncp.mcp.veil import Veil

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Mapping

    from ncp.mcp.definition import Server
    from ncp.mcp.exchange import Result

Answer = TypeVar("Answer")


def tools(
    server: Server, environ: Mapping[str, str], **options: Any
) -> tuple[tuple[dict[str, Any], ...], dict[str, str]]:
    """Ask for all tools, and for the name, version and protocol that it says.

    `options` are those of `exchange.Exchange`. Raises McpError, SecretError.
    """
    return _run(_tools(server, _exchange(server, environ, **options)))


def call(
    server: Server,
    environ: Mapping[str, str],
    tool: str,
    parameters: Mapping[str, Any],
    *,
    seconds: float = 0,
    **options: Any,
) -> Result:
    """Have a server run a tool, within so many seconds (0: as long as it takes).

    Raises McpError where it comes to no result; one that the tool calls a failure is a result.
    """
    exchange = _exchange(server, environ, **options)

    async def once() -> Result:
        async with client.within(server, exchange, seconds, "Give it more time with --timeout."):
            return await client.called(server, exchange, tool, parameters)

    return _run(once())


def _exchange(server: Server, environ: Mapping[str, str], **options: Any) -> Exchange:
    found = secrecy.resolved(server)
    veil = Veil(secrecy.values(server, found))
    env = {**environ, **found.env, MARK: f"by-hand-{uuid4().hex}"}
    return Exchange(env=env, headers=found.headers, veil=veil, **options)


async def _tools(
    server: Server, exchange: Exchange
) -> tuple[tuple[dict[str, Any], ...], dict[str, str]]:
    more = f"Give it more time: ncp mcp test {server.name} --timeout {10 * exchange.seconds:g}"
    async with (
        client.within(server, exchange, exchange.seconds, more),
        client.connection(server, exchange) as session,
    ):
        offered, about = await session.tools(), session.about
    trees = (
        {"name": one.name, "description": one.description, "inputSchema": dict(one.input_schema)}
        for one in offered
    )
    return tuple(trees), about


def _run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do it; a SIGTERM interrupts it as a SIGINT does, so that no server is left behind."""

    async def interruptible() -> Answer:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        if task is not None:
            with suppress(NotImplementedError, RuntimeError):  # Windows; another thread
                loop.add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    with _as_a_command(), _adopting():
        try:
            return asyncio.run(interruptible())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None


@contextmanager
def _adopting() -> Iterator[None]:
    """Be the parent of what servers leave behind, as the runner is for tasks: so it is found."""
    if os.name == "nt":
        yield
        return
    from ncp.process import strays  # noqa: PLC0415  POSIX only

    strays.adopt()
    try:
        yield
    finally:
        strays.adopt(wanted=False)


@contextmanager
def _as_a_command() -> Iterator[None]:
    """Let a command fail as commands do: 126 and 127 are what a task's own process answers."""
    try:
        yield
    except McpError as error:
        error.exit_code = errors.TASK_FAILED
        raise
