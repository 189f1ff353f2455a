"""What Python code may say of a task: typed keywords, each value checked as a document's is."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypedDict

from ncp.document import nested, shape, text
from ncp.document.text import shown
from ncp.errors import InputError
from ncp.fields import TASK, camel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.errors import Location
    from ncp.model import ActiveHours, After, Hook, Limits, Overlap, Priority, Retries, Stage

Tree = Mapping[str, object]
"""An object as schedule.json has it, for those who have no value of the model."""


class TaskOptions(TypedDict, total=False):
    """Keywords of `create_task` and `update_task`: the fields of `model.Task` that people set."""

    shell: bool
    steps: Sequence[Stage | Tree]
    tool: str | None
    parameters: Tree
    description: str | None
    tags: Sequence[str]
    working_directory: str | os.PathLike[str] | None
    environment: Mapping[str, str]
    env_file: str | os.PathLike[str] | None
    stdin: str | None
    timeout_seconds: float | timedelta
    kill_grace_seconds: float | timedelta
    overlap: Overlap
    retries: Retries | Tree | None
    on_failure: Hook | Tree | None
    on_success: Hook | Tree | None
    priority: Priority
    active_hours: ActiveHours | Tree | None
    limits: Limits | Tree | None
    umask: str
    jitter_seconds: float | timedelta
    after: Sequence[After | Tree]
    fire_once: bool
    max_executions: int | None
    end_date: str | datetime | None
    catchup_missed: bool


class TaskChanges(TaskOptions, total=False):
    """Keywords of `update_task`, beside its schedule and zone."""

    name: str
    command: str | Iterable[str | os.PathLike[str]]


EXAMPLES = {
    "schedule": '"weekdays at 9am"',
    "name": '"backup"',
    "timezone": '"Europe/Berlin"',
    "target": '"systemd"',
}
# Who changes the status says `pause` or `resume`; with it goes what was wrong.
KNOWN = frozenset(row.name for row in TASK if not row.ours) - {"status", "error_message"}


def checked(given: Mapping[str, Any], where: Location, *, shell: bool = False) -> dict[str, Any]:
    """Turn keywords into fields of a task; InputError names the first that cannot be.

    `shell`: whether the task has a shell where nothing is said of it.
    """
    for name in given:
        if name not in KNOWN:
            near = get_close_matches(name, KNOWN, n=1)
            raise InputError(
                f"{shown(name)} is nothing that can be said of a task.",
                where=where,
                next_step=f"Did you mean {near[0]}?" if near else f"Known are: {_listed()}.",
            )
    values = dict(given)
    if "command" in values:
        values["command"] = words(values["command"], shell=values.get("shell", shell) is True)
    tree = {camel(name): _plain(one, where, name) for name, one in values.items()}
    return shape.task_fields(tree, where)


def words(command: object, *, shell: bool) -> list[str]:
    """Take a command as a list of words; a text is one only for a shell."""
    if isinstance(command, str):
        if shell or not command:
            return [command] if command else []
        raise InputError(
            "A text is no command: without a shell, a command is a list of words.",
            where="command",
            next_step=f"Write: {_words_of(command)}, or for a shell: {command!r}, shell=True",
        )
    if isinstance(command, bytes) or not isinstance(command, Iterable):
        raise InputError(
            f"{command!r} is not a command.",
            where="command",
            next_step='Write a list of words, for example: ["/usr/bin/rsync", "-a", "/home"]',
        )
    found = [os.fspath(one) if isinstance(one, os.PathLike) else one for one in command]
    for number, one in enumerate(found):
        said = one.decode(errors="replace") if isinstance(one, bytes) else str(one)
        require_text(one, f"command[{number}]", f'"{said}"')
    return found


def parsed(source: str | bytes, where: str) -> Any:
    """Read strict JSON; DocumentError says where it is none."""
    return text.parse(source, where)


def written(value: object) -> str:
    """Write a value as an error shows it: short, and as JSON."""
    return shown(value)


def require_text(value: object, where: str, example: str) -> None:
    """Refuse what must be text and is not."""
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not text.", where=where, next_step=f"Write: {example}")


def require_texts(**values: object) -> None:
    """Refuse what must be text; all but the schedule may be left out (None)."""
    for name, value in values.items():
        if value is not None or name == "schedule":
            require_text(value, name, EXAMPLES[name])


def _words_of(command: str) -> list[str]:
    try:
        return shlex.split(command) or ["/usr/bin/true"]
    except ValueError:  # a quote that is not closed
        return command.split()


def _listed() -> str:
    return ", ".join(sorted(KNOWN))


def _plain(value: Any, where: Location, name: str) -> Any:
    """Lay a value out as a document would hold it."""
    value = nested.tree(value)
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(one, where, f"{name}.{key}") for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, where, f"{name}[{at}]") for at, one in enumerate(value)]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    simple = _simple(value)
    if simple is not None:
        return simple
    raise InputError(
        f"{value!r} is nothing that schedule.json could hold.",
        where=where + f".{name}",
        next_step=_instead(value),
    )


def _simple(value: object) -> str | float | None:
    """What stands for a value of Python in JSON; None where nothing does."""
    if isinstance(value, float) and value - value == 0:  # neither NaN nor an infinity
        return value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    path = os.fspath(value) if isinstance(value, os.PathLike) else None
    return path if isinstance(path, str) else None


def _instead(value: object) -> str:
    if isinstance(value, datetime):
        return "Give it a time zone: value.astimezone()"
    return "Write text, a number, True or False, a list or a dictionary of these."
