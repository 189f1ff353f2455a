"""YAML to plain values with their lines; the only module that loads ruamel.yaml."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from ncp.document.text import shown
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ruamel.yaml.nodes import Node

    from ncp.document.text import Place

MOST_VALUES = 200_000
"""Values in a file, each counted as often as an alias repeats it."""
DEEPEST = 50
MOST_TEXT = 2 * 1024**2
"""What is read of YAML at most: 24 000 small tasks, in some 15 seconds."""
TAG = "tag:yaml.org,2002:"
COLLECTIONS = (f"{TAG}seq", f"{TAG}map")
MERGE = f"{TAG}merge"
KEEP = "Correct it by hand; nothing has been changed."
QUOTED = "*&!@%`|>"
"""What a plain text of YAML cannot begin with."""


def _whole(text: str) -> int:
    plain = text.replace("_", "")
    try:
        return int(plain, 0)
    except ValueError:  # 08, which YAML 1.2 takes for 8
        return int(plain)


def _number(text: str) -> float:
    return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())


SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "timestamp": str,  # what it says is what is meant
    "int": _whole,
    "float": _number,
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
}


def parse(text: str, where: str) -> tuple[Any, dict[Place, int], dict[Place, str]]:
    """Read one YAML document: its value, the line and the bare text of each path."""
    if len(text) > MOST_TEXT:
        raise InputError(
            f"It has more than {MOST_TEXT // 1024**2} MB, which takes too long to read as YAML.",
            where=where,
            next_step="Split it, or write it as JSON.",
        )
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _complaint(error, text, where) from None
    except YAMLError as error:
        what = str(error).partition("\n")[0]
        raise InputError(f"Not valid YAML: {what}.", where=where, next_step=KEEP) from None
    except RecursionError:
        raise InputError("Nested too deeply.", where=where, next_step=KEEP) from None
    if node is None:
        raise InputError("It is empty.", where=where, next_step="Write: tasks: []")
    reading = _Reading(where)
    return reading.value(node, ()), reading.lines, reading.texts


def _complaint(error: MarkedYAMLError, text: str, where: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    place = f"{where}:{mark.line + 1}" if mark else where
    line = [*text.split("\n"), ""][mark.line] if mark else ""
    return InputError(
        f"Not valid YAML: {error.problem or error.context}.",
        where=place,
        next_step=_quoted(line, mark.column if mark else 0) or KEEP,
    )


def _quoted(line: str, column: int) -> str:
    """What to write where a text needs quotes: the key and its text in them; empty elsewhere."""
    if line[:column].strip() == "" and "\t" in line:
        return "Indent with blanks; YAML takes no tabs."
    for match in re.finditer(r"([\w$-]+): +(?=([^\s\"'\[{].*))", line):
        key, rest = match.groups()
        flow = "{" in line[: match.start()]
        value = re.split(r"\s*[,}]" if flow else r"\s+#", rest)[0].rstrip()
        if value[0] in QUOTED or (": " in value and not flow):
            return f"Write: {key}: {json.dumps(value, ensure_ascii=False)}"
    return ""


class _Reading:
    """One walk through the nodes, which counts what it sees."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.lines: dict[Place, int] = {}
        self.texts: dict[Place, str] = {}
        self._order: list[Place] = []
        self._left = MOST_VALUES

    def value(self, node: Node, path: Place) -> Any:
        """Build what a node means, noting lines on the way."""
        self._left -= 1
        if self._left < 0 or len(path) > DEEPEST:
            raise self._refused(node, "Its aliases make it too large, or it is nested too deeply.")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        if node.tag not in COLLECTIONS:
            raise self._refused(node, f"{shown(node.tag)} is not a type that is read.")
        if isinstance(node, SequenceNode):
            return [self.value(one, (*path, index)) for index, one in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Node, path: Place) -> dict[str, Any]:
        before = len(self._order)
        found = self._merged(node, path)
        merged: dict[str | int, list[Place]] = {}
        for old in self._order[before:]:
            merged.setdefault(old[len(path)], []).append(old)
        own: set[str] = set()
        for key, one in self._pairs(node):
            if key.tag == MERGE:
                continue
            name = self._key(key)
            if name in own:
                raise self._refused(key, f'The key "{name}" comes twice.')
            for old in merged.pop(name, ()):
                self.texts.pop(old, None)
            own.add(name)
            self.lines[*path, name] = key.start_mark.line + 1
            found[name] = self.value(one, (*path, name))
        return found

    def _merged(self, node: Node, path: Place) -> dict[str, Any]:
        """Read what `<<` names; the first that has a key wins, and the mapping itself over all."""
        found: dict[str, Any] = {}
        for key, one in self._pairs(node):
            if key.tag == MERGE:
                for source in reversed(one.value if isinstance(one, SequenceNode) else [one]):
                    if not isinstance(source, MappingNode):
                        raise self._refused(key, "What << names is not an object.")
                    found |= self.value(source, path)
        return found

    def _pairs(self, node: Node) -> Iterator[tuple[Node, Node]]:
        yield from node.value

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self._refused(node, "A key is not a text.")
        return str(node.value)

    def _scalar(self, node: ScalarNode, path: Place) -> Any:
        kind = str(node.tag).removeprefix(TAG)
        if kind not in SCALARS:
            raise self._refused(node, f"{shown(node.tag)} is not a type that is read.")
        if kind not in {"str", "timestamp"}:
            self.texts[path] = node.value
            self._order.append(path)
        try:
            return SCALARS[kind](node.value)
        except ValueError:
            raise self._refused(node, f"{shown(node.value)} is not a number.") from None

    def _refused(self, node: Node, what: str) -> InputError:
        return InputError(what, where=f"{self.where}:{node.start_mark.line + 1}", next_step=KEEP)
