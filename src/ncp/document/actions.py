"""What a task does: one thing, and what goes together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.document.text import shown
from ncp.errors import DocumentError, TogetherError
from ncp.fields.values import is_one_text

if TYPE_CHECKING:
    from ncp.errors import Location
    from ncp.model import Task

ACTIONS = {"steps": "steps", "tool": "a tool", "command": "a command"}
"""What a task can do: it does one of them."""
EXAMPLE = '{"path": "/backups"}'


def check_action(found: Task, where: Location) -> None:
    """Refuse a task that does nothing, or more than one of the ACTIONS: which of them would run?"""
    given = [(key, said) for key, said in ACTIONS.items() if getattr(found, key)]
    if len(given) > 1:
        (key, said), (other, also) = given[:2]
        raise TogetherError(
            f"A task has {said} or {also}, not both.",
            where=where + f".{key}",
            next_step=f"Remove one of them, {key} or {other}.",
        )
    if not given and found.original is None:
        raise DocumentError(
            "A task needs a command, steps or a tool.",
            where=where,
            next_step='Write for example "command": ["/bin/true"].',
        )
    _check_company(found, where)


def _check_company(found: Task, where: Location) -> None:
    """Refuse what a tool call, steps or a shell have no use for, and parameters of nothing."""
    for key in ("shell", "stdin"):
        if found.tool and getattr(found, key):
            raise TogetherError(
                "It belongs to a command; a tool call has parameters.",
                where=where + f".{key}",
                next_step=f'Remove it, and write for example "parameters": {EXAMPLE}.',
            )
    if found.shell and found.steps:
        raise TogetherError(
            "It belongs to a command; each step says itself whether a shell runs it.",
            where=where + ".shell",
            next_step='Remove it, and write for example {"command": ["a | b"], "shell": true}.',
        )
    if not is_one_text(found):
        raise DocumentError(
            f"{shown(list(found.command))} gives a shell words.",
            where=where + ".command",
            next_step='Write one text: "command": ["a | b"], or remove shell.',
        )
    if found.parameters and not found.tool:
        raise TogetherError(
            "They belong to a tool, and the task has none.",
            where=where + ".parameters",
            next_step='Remove them, or write for example "tool": "filesystem:list_directory".',
        )
