"""The options of `create` and `update`: made from the field table, and read into fields."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ncp.cli import calling, completing, given, options, pipelines, policies
from ncp.fields import INSIDE, TASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ncp.api import Schedule
    from ncp.fields import Field, Option
    from ncp.model import Task

Verb = Literal["create", "update"]
NEEDED = inspect.Parameter.empty
"""The default of a parameter that has none."""
TYPES: dict[str, Any] = {
    "text": str | None,
    "texts": list[str] | None,
    "whole": int | None,
    "number": float | None,
    "flag": bool | None,
}
PART_BY_PART: dict[str, Callable[..., Any]] = {
    "retries": policies.retries,
    "limits": policies.limits,
}
"""Fields whose parts have options of their own, and what lays parts over what a task has."""
READERS: dict[str, Callable[[Any, str, Given], Any]] = {
    "active_hours": lambda text, _, __: policies.active_hours(text),
    "after": lambda texts, _, all_: policies.after(all_.home.model, texts),
    "steps": lambda texts, _, __: pipelines.steps(texts),
    "parameters": lambda text, _, __: calling.parameters(text),
    "on_failure": lambda text, option, _: pipelines.hook(text, option),
    "on_success": lambda text, option, _: pipelines.hook(text, option),
    "working_directory": lambda text, option, _: given.folder(text, option),
    "environment": lambda pairs, _, __: given.variables(pairs),
    "env_file": lambda text, option, _: given.file(text, option),
    "end_date": lambda text, _, all_: given.end_date(text, all_.home, all_.values["timezone"]),
}
"""What makes the value of a field of what was typed behind an option; else it is the value."""


@dataclass(frozen=True, slots=True)
class Given:
    """All that was typed, by the names of parameters, and the home that it is meant for."""

    values: Mapping[str, Any]
    home: Schedule


def taken(
    verb: Verb, arguments: Mapping[str, Any], beside: Mapping[str, Mapping[str, Any]]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a function the parameters of a command: `arguments`, and the options of all fields.

    `beside` are further options, by the field behind whose own they stand. Each parameter is a
    type, or a pair of it and a default. The function gets them by their names.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        found = {**arguments}
        for row in TASK:
            found |= {**dict(_of(row, verb)), **beside.get(row.path, {})}
        parameters = [_parameter(name, one) for name, one in found.items()]
        described: Any = function
        described.__signature__ = inspect.Signature(parameters)
        described.__annotations__ = {one.name: one.annotation for one in parameters}
        return function

    return decorate


def _parameter(name: str, described: Any) -> inspect.Parameter:
    kind, default = described if isinstance(described, tuple) else (described, NEEDED)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _of(row: Field, verb: Verb) -> Iterator[tuple[str, Any]]:
    """Name the options of a field, and of its parts."""
    for one in (row, *_parts(row)):
        if one.option is not None:
            yield _called(one), _option(one, one.option, verb)
    if verb == "update" and row.none:
        name = f"--no-{_long(row)}"
        if row.path == "environment":  # which of them, not all
            option = typer.Option(name, metavar="NAME", help=row.none)
            yield f"no_{row.path}", (Annotated[list[str] | None, option], None)
        else:
            yield f"no_{row.path}", (Annotated[bool, typer.Option(name, help=row.none)], False)


def _parts(row: Field) -> tuple[Field, ...]:
    return INSIDE[row.path] if row.path in PART_BY_PART else ()


def _called(row: Field) -> str:
    return row.path.replace(".", "_")


def _long(row: Field) -> str:
    name = (row.option.many or row.option.name) if row.option else row.path
    return name.removeprefix("--")


def _option(row: Field, option: Option, verb: Verb) -> tuple[Any, Any]:
    names, kind, default = option.names, TYPES[option.takes], None
    if option.takes == "flag" and (verb == "update" or option.unsaid):
        names = (f"--{_long(row)}/--no-{_long(row)}",)
    if option.takes == "flag" and verb == "create":
        kind, default = bool, option.unsaid
    also = f"; default: {option.at_creation}." if verb == "create" and option.at_creation else "."
    least, most = option.bounds
    made = typer.Option(
        *names,
        help=option.help.removesuffix(".") + also if option.at_creation else option.help,
        metavar=option.metavar,
        min=least,
        max=most,
        parser=option.read and options.reading(option.read, option.name),
        autocompletion=completing.tasks if row.path == "after" else None,
    )
    return Annotated[kind, made], default


def read(typed: Given, before: Task | None = None) -> dict[str, Any]:
    """Read the fields that options name; where parts are named, over those of a task `before`."""
    found: dict[str, Any] = {}
    for row in TASK:
        if row.path == "environment":
            value = _environment(row, typed, before)
        elif typed.values.get(f"no_{row.path}"):
            found[row.path] = row.cleared
            continue
        elif row.path in PART_BY_PART:
            said = {part.name: typed.values[_called(part)] for part in _parts(row)}
            value = PART_BY_PART[row.path](before and getattr(before, row.path), **said)
        else:
            value = _value(row, typed)
        if value is not None:
            found[row.path] = value
    return found


def _value(row: Field, typed: Given) -> Any:
    """The value of a field; None where its option is not there."""
    option = row.option
    value = None if option is None else typed.values[row.path]
    if option is None or value is None or value == []:
        return None
    if row.path in READERS:
        return READERS[row.path](value, option.name, typed)
    return tuple(dict.fromkeys(value)) if option.takes == "texts" else value


def _environment(row: Field, typed: Given, before: Task | None) -> dict[str, str] | None:
    """Some variables set and some taken out of those of the task; None where none are named."""
    gone = typed.values.get(f"no_{row.path}") or []
    pairs = _value(row, typed)
    if pairs is None and not gone:
        return None
    both = {**(before.environment if before else {}), **(pairs or {})}
    return {name: value for name, value in both.items() if name not in gone}
