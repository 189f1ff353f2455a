"""Where the source says what to do next: found by reading it, so that none is forgotten.

A site is a call that gives an error its `next_step`, or a finding of doctor its `mend`,
directly or through a function that only passes it on. It is named by its module and
function, with a number where a function has several.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ncp

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(ncp.__file__).parent
STEP = "next_step"
MEND = 3
"""The place of the advice in a finding of doctor."""


@dataclass(frozen=True)
class Site:
    """One place in the source, by its name, its file and its lines."""

    name: str
    file: str
    first: int
    last: int


@dataclass
class Module:
    """A parsed module: its functions, innermost first."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(SOURCE).with_suffix("").parts)

    def functions(self) -> Iterator[ast.FunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node  # type: ignore[misc]  # both have a name and arguments

    def around(self, line: int) -> str:
        inner = ""
        for function in self.functions():
            if function.lineno <= line <= (function.end_lineno or 0):
                inner = function.name  # walk comes to the inner ones later
        return inner


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _step(node: ast.Call, passing: dict[str, int | None]) -> ast.expr | None:
    """The advice that a call gives, as an expression; None where it gives none."""
    for keyword in node.keywords:
        if keyword.arg in {STEP, "mend"}:
            return keyword.value
    if _called(node) == "Finding":
        return node.args[MEND] if len(node.args) > MEND else None
    place = passing.get(_called(node))
    return None if place is None or place >= len(node.args) else node.args[place]


def _passing(module: Module) -> dict[str, int | None]:
    """The functions of a module that pass on an argument as advice: its place in their calls."""
    found: dict[str, int | None] = {}
    for function in module.functions():
        names = [one.arg for one in function.args.args]
        for node in ast.walk(function):
            step = _step(node, {}) if isinstance(node, ast.Call) else None
            if isinstance(step, ast.Name) and step.id in names:
                found[function.name] = names.index(step.id) - (names[0] == "self")
    return found


def _passes_on(step: ast.expr, module: Module) -> bool:
    """Whether an advice is only handed through: an argument, or that of another error."""
    if isinstance(step, ast.Attribute):
        return step.attr == STEP
    names = {a.arg for f in module.functions() if f.name in _passing(module) for a in f.args.args}
    return isinstance(step, ast.Name) and step.id in names


def sites() -> list[Site]:
    """List all sites of the source."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        module = Module(path, ast.parse(path.read_text()))
        found += list(_of(module))
    return found


def _of(module: Module) -> Iterator[Site]:
    passing = _passing(module)
    lines = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        step = _step(node, passing)
        if step is None or (isinstance(step, ast.Constant) and not step.value):
            continue
        if not _passes_on(step, module):
            lines.append((node.lineno, node.end_lineno or node.lineno))
    seen: Counter[str] = Counter()
    for first, last in sorted(lines):
        name = f"{module.name}:{module.around(first)}"
        seen[name] += 1
        number = f"#{seen[name]}" if seen[name] > 1 else ""
        yield Site(name + number, str(module.path), first, last)
