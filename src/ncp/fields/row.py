"""What a row of the field table says of one field of a task, or of an object inside one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = tuple[Callable[[Any], object], str]
    """What a value must be, and the complaint about one that is not: `is no X. Write Y.`"""

Takes = Literal["text", "texts", "whole", "number", "flag"]


@cache
def camel(name: str) -> str:
    """The JSON key of a field."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: what complaints call it, an example as JSON, and what is meant by others.

    `meant` reads what people write in its place, and is None where that is not known;
    `bounds` are the least and the most, where the nearer one is what was meant. `schema` narrows
    the type in a JSON Schema. `words` are all values that it has, where they are few.
    """

    said: str
    example: str
    meant: Callable[[Any], object] | None = None
    bounds: tuple[float, float] | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """The option of `create` and `update` that sets a field.

    `example` is what may stand behind it (empty: a complaint's own advice is better). `read`
    turns its text into a number; `bounds` are the least and the most of one. Where `create`
    is told nothing, a flag is `unsaid`, and another value is what `at_creation` says. `many` is
    what all of its values together are called, in `--no-…`, where that is another name.
    """

    names: tuple[str, ...]
    help: str
    metavar: str | None = None
    takes: Takes = "text"
    example: str = ""
    read: Callable[[str], Any] | None = None
    bounds: tuple[int | None, int | None] = (None, None)
    unsaid: bool = False
    at_creation: str = ""
    many: str = ""

    @property
    def name(self) -> str:
        """The long form of it."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Short:
    """The key of declarative files that stands for that of schedule.json, with its help."""

    key: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its path in the model (`retries.attempts`), and all that is said of it.

    `type` and `meaning` stand in the reference (Markdown), with `default` where that of the model
    does not say all. `title` is what `get` calls it, `said` how it shows a value of the JSON.
    `column` says that a firing needs it: the column of the compiled copy that it decides (alone or
    with others), which holds the value as it is unless `store.compiled` makes another one of it.
    `short` is its key in declarative files, beside `key`. `ours` is what ncp alone writes. `none`
    is the help of `--no-…`, with which `update` takes the value away: `cleared`.
    """

    path: str
    type: str
    meaning: str
    kind: Kind | None = None
    checks: tuple[Check, ...] = ()
    option: Option | None = None
    title: str = ""
    said: Callable[[Any], str] = str
    default: str = ""
    column: str = ""
    short: Short | None = None
    ours: bool = False
    none: str = ""
    cleared: object = None

    @property
    def name(self) -> str:
        """Its name in the object that it belongs to."""
        return self.path.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Its key in JSON: `delaySeconds`, and of the items of a list `steps[]`."""
        return camel(self.name)

    @property
    def place(self) -> str:
        """Where it stands in a task: `retries.delaySeconds`."""
        return ".".join(map(camel, self.path.split(".")))
