"""What changing a schedule answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ncp import masking, secrets
from ncp.applying import moving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.changing import Outcome
    from ncp.mcp.exchange import Result
    from ncp.model import Task, Timing


@dataclass(frozen=True, slots=True)
class Created:
    """A new task, the timing it joined, what was assumed, and what the machine was told.

    `trial` is what its tool answered, where that was wanted. `new` is False where a task of that
    name was there already, and was to be made only if there was none: it is `task` then.
    """

    task: Task
    timing: Timing
    notes: tuple[str, ...]
    outcome: Outcome
    trial: Result | None = None
    new: bool = True


@dataclass(frozen=True, slots=True)
class Updated:
    """Tasks as they are after a change, and what the machine was told; `trial` as in Created.

    `changed` tells of each updated task, by its id, the keys that are other than before, with the
    old and the new value.
    """

    tasks: tuple[Task, ...]
    notes: tuple[str, ...]
    outcome: Outcome
    trial: Result | None = None
    changed: Mapping[str, Mapping[str, tuple[object, object]]] = field(default_factory=dict)


def advice(done: Outcome) -> list[str]:
    """List what a change advises, also about the place that its home was moved from."""
    return [*done.advice, *moving.advice(done.behind)]


def left_behind(done: Outcome) -> str:
    """Say what stands where a home was before; empty where nothing does."""
    return moving.sentence(done.behind) if done.behind else ""


def is_secret(name: str, value: str) -> bool:
    """Tell whether a value is probably a secret in plain text, and no reference to one."""
    return masking.is_secretive(name) and not secrets.is_reference(value)
