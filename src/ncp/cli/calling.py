"""What people type to call a tool, and what is shown of its answer."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp import amounts
from ncp.api import options as options_of
from ncp.cli import options, output
from ncp.errors import DocumentError, InputError

if TYPE_CHECKING:
    from ncp.api import Result

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
TestRun = Annotated[
    bool,
    typer.Option("--test-run", help="Call the tool once now; if that fails, change nothing."),
]
CHECKING: dict[str, Any] = {
    "skip_validation": (SkipValidation, False),
    "test_run": (TestRun, False),
}
"""The options that say whether the server of a tool is asked and tried."""
Patience = Annotated[
    float,
    options.duration("--timeout", "How long it may take: 30s, 5m, 90 (s).", amounts.some_seconds),
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
        found = options_of.parsed(source, where)
    except DocumentError as error:
        raise InputError(error.what, where=error.where, next_step=_advice(given)) from None
    if not isinstance(found, dict):
        raise InputError(
            f"{options_of.written(found)} is not an object.", where=where, next_step=_advice(given)
        )
    return found


def tried(test_run: bool, skip_validation: bool) -> bool:
    """Tell whether the tool shall be called once; that and starting nothing contradict."""
    if test_run and skip_validation:
        raise InputError(
            "One starts the server, the other starts nothing.",
            where="--test-run, --skip-validation",
            next_step="Leave one of them out.",
        )
    return test_run


def _contents(path: str) -> bytes:
    try:
        return Path(path).expanduser().read_bytes()
    except OSError as error:
        raise InputError(
            f"It cannot be read: {error.strerror}.",
            where=path,
            next_step=f"Name another: {OPTION} @FILE, or write the JSON itself.",
        ) from None


def _advice(given: str) -> str:
    """Say what to write; the name of a file was mostly meant to be read."""
    if given and os.path.isfile(os.path.expanduser(given)):  # noqa: PTH111, PTH113  may be no path at all
        return f"To read that file, write: {OPTION} @{given}"
    return f"Write an object in single quotes: {OPTION} '{EXAMPLE}'"


def tree(found: Result) -> dict[str, Any]:
    """Lay out an answer as the protocol has it."""
    return {
        "content": list(found.content),
        "structuredContent": found.structured,
        "isError": found.failed,
    }


def show(found: Result, folder: str = "", *, bare: bool = False) -> str:
    """Print an answer on stdout: text as it is, of the rest what it is and where it is kept.

    On a terminal nothing of it is a command, unless it is to be `bare`.
    Returns why something that `folder` was to keep could not be; empty where all is well.
    """
    from ncp.api import servers  # noqa: PLC0415  only where something is called

    answer = servers.keeper(lambda data: output.printed((data,), bare=bare), folder)
    for block in found.content:
        if block.get("type") == "text":
            text = str(block["text"])
            data = (text if text.endswith("\n") else text + "\n").encode(errors="replace")
            output.printed((data,), bare=bare)
        else:
            answer.give(replace(found, content=(block,), structured=None))
    if found.structured is not None and not found.content:
        output.as_json(found.structured)
    return answer.lost


def test_run(found: Result | None, *, json: bool) -> dict[str, Any]:
    """Say on stderr what a test run has answered, or lay it out for the JSON of a command."""
    if found is None:
        return {}
    if not json:
        output.talk("Test run:")
        for line in (found.text or "(no text)").splitlines():
            output.talk(f"  {output.visible(line)}")
    return {"testRun": tree(found)}
