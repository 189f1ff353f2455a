"""The architecture: who may import whom, as tables (docs/design.md, section 4).

Run as a program it prints the files of the pure layers, for the coverage floor
in `scripts/test`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from architecture import (
    Package,
    Row,
    attributes,
    beyond,
    circles,
    effects,
    heavy,
    misplaced,
    queries,
    siblings,
    unknown,
    unowned,
)

SOURCE = Path(__file__).parent.parent / "src" / "ncp"

LAYERS = (
    Row("words", ("errors", "masking", "model", "owners"), pure=True),
    Row("amounts", ("amounts",), pure=True),
    Row("language", ("cron", "rendering"), pure=True),
    Row("fields", ("fields",), pure=True),
    Row("shape", ("document", "grouping"), pure=True),
    Row("what targets share", ("targets.contract", "targets.zones"), pure=True),
    Row("what builds on it", ("targets.changes", "targets.covering"), pure=True),
    Row("a target", ("targets.*",), pure=True),
    Row("the proof", ("proof",), pure=True),
    Row("the registry", ("targets",), pure=True),
    Row("the compiler", ("compiler",), pure=True),
    Row("decision", ("planning", "guard", "policies", "references"), pure=True),
    Row("what is installed", ("extras",)),
    Row(
        "first edges",
        ("config", "daylog", "environment", "files", "fingerprint", "launcher", "secrets", "trust"),
    ),
    Row("edges", ("host", "ledger", "process")),
    Row("the store", ("store",)),
    Row("first deeds", ("applying", "runner")),
    Row("tool calls", ("mcp",)),
    Row("intake", ("intake",)),
    Row("files of tasks", ("taskfile",)),
    Row("deeds", ("daemon", "declaring", "doctor", "importing", "migrating")),
    Row("the API", ("api",)),
    Row("faces", ("cli", "fire")),
    Row("the door", ("", "__main__")),
)

OWNERS = {
    "anyio": "mcp",
    "click": "cli",
    "croniter": "cron",
    "crontab": "targets.cron",
    "filelock": "store",
    "httpx2": "mcp",
    "jinja2": "rendering",
    "json5": "mcp.clients",
    "jsonschema": "mcp",
    "mcp": "mcp",
    "mcp_types": "mcp",
    "msgspec": "document",
    "referencing": "mcp",
    "pydantic": "mcp",
    "rich": "cli",
    "ruamel": "taskfile",
    "tomlkit": "config",
    "typer": "cli",
    "tzlocal": "host",
    "zoneinfo": "cron",
}

EFFECTS = frozenset(
    {
        *("fcntl", "glob", "io", "os", "shutil", "tempfile"),
        *("random", "secrets", "time", "uuid"),
        *("locale", "platform", "pwd", "sys"),
        *("asyncio", "logging", "select", "signal", "subprocess", "threading"),
        *("socket", "sqlite3", "urllib"),
    }
)
"""What reads files, clocks, machines or other processes."""

FIRE_PATH = frozenset(
    {
        *(
            "__future__",
            "_ctypes",
            "_functools",
            "_signal",
            "_sqlite3",
            "_thread",
            "atexit",
            "errno",
            "gc",
            "fcntl",
            "os",
            "posix",
        ),
        *("resource", "select", "stat", "sys", "time"),
    }
)
"""What a firing may import: each of these is built in, or the interpreter has it already."""


FACE = ("api", "errors", "model", "fields", "amounts", "masking", "references")
"""What the command line may use beside itself: the API, words, and what is pure and small."""


def pure_files() -> str:
    """Name the files of the pure layers, as coverage's `--include` wants them."""
    parts = [
        part.removesuffix(".*").replace(".", "/") for r in LAYERS if r.pure for part in r.parts
    ]
    return ",".join(f"src/ncp/{part}{end}" for part in parts for end in (".py", "/*"))


@pytest.fixture(scope="module")
def ncp() -> Package:
    return Package(SOURCE)


def test_modules_import_only_from_rows_above_their_own(ncp: Package) -> None:
    assert misplaced(ncp, LAYERS) == []


def test_no_modules_import_each_other_in_a_circle(ncp: Package) -> None:
    assert circles(ncp) == []


def test_each_row_of_the_table_is_there(ncp: Package) -> None:
    assert unknown(ncp, LAYERS) == []


def test_sql_stands_in_the_ledger_only(ncp: Package) -> None:
    assert queries(ncp, "ledger") == []


def test_the_command_line_asks_the_api_and_nothing_below_it(ncp: Package) -> None:
    assert beyond(ncp, "cli", FACE) == []


def test_the_command_line_never_reaches_for_what_the_api_stands_on(ncp: Package) -> None:
    assert attributes(ncp, "cli", "site") == []


def test_each_library_is_imported_by_its_one_owner(ncp: Package) -> None:
    assert unowned(ncp, OWNERS) == []


def test_pure_layers_import_nothing_that_has_effects(ncp: Package) -> None:
    assert effects(ncp, LAYERS, EFFECTS) == []


def test_readers_of_artifacts_never_reach_their_writers(ncp: Package) -> None:
    assert siblings(ncp, "targets", "read", "emit") == []


def test_a_firing_imports_only_what_is_cheap(ncp: Package) -> None:
    assert heavy(ncp, "ncp.fire", FIRE_PATH) == []


def planted(tmp_path: Path, files: dict[str, str]) -> Package:
    """A package named ncp with those sources."""
    for name, text in files.items():
        file = tmp_path / "ncp" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Package(tmp_path / "ncp")


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("model.py", "import ncp.errors", "ncp.model:1 imports ncp.errors"),
        ("cron/a.py", "from ncp import rendering", "language may not use language"),
        ("cron/a.py", "from ncp import Schedule", "language may not use the door"),
        ("proof.py", "def f():\n    from ncp import store", "ncp.proof:2 imports ncp.store"),
        ("model.py", "if TYPE_CHECKING:\n    import ncp.store", "words may not use the store"),
        ("model.py", "from .store import x", "ncp.model:1 imports ncp.store.x"),
        ("cron/a.py", "from ..store import x", "ncp.cron.a:1 imports ncp.store.x"),
        ("cron/__init__.py", "from ..store import x", "ncp.cron:1 imports ncp.store.x"),
        (
            "targets/launchd/emit.py",
            "from ncp.targets import cron",
            "a target may not use a target",
        ),
        ("targets/cron/read.py", "import ncp.targets", "a target may not use the registry"),
        ("targets/zones.py", "import ncp.targets.contract", "what targets share may not use what"),
        ("extra.py", "", "ncp.extra has no row in the layers table"),
    ],
)
def test_a_planted_import_downwards_or_sideways_is_found(
    tmp_path: Path, file: str, text: str, complaint: str
) -> None:
    others = dict.fromkeys(
        [
            "__init__.py",
            "store.py",
            "errors.py",
            "rendering.py",
            "targets/__init__.py",
            "targets/cron/__init__.py",
            "targets/contract.py",
        ],
        "",
    )
    found = misplaced(planted(tmp_path, {**others, file: text}), LAYERS)
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("store.py", "import ncp.errors, ncp.model"),
        ("cron/a.py", "from ncp.cron.b import x\nfrom . import c"),
        ("targets/cron/__init__.py", "from ncp.targets.cron import emit, read"),
        ("targets/cron/emit.py", "from ncp.targets import contract, zones"),
        ("launcher.py", "from ncp import __version__"),
        ("model.py", "from datetime import datetime"),
    ],
)
def test_imports_upwards_and_at_home_are_fine(tmp_path: Path, file: str, text: str) -> None:
    others = dict.fromkeys(
        [
            "cron/b.py",
            "cron/c.py",
            "targets/cron/read.py",
            "targets/contract.py",
            "targets/zones.py",
        ],
        "",
    )
    assert misplaced(planted(tmp_path, {**others, file: text}), LAYERS) == []


@pytest.mark.parametrize(
    ("files", "circle"),
    [
        (
            {"cron/a.py": "from ncp.cron import b", "cron/b.py": "import ncp.cron.a"},
            {"ncp.cron.a", "ncp.cron.b"},
        ),
        (
            {
                "cron/a.py": "if TYPE_CHECKING:\n    from ncp.cron.b import B",
                "cron/b.py": "def f():\n    from .c import x",
                "cron/c.py": "from . import a",
            },
            {"ncp.cron.a", "ncp.cron.b", "ncp.cron.c"},
        ),
        (
            {"__init__.py": "def f():\n    import ncp.api", "api.py": "from ncp import Schedule"},
            {"ncp", "ncp.api"},
        ),
    ],
)
def test_a_circle_is_found(tmp_path: Path, files: dict[str, str], circle: set[str]) -> None:
    (found,) = circles(planted(tmp_path, files))
    assert set(found.split(" imports ")) == circle


def test_the_version_closes_no_circle(tmp_path: Path) -> None:
    files = {"__init__.py": "def f():\n    import ncp.api", "api.py": "from ncp import __version__"}
    assert circles(planted(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("c.execute('SELECT 1')", "ncp.runner.a:1 says SELECT"),
        ("c.execute(f'PRAGMA busy_timeout={x}')", "ncp.runner.a:1 says PRAGMA"),
        ('QUERY = """\n  UPDATE tasks SET x = 1"""', "ncp.runner.a:1 says UPDATE"),
        ("c.execute('BEGIN IMMEDIATE')", "ncp.runner.a:1 says BEGIN"),
        ("if x:\n    from _sqlite3 import connect", "ncp.runner.a:2 imports _sqlite3.connect"),
        ("def f():\n    import sqlite3", "ncp.runner.a:2 imports sqlite3"),
    ],
)
def test_sql_outside_the_ledger_is_found(tmp_path: Path, text: str, complaint: str) -> None:
    files = {"runner/a.py": text, "ledger/b.py": f"{text}\n", "c.py": "from _sqlite3 import Error"}
    assert queries(planted(tmp_path, files), "ledger") == [f"{complaint}, which belongs to ledger"]


def test_what_only_begins_like_sql_is_none(tmp_path: Path) -> None:
    texts = "'Select a task.', 'UPDATE', 'DELETE is not a method', 'BEGINNING', 'with x as y'"
    assert queries(planted(tmp_path, {"cli/a.py": f"WORDS = [{texts}]"}), "ledger") == []


def test_a_row_for_what_is_not_there_is_found(tmp_path: Path) -> None:
    rows = (Row("words", ("errors", "model")), Row("a target", ("targets.*",)))
    package = planted(tmp_path, {"errors.py": "", "targets/__init__.py": "", "store/a.py": ""})
    assert unknown(package, rows) == ["words: there is no model", "a target: there is no targets.*"]


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("store.py", "from jinja2 import Template", "ncp.store:1 imports jinja2, which belongs to"),
        ("targets/launchd/a.py", "import crontab", "belongs to targets.cron"),
        ("cronology.py", "import croniter", "belongs to cron"),
        ("cli/a.py", "import requests", "belongs to nobody"),
    ],
)
def test_a_library_outside_its_owner_is_found(
    tmp_path: Path, file: str, text: str, complaint: str
) -> None:
    found = unowned(planted(tmp_path, {file: text, "cron/a.py": "import croniter, json"}), OWNERS)
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "from ncp.store import home",
        "from ncp import ledger",
        "from ncp import Schedule",
        "def f():\n    import ncp.cron.calendar",
        "if TYPE_CHECKING:\n    from ncp.applying.site import Site",
    ],
)
def test_a_command_that_reaches_below_the_api_is_found(tmp_path: Path, text: str) -> None:
    parts = ("__init__", "api/__init__", "errors", "ledger", "store", "cli/output")
    fine = "from ncp import __version__, errors\nfrom ncp.api import x\nfrom ncp.cli import output"
    files = {f"{name}.py": "" for name in parts} | {"cli/fine.py": fine, "cli/bad.py": text}
    found = beyond(planted(tmp_path, files), "cli", FACE)
    assert len(found) == 1
    assert found[0].startswith(f"ncp.cli.bad:{1 + text.count(chr(10))} imports ncp")


def test_a_command_that_takes_the_site_is_found(tmp_path: Path) -> None:
    files = {"cli/bad.py": "def f(home):\n    return home.site.host", "api.py": "a.site"}
    assert attributes(planted(tmp_path, files), "cli", "site") == ["ncp.cli.bad:2 takes .site"]


def test_an_effect_in_a_pure_layer_is_found(tmp_path: Path) -> None:
    files = {
        "guard.py": "import time",
        "targets/cron/a.py": "import os.path",
        "store.py": "import os",
    }
    assert effects(planted(tmp_path, files), LAYERS, EFFECTS) == [
        "ncp.guard:1 imports time, and decision has no effects",
        "ncp.targets.cron.a:1 imports os.path, and a target has no effects",
    ]


@pytest.mark.parametrize(
    ("read", "between"),
    [
        ("from ncp.targets.cron.emit import x", ""),
        ("from ncp.targets.cron import emit", ""),
        ("from . import emit", ""),
        ("from ncp.targets.cron import lines", "import ncp.targets.cron.emit"),
    ],
)
def test_a_reader_that_reaches_its_writer_is_found(tmp_path: Path, read: str, between: str) -> None:
    files = {"emit.py": "import ncp.targets.cron.read", "read.py": read, "lines.py": between}
    package = planted(tmp_path, {f"targets/cron/{name}": text for name, text in files.items()})
    found = siblings(package, "targets", "read", "emit")
    assert len(found) == 1
    assert found[0].startswith("ncp.targets.cron.read reaches ncp.targets.cron.emit;")


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"fire.py": "import sys, json"}, "ncp.fire:1 imports json"),
        ({"fire.py": "def main():\n    import re"}, "ncp.fire:2 imports re"),
        (
            {
                "fire.py": "import ncp.runner.a",
                "runner/__init__.py": "import enum",
                "runner/a.py": "",
            },
            "ncp.runner:1 imports enum",
        ),
        (
            {
                "fire.py": "from ncp import runner",
                "runner.py": "from ncp.guard import x",
                "guard.py": "from dataclasses import dataclass",
            },
            "ncp.guard:1 imports dataclasses",
        ),
        ({"__init__.py": "import typing", "fire.py": ""}, "ncp:1 imports typing"),
    ],
)
def test_a_heavy_import_on_the_fire_path_is_found(
    tmp_path: Path, files: dict[str, str], complaint: str
) -> None:
    found = heavy(planted(tmp_path, files), "ncp.fire", FIRE_PATH)
    assert found == [f"{complaint}, which a firing cannot afford"]


@pytest.mark.parametrize(
    "text",
    [
        "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import typing",
        "if sys.platform == 'win32':\n    import subprocess\nelse:\n    import posix",
        "def __getattr__(name):\n    import ncp.api",
    ],
)
def test_what_a_firing_never_runs_costs_it_nothing(tmp_path: Path, text: str) -> None:
    package = planted(tmp_path, {"fire.py": "", "__init__.py": text, "api.py": "import asyncio"})
    assert heavy(package, "ncp.fire", FIRE_PATH) == []


if __name__ == "__main__":
    sys.stdout.write(pure_files())
