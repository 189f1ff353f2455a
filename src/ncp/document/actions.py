"""What a task does, beside a single command: the checks of its steps and hooks, as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ncp.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ncp.model import Task

MOST_STEPS = 100


def usable(values: Any) -> bool:
    """Neither NUL nor half a surrogate pair; undecodable bytes (surrogateescape) are fine."""
    return all(
        "\0" not in value and not any("\ud800" <= sign < "\udc00" for sign in value)
        for value in values
    )


def _is_command(value: Any) -> bool:
    return bool(value.command) and bool(value.command[0]) and usable(value.command)


def _is_one_text(value: Any) -> bool:
    return not value.shell or len(value.command) == 1


def _are_told_apart(steps: Any) -> bool:
    names = step_names(steps)
    return len({*names}) == len(names)


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
    *_of_hooks(),
)


def step_names(steps: Any) -> list[str]:
    """Name each step: its own name, or its place."""
    return [step.name or f"step {number}" for number, step in enumerate(steps, 1)]


def check_one_action(found: Task, where: str) -> None:
    """Refuse steps beside a command or a tool: which of them would run?"""
    if not found.steps:
        return
    for key in ("command", "tool"):
        if getattr(found, key):
            raise DocumentError(
                f"A task has steps or a {key}, not both.",
                where=f"{where}.steps",
                next_step=f"Remove one of them, steps or {key}.",
            )
