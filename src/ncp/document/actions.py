"""What a task does, beside a single command: the checks of steps, hooks and tools, as a table."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from ncp.document.text import shown
from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.model import Task

MOST_STEPS = 100
ACTIONS = {"steps": "steps", "tool": "a tool", "command": "a command"}
"""What a task can do: it does one of them."""
EXAMPLE = '{"path": "/backups"}'


def usable(values: Any) -> bool:
    """Neither NUL nor half a surrogate pair; undecodable bytes (surrogateescape) are fine."""
    return all(
        "\0" not in value and not any("\ud800" <= sign < "\udc00" for sign in value)
        for value in values
    )


def _is_command(value: Any) -> bool:
    return bool(value.command) and bool(value.command[0]) and usable(value.command)


def _is_one_text(value: Any) -> bool:
    return not value.shell or len(value.command) <= 1


def _are_told_apart(steps: Any) -> bool:
    names = step_names(steps)
    return len({*names}) == len(names)


def _is_tool(value: Any) -> bool:
    """A server's name has no colon; the tool's may."""
    if value is None:
        return True
    parts = value.partition(":")
    return value.isprintable() and all(part and part == part.strip() for part in parts)


def _can_be_sent(value: Any) -> bool:
    """Neither infinite (what JSON makes of 1e999) nor half a surrogate pair."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


def _of_hooks() -> Iterator[tuple[str, Callable[[Any], object], str]]:
    for name in ("on_failure", "on_success"):
        yield (
            name,
            lambda v: v is None or _is_command(v),
            'has no program that can be given. Write {"command": ["/bin/true"]}.',
        )
        yield (
            name,
            lambda v: v is None or _is_one_text(v),
            'gives a shell words. Write one text: {"command": ["a | b"], "shell": true}.',
        )


CHECKS: tuple[tuple[str, Callable[[Any], object], str], ...] = (
    (
        "steps",
        lambda v: len(v) <= MOST_STEPS,
        f"are too many. Write up to {MOST_STEPS}.",
    ),
    (
        "steps.name",
        lambda v: not v or (v.isprintable() and v.strip() == v),
        'is no name of a step. Write for example "upload".',
    ),
    (
        "steps",
        _are_told_apart,
        "do not differ in their names. Give each a name of its own.",
    ),
    (
        "steps[]",
        _is_command,
        'has no program that can be given. Write {"command": ["/bin/true"]}.',
    ),
    (
        "steps[]",
        _is_one_text,
        'gives a shell words. Write one text: {"command": ["a | b"], "shell": true}.',
    ),
    (
        "steps.timeout_seconds",
        lambda v: 0 <= v < math.inf,
        "is not a number of seconds. Write 60, or 0 for none.",
    ),
    (
        "tool",
        _is_tool,
        'is not a tool of a server. Write for example "filesystem:list_directory".',
    ),
    (
        "parameters",
        _can_be_sent,
        f"hold what JSON cannot say. Write for example {EXAMPLE}.",
    ),
    *_of_hooks(),
)


def step_names(steps: Any) -> list[str]:
    """Name each step: its own name, or its place."""
    return [step.name or f"step {number}" for number, step in enumerate(steps, 1)]


def check_action(found: Task, where: str) -> None:
    """Refuse a task that does nothing, or more than one of the ACTIONS: which of them would run?"""
    given = [(key, said) for key, said in ACTIONS.items() if getattr(found, key)]
    if len(given) > 1:
        (key, said), (other, also) = given[:2]
        raise DocumentError(
            f"A task has {said} or {also}, not both.",
            where=f"{where}.{key}",
            next_step=f"Remove one of them, {key} or {other}.",
        )
    if not given and found.original is None:
        raise DocumentError(
            "A task needs a command, steps or a tool.",
            where=where,
            next_step='Write for example "command": ["/bin/true"].',
        )
    _check_company(found, where)


def _check_company(found: Task, where: str) -> None:
    """Refuse what a tool call, steps or a shell have no use for, and parameters of nothing."""
    for key in ("shell", "stdin"):
        if found.tool and getattr(found, key):
            raise DocumentError(
                "It belongs to a command; a tool call has parameters.",
                where=f"{where}.{key}",
                next_step=f'Remove it, and write for example "parameters": {EXAMPLE}.',
            )
    if found.shell and found.steps:
        raise DocumentError(
            "It belongs to a command; each step says itself whether a shell runs it.",
            where=f"{where}.shell",
            next_step='Remove it, and write for example {"command": ["a | b"], "shell": true}.',
        )
    if not _is_one_text(found):
        raise DocumentError(
            f"{shown(list(found.command))} gives a shell words.",
            where=f"{where}.command",
            next_step='Write one text: "command": ["a | b"], or remove shell.',
        )
    if found.parameters and not found.tool:
        raise DocumentError(
            "They belong to a tool, and the task has none.",
            where=f"{where}.parameters",
            next_step='Remove them, or write for example "tool": "filesystem:list_directory".',
        )
