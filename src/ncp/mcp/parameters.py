"""Whether parameters are what a tool takes: complaints that name the parameter and its wants."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ncp.document.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Error = Any
    """jsonschema's ValidationError, whose parts may also be unset: not in those that it reports."""
    Schema = Mapping[str, Any]

KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
BOUNDS = {
    "minimum": "{} or more",
    "maximum": "{} or less",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
    "minProperties": "an object with at least {} keys",
    "maxProperties": "an object with at most {} keys",
    "pattern": "text that matches {}",
}
ONE_OF = ("anyOf", "oneOf")


def judged(schema: Schema, given: Mapping[str, Any]) -> list[str] | str:
    """Say all that is wrong with parameters, in the order of the schema; nothing where all is well.

    A text says why that cannot be told. Nothing that the schema refers to is fetched.
    """
    from jsonschema import SchemaError  # noqa: PLC0415  60 ms
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415  same
    from referencing import Registry  # noqa: PLC0415  same
    from referencing.exceptions import Unresolvable  # noqa: PLC0415  same

    try:
        readable: Any = _readable(schema)
        kind = validator_for(readable, default=Draft202012Validator)
        kind.check_schema(readable)
        found = list(kind(readable, registry=Registry()).iter_errors(given))
    except (SchemaError, Unresolvable, RecursionError, ValueError) as error:
        return f"its schema is wrong ({str(error).splitlines()[0]})"
    order = list(properties(schema))
    found.sort(key=lambda one: [str(step) for step in one.absolute_path])
    found.sort(key=lambda one: _place(order, one))
    return list(dict.fromkeys(text for one in found for text in _said(one)))


def _readable(schema: Any) -> Any:
    r"""Leave out patterns that Python cannot read, as `\p{L}`: a server looks at them itself."""
    if isinstance(schema, list):
        return [_readable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _readable(value) for key, value in schema.items()}
    if isinstance(kept.get("pattern"), str) and not _is_pattern(kept["pattern"]):
        del kept["pattern"]
    return kept


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def doubts(schema: Schema, given: Mapping[str, Any]) -> list[str]:
    """Name parameters that the schema does not speak of, though it does not forbid them."""
    known = properties(schema)
    if not known or {"additionalProperties", "patternProperties"} & {*schema}:
        return []
    return [f'"{name}" is not {_near(name, known)}' for name in given if name not in known]


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return "among its parameters" + (f'; did you mean "{near[0]}"?' if near else "")


def _place(order: Sequence[str], error: Error) -> int:
    """Put what is missing or too much first, then each parameter in its order."""
    path = error.absolute_path
    return order.index(str(path[0])) if path and path[0] in order else -1


def _said(error: Error) -> Iterator[str]:
    where = _path(error.absolute_path)
    if error.validator == "required":
        yield from _missing(error, where)
    elif error.validator in {"additionalProperties", "unevaluatedProperties"}:
        yield from _too_many(error, where)
    elif error.validator in ONE_OF and error.context:
        yield _no_choice(error, where)
    elif error.validator == "oneOf":
        yield _too_many_choices(error, where)
    elif where:
        yield f'"{where}" is {shown(error.instance)}, and must be {_wanted(error)}'
    else:
        yield f"the parameters must be {_wanted(error)}"


def _missing(error: Error, where: str) -> Iterator[str]:
    """Name each missing key once: the library complains of each by itself."""
    known = error.schema.get("properties", {})
    for name in error.validator_value:
        if name in error.instance or f"{name!r} is a required" not in error.message:
            continue
        others = [key for key in error.instance if key not in known]
        near = get_close_matches(name, others, n=1)
        hint = f' (did you mean it by "{near[0]}"?)' if near else ""
        yield f'"{_joined(where, name)}" is missing: {described(known.get(name, {}))}{hint}'


def _too_many(error: Error, where: str) -> Iterator[str]:
    known = error.schema.get("properties", {})
    for name in error.instance:
        if name not in known and repr(name) in error.message:
            yield f'"{_joined(where, name)}" is not {_near(name, known)}'


def _no_choice(error: Error, where: str) -> str:
    subject = f'"{where}" is {shown(error.instance)}, and' if where else "the parameters"
    return f"{subject} must be {_one_of(error.validator_value)}"


def _too_many_choices(error: Error, where: str) -> str:
    subject = f'"{where}" is {shown(error.instance)}, and' if where else "the parameters"
    return f"{subject} must be only one of these: {_one_of(error.validator_value)}"


def _one_of(choices: Iterable[Any]) -> str:
    return " or ".join(dict.fromkeys(map(_wanted_of, choices)))


def _wanted(error: Error) -> str:
    """Say what a parameter should have been."""
    name, value = str(error.validator), error.validator_value
    if name in SAYINGS:
        return SAYINGS[name](value)
    if name in BOUNDS:
        return BOUNDS[name].format(value)
    return f"what its schema says ({error.message})"


def _wanted_of(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "something else"
    for name, say in SAYINGS.items():
        if name in schema:
            return say(schema[name])
    needs = ", ".join(map(str, schema.get("required", ())))
    return f"an object with {needs}" if needs else "something else"


def properties(schema: Schema) -> Mapping[str, Any]:
    """The parameters that a schema speaks of, each with its own schema."""
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def required(schema: Schema) -> Sequence[str]:
    """The names of those that must be given."""
    found = schema.get("required")
    return found if isinstance(found, list) else []


def described(schema: Any) -> str:
    """Say what a parameter takes, in a few words: `a whole number (how deep)`."""
    if not isinstance(schema, dict):
        return "anything"
    kind = _wanted_of(schema)
    remark = str(schema.get("description", "")).partition("\n")[0]
    return ("anything" if kind == "something else" else kind) + (f" ({remark})" if remark else "")


def _kinds(value: Any) -> str:
    names = value if isinstance(value, list) else [value]
    return " or ".join(KINDS.get(str(name), str(name)) for name in names)


def _path(steps: Iterable[str | int]) -> str:
    where = ""
    for step in steps:
        where = f"{where}[{step}]" if isinstance(step, int) else _joined(where, step)
    return where


def _joined(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


SAYINGS: dict[str, Callable[[Any], str]] = {
    "const": shown,
    "enum": lambda value: "one of: " + ", ".join(map(shown, value)),
    "type": _kinds,
    **dict.fromkeys(ONE_OF, _one_of),
}
