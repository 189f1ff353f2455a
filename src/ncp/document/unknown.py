"""Keys that ncp does not know: they are kept, but a misspelt one would be without effect."""

from __future__ import annotations

from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ncp.document import every, nested, shape
from ncp.fields import camel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOTES = ("x-", "_", "$")
"""What keys begin with that are remarks on purpose."""
NEAR = 0.8
"""`comment` is no misspelt `command`."""
SHORTEST = 3
"""Of a beginning, such as `env` for environment, or `memory` for memoryMb."""
KNOWN: dict[str, frozenset[str]] = {
    "": frozenset({"version", "tasks", "timings"}),
    "tasks": frozenset({"id", "name", "timingId", *shape.TASK_DEFAULTS}),
    "timings": frozenset({"id", "name", "taskIds", *shape.TIMING_DEFAULTS}),
    "every": frozenset(every.Shape.__struct_fields__),
    **{
        camel(name): frozenset(camel(f.name) for f in fields(kind))
        for name, kind in (nested.KINDS | nested.LISTS).items()
    },
}
"""By what they stand in."""
PARTS = {"tasks": nested.DEFAULTS.keys(), "timings": {"every"}}
"""What holds an object, or a list of such."""


class Unknown(NamedTuple):
    """A key that ncp does not know, the place of what it stands in, and what it may mean."""

    key: str
    where: str
    near: str

    @property
    def text(self) -> str:
        """Say it: `tasks["backup"].limits: "memory" means nothing to ncp; is it "memoryMb"?`."""
        guess = f'; is it "{self.near}"?' if self.near else "."
        place = f"{self.where}: " if self.where else ""
        return f'{place}"{self.key}" means nothing to ncp{guess}'


def unknown(tree: Mapping[str, Any]) -> Iterator[Unknown]:
    """Find them in a document that has been read."""
    yield from _of("", tree, "")
    for section in ("tasks", "timings"):
        for key, value in tree.get(section, {}).items():
            yield from _of(section, value, f'{section}["{key}"]')
            for part in sorted(PARTS[section] & value.keys()):
                yield from _inside(part, value[part], f'{section}["{key}"].{part}')


def _inside(part: str, value: Any, where: str) -> Iterator[Unknown]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _of(part, one, f"{where}[{number}]")
    elif value is not None:
        yield from _of(part, value, where)


def _of(part: str, value: Mapping[str, Any], where: str) -> Iterator[Unknown]:
    for key in value:
        if key not in KNOWN[part] and not key.startswith(NOTES):
            yield Unknown(key, where, _near(part, key))


@cache
def _near(part: str, key: str) -> str:
    """The known key that may be meant; thousands of tasks may share the same unknown one."""
    plain = {_plain(known): known for known in sorted(KNOWN[part])}
    word = _plain(key)
    begun = [known for known in plain if len(word) >= SHORTEST and known.startswith(word)]
    found = begun or get_close_matches(word, plain, n=1, cutoff=NEAR)
    return '" or "'.join(plain[one] for one in found)


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()
