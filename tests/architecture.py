"""Reads a package's imports from its source and judges them against tables.

Nothing is imported or run. A table is data in `test_layers`; what is wrong
comes back as sentences, so that a planted violation can be asked for too.
"""

from __future__ import annotations

import ast
import graphlib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path


SQL = re.compile(
    r"""\s*(?:
    SELECT\b|INSERT\ (?:OR\ \w+\ )?INTO|UPDATE\ \w+\ SET|DELETE\ FROM|WITH\ \w+\ AS
    |PRAGMA\b|BEGIN\b|COMMIT\b|ROLLBACK\b|ATTACH\b|VACUUM\b
    |(?:CREATE|ALTER|DROP)\ (?:TEMP\ )?(?:TABLE|INDEX|VIEW))""",
    re.VERBOSE,
)
"""How a text of SQL begins."""


@dataclass(frozen=True, slots=True)
class Import:
    """One name that one module imports; `name` is empty for `import module`."""

    importer: str
    line: int
    module: str
    name: str = ""

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the layers table: only rows above it may be imported.

    A part is a module or a folder, as its dotted name inside the package;
    `targets.*` makes a part of each folder there. No part imports its
    neighbours in the row.
    """

    title: str
    parts: tuple[str, ...]
    pure: bool = False


class Package:
    """The modules of a package as found in its folder, and what each imports."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._files = {self._module(folder, file): file for file in sorted(folder.rglob("*.py"))}
        trees = {module: ast.parse(file.read_text()) for module, file in self._files.items()}
        self.trees = trees
        self.imports = {module: self._read(module, tree.body) for module, tree in trees.items()}
        self.texts = {module: list(_texts(tree)) for module, tree in trees.items()}
        """The line and the value of each text in a module."""
        self.runtime = {
            module: self._read(module, tree.body, runtime=True) for module, tree in trees.items()
        }

    def _module(self, folder: Path, file: Path) -> str:
        pieces = file.relative_to(folder.parent).with_suffix("").parts
        return ".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces)

    def _read(
        self, module: str, body: Sequence[ast.stmt], *, runtime: bool = False
    ) -> tuple[Import, ...]:
        nodes = (node for statement in body for node in _walk(statement, runtime=runtime))
        return tuple(found for node in nodes for found in self._found(module, node))

    def _found(self, module: str, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(module, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = self._base(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                is_module = inner in self._files
                yield Import(
                    module,
                    node.lineno,
                    inner if is_module else base,
                    "" if is_module else alias.name,
                )

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        """Resolve `from .x import y` against the importing module."""
        if not node.level:
            return node.module or ""
        up = node.level - (self._files[module].name == "__init__.py")
        pieces = module.split(".")[: -up or None]
        return ".".join([*pieces, node.module] if node.module else pieces)

    def inside(self, module: str) -> str | None:
        """The dotted name inside the package ("" for itself), None for others' modules."""
        if module == self.name:
            return ""
        return module.removeprefix(f"{self.name}.") if module.startswith(f"{self.name}.") else None

    def reachable(self, start: str, *, within: str = "") -> Iterator[str]:
        """Walk the modules that run when `start` does: its imports and their packages."""
        waiting, seen = [start], set[str]()
        while waiting:
            module = waiting.pop()
            if module in seen or module not in self._files or not module.startswith(within):
                continue
            seen.add(module)
            yield module
            waiting += [found.module for found in self.runtime[module]]
            if not within:
                waiting += [module.rpartition(".")[0]]


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _walk(node: ast.AST, *, runtime: bool) -> Iterator[ast.AST]:
    """Walk the nodes; with `runtime` only those that a POSIX machine may run.

    What a module does in its `__getattr__` (PEP 562) is what it does lazily.
    """
    if runtime and isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
        return
    yield node
    skipped = node.body if runtime and isinstance(node, ast.If) and _elsewhere(node.test) else []
    for child in ast.iter_child_nodes(node):
        if child not in skipped:
            yield from _walk(child, runtime=runtime)


def _elsewhere(test: ast.expr) -> bool:
    """Tell whether a condition holds only for type checkers, or only on Windows."""
    text = ast.unparse(test)
    return text in {
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
        "os.name == 'nt'",
        "sys.platform == 'win32'",
    }


def place(rows: Sequence[Row], inner: str) -> tuple[int, str] | None:
    """Find a module's row and part by the longest name in the table that covers it."""
    best: tuple[int, str] | None = None
    for number, row in enumerate(rows):
        for name in row.parts:
            part = _covered(name, inner)
            if part is not None and (best is None or len(part) > len(best[1])):
                best = number, part
    return best


def _covered(name: str, inner: str) -> str | None:
    if name.endswith(".*"):
        depth = name.count(".") + 1
        part = ".".join(inner.split(".")[:depth])
        return part if inner.startswith(name[:-1]) else None
    covers = inner == name or (name and inner.startswith(f"{name}."))
    return name if covers else None


def misplaced(package: Package, rows: Sequence[Row]) -> list[str]:
    """List the modules that the table does not know, and the imports that go down or sideways."""
    return [complaint for module in package.imports for complaint in _of(package, rows, module)]


def _of(package: Package, rows: Sequence[Row], module: str) -> Iterator[str]:
    here = place(rows, package.inside(module) or "")
    if here is None:
        yield f"{module} has no row in the layers table"
        return
    for found in package.imports[module]:
        there = _target(package, rows, found)
        if there and there[1] != here[1] and there[0] >= here[0]:
            yield (
                f"{module}:{found.line} imports {found.full}; "
                f"{rows[here[0]].title} may not use {rows[there[0]].title}"
            )


def _target(package: Package, rows: Sequence[Row], found: Import) -> tuple[int, str] | None:
    inner = package.inside(found.module)
    if inner is None or (inner == "" and found.name == "__version__"):
        return None  # the version is everybody's
    return place(rows, inner)


def circles(package: Package) -> list[str]:
    """Name a circle of modules that import each other, for type checkers or lazily too, if any.

    `ncp.__version__` is everybody's, so it closes no circle.
    """
    graph = {
        module: {
            found.module
            for found in imports
            if found.module in package.imports
            and found.module != module
            and not (package.inside(found.module) == "" and found.name == "__version__")
        }
        for module, imports in package.imports.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        # Each module of the circle is imported by the one after it.
        return [" imports ".join(reversed(error.args[1]))]
    return []


def unknown(package: Package, rows: Sequence[Row]) -> list[str]:
    """List the parts of the layers table that are not there."""
    modules = {package.inside(module) or "" for module in package.imports}
    return [
        f"{row.title}: there is no {part}"
        for row in rows
        for part in row.parts
        if not any(_covered(part, module) is not None for module in modules)
    ]


def queries(package: Package, owner: str) -> list[str]:
    """List the texts of SQL, and the openings of databases, outside the part that owns them."""
    return [
        f"{module}:{line} {what}, which belongs to {owner}"
        for module in package.imports
        if _covered(owner, package.inside(module) or "") is None
        for line, what in _of_database(package, module)
    ]


def _of_database(package: Package, module: str) -> Iterator[tuple[int, str]]:
    for line, text in package.texts[module]:
        if SQL.match(text):
            yield line, f"says {text.split()[0]}"
    for found in package.imports[module]:
        if found.full in {"_sqlite3.connect", "sqlite3.connect", "sqlite3"}:
            yield found.line, f"imports {found.full}"


def unowned(package: Package, owners: Mapping[str, str]) -> list[str]:
    """List the imports of third-party libraries outside their owner's part."""
    ours = sys.stdlib_module_names - owners.keys() | {package.name}
    return [
        f"{module}:{found.line} imports {library}, which belongs to {owners.get(library, 'nobody')}"
        for module, imports in package.imports.items()
        for found in imports
        if (library := found.module.partition(".")[0]) not in ours
        and _covered(owners.get(library, "-"), package.inside(module) or "") is None
    ]


def effects(package: Package, rows: Sequence[Row], libraries: Collection[str]) -> list[str]:
    """List the imports by pure modules of what reads clocks, files or environments."""
    return [
        f"{module}:{found.line} imports {found.module}, and {rows[at[0]].title} has no effects"
        for module, imports in package.imports.items()
        for found in imports
        if (at := place(rows, package.inside(module) or ""))
        and rows[at[0]].pure
        and found.module.partition(".")[0] in libraries
    ]


def siblings(package: Package, folder: str, reader: str, writer: str) -> list[str]:
    """List the readers in `folder` that reach the writer beside them."""
    base = f"{package.name}.{folder}."
    return [
        f"{module} reaches {reached}; a reader is written without its writer"
        for module in package.imports
        if module.startswith(base) and module.removeprefix(base).split(".")[1:2] == [reader]
        for reached in package.reachable(module, within=".".join(module.split(".")[:3]) + ".")
        if reached.split(".")[3:4] == [writer]
    ]


def heavy(package: Package, start: str, allowed: Collection[str]) -> list[str]:
    """List what the modules reachable from `start` import beyond the allowed libraries."""
    return [
        f"{module}:{found.line} imports {found.module}, which a firing cannot afford"
        for module in sorted(package.reachable(start))
        for found in package.runtime[module]
        if package.inside(found.module) is None and found.module not in allowed
    ]


def beyond(package: Package, folder: str, allowed: Collection[str]) -> list[str]:
    """List what a folder imports of the package beside itself, `allowed` parts and the version."""
    version = f"{package.name}.__version__"
    return [
        f"{module}:{found.line} imports {found.full}, which is not among {', '.join(allowed)}"
        for module, imports in package.imports.items()
        if _covered(folder, package.inside(module) or "-") is not None
        for found in imports
        if (inner := package.inside(found.module)) is not None
        and not any(_covered(part, inner) is not None for part in (folder, *allowed))
        and found.full != version
    ]


def attributes(package: Package, folder: str, name: str) -> list[str]:
    """List where the modules of a folder take an attribute of that name."""
    return [
        f"{module}:{node.lineno} takes .{name}"
        for module, tree in package.trees.items()
        if _covered(folder, package.inside(module) or "-") is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == name
    ]
