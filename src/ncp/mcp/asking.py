"""One question to a server, from the process of a command: started, asked, ended."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ncp import errors
from ncp.mcp import client, secrecy
from ncp.mcp.errors import McpError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.mcp.definition import Server


def means(server: Server, environ: Mapping[str, str], **options: Any) -> client.Means:
    """Say how it is spoken to; SecretError where a secret of its definition cannot be had."""
    found = secrecy.resolved(server)
    return client.Means(env={**environ, **found.env}, headers=found.headers, **options)


@contextmanager
def as_a_command() -> Iterator[None]:
    """Let a command fail as commands do: 126 and 127 are what a task's own process answers."""
    try:
        yield
    except McpError as error:
        error.exit_code = errors.TASK_FAILED
        raise


async def all_tools(
    server: Server, environ: Mapping[str, str]
) -> tuple[tuple[dict[str, Any], ...], dict[str, str]]:
    """Ask for all tools, and for the name, version and protocol that it says."""
    given = means(server, environ)
    with as_a_command():
        async with client.connection(server, given) as session:
            offered = await session.tools(given.seconds)
            about = session.about
    trees = (
        {"name": one.name, "description": one.description, "inputSchema": dict(one.input_schema)}
        for one in offered
    )
    return tuple(trees), about
