"""What people type to call a tool: its name, and its parameters as JSON or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ncp.document import text
from ncp.errors import DocumentError, InputError

ToolName = Annotated[
    str | None,
    typer.Option(
        "--tool", metavar="SERVER:TOOL", help="Instead of a command: a tool of an MCP server."
    ),
]
Params = Annotated[
    str | None,
    typer.Option("--params", metavar="JSON|@FILE", help="What the tool is called with."),
]
SkipValidation = Annotated[
    bool,
    typer.Option(
        "--skip-validation", help="Do not ask the server whether it has the tool and takes them."
    ),
]
OPTION = "--params"
EXAMPLE = '{"path": "/backups"}'


def parameters(given: str | None) -> dict[str, Any] | None:
    """Read a JSON object, or that of `@FILE`; None where none is given."""
    if given is None:
        return None
    where = given[1:] if given.startswith("@") else OPTION
    source = _contents(where) if where != OPTION else given
    try:
        found = text.parse(source, where)
    except DocumentError as error:
        raise InputError(error.what, where=error.where, next_step=_advice()) from None
    if not isinstance(found, dict):
        raise InputError(f"{text.shown(found)} is not an object.", where=where, next_step=_advice())
    return found


def _contents(path: str) -> bytes:
    try:
        return Path(path).expanduser().read_bytes()
    except OSError as error:
        raise InputError(
            f"It cannot be read: {error.strerror}.",
            where=path,
            next_step=f"Name another: {OPTION} @FILE, or write the JSON itself.",
        ) from None


def _advice() -> str:
    return f"Write an object in single quotes: {OPTION} '{EXAMPLE}'"
