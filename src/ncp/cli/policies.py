"""What people type to say when and whether a task starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from ncp.api import resolving
from ncp.errors import InputError, NotFoundError
from ncp.fields import hours
from ncp.model import ActiveHours, After, Ending, Limits, Retries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ncp.model import Schedule


def retries(before: Retries | None, **given: Any) -> Retries | None:
    """Change retries by those fields that are given (not None); None where none are."""
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return None
    if before is None and "attempts" not in changes:
        raise InputError(
            "How many times shall it be tried again?",
            where="--retries",
            next_step="Write for example: --retries 3",
        )
    return replace(before or Retries(changes["attempts"]), **changes)


def limits(before: Limits | None, **given: int | None) -> Limits | None:
    """Change limits by those that are given (not None); None where none are."""
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(before or Limits(), **changes) if changes else None


def active_hours(text: str | None) -> ActiveHours | None:
    """Read `mon-fri 09:00-17:00`, where the days may be absent or a list."""
    if text is None:
        return None
    found = hours.read(text)
    if found is None:
        raise InputError(
            f'"{text}" is not a part of the week.',
            where="--active-hours",
            next_step='Write for example: --active-hours "mon-fri 09:00-17:00"',
        )
    return found


def after(schedule: Schedule, texts: Iterable[str] | None) -> tuple[After, ...] | None:
    """Read `TASK` or `TASK:OUTCOME`, each; None where none are given."""
    return tuple(_awaited(schedule, text) for text in texts) if texts else None


def _awaited(schedule: Schedule, text: str) -> After:
    try:
        return _found(schedule, text)
    except (InputError, NotFoundError) as error:
        error.where = "--after"
        raise


def _found(schedule: Schedule, text: str) -> After:
    name, colon, outcome = text.rpartition(":")
    for ending in get_args(Ending):
        if colon and outcome == ending:
            return After(resolving.task(schedule, name).id, ending)
    return After(resolving.task(schedule, text).id)


def awaited(
    schedule: Schedule, found: Iterable[Mapping[str, Any]] | None
) -> list[Mapping[str, Any]] | None:
    """Put names into what `get --json` holds of the tasks that a task waits for."""
    names = schedule.tasks
    return [{**one, "task": names[one["task"]].name} for one in found] if found else None
