"""YAML or JSON to plain values that know their lines: nothing is built that a file names.

A file may be hostile: duplicate keys are refused, tags of other types too, and
aliases are followed only as far as `yaml_text.MOST_VALUES` reach.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ncp.document import text as json_text
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.document.text import Place
    from ncp.intake.opening import Opened


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file says; `lines` has the line of each key and item, by its path.

    `texts` has what stands there for numbers, booleans and nothing at all: `08`
    is 8, but as an argument it is `08`.
    """

    value: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    texts: Mapping[Place, str] = field(default_factory=dict)

    def line(self, path: Place) -> int:
        """The line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(opened: Opened) -> Tree:
    """Read JSON where it begins as such, else YAML; InputError says where it is neither."""
    text = opened.text
    if text.lstrip()[:1] in {"{", "["}:
        value = json_text.parse(text, opened.where)
        return Tree(value, _lines(text))
    from ncp.taskfile import yaml_text  # noqa: PLC0415  ruamel.yaml takes 60 ms

    return Tree(*yaml_text.parse(text, opened.where))


def _lines(text: str) -> Mapping[Place, int]:
    """Map the place of each object of a JSON text to its line."""
    lines: dict[Place, int] = {}
    line, before = 1, 0
    for place, position, is_key in json_text.places(text):
        if not is_key:
            line += text.count("\n", before, position)
            lines[place], before = line, position
    return lines


def require_mapping(value: object, where: str, example: str) -> dict[str, Any]:
    """Refuse anything but keys with values."""
    if not isinstance(value, dict):
        raise InputError(
            f"{json_text.shown(value)} is not an object of keys and values.",
            where=where,
            next_step=f"Write: {example}",
        )
    return value
