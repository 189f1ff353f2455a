"""The documents say what is so: outputs are real, every command and key is there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
import pytest

import fieldtables
from ncp import targets
from ncp.cli import main
from ncp.cli.app import app
from ncp.config import SETTINGS
from ncp.document import shape
from ncp.fields import INSIDE
from ncp.mcp import definition, importing
from ncp.mcp.clients import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
FORMATS = (ROOT / "docs/formats.md").read_text()
MCP = (ROOT / "docs/mcp.md").read_text()
CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


@pytest.mark.parametrize("match", [*CONSOLE.finditer(README)], ids=lambda m: m["command"])
def test_the_readme_shows_real_output(
    match: re.Match[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.delenv("NCP_HOME", raising=False)
    program, *arguments = shlex.split(match["command"])
    assert program == "ncp"
    assert main(arguments) == 0
    assert capsys.readouterr().out == match["output"]


def commands(
    command: click.Command, path: tuple[str, ...], parent: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """Every command that is not hidden, with its help at a width of 80."""
    context = click.Context(
        command, info_name=path[-1], parent=parent, terminal_width=80, **command.context_settings
    )
    yield " ".join(path), command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name), context)


def test_the_command_line_page_holds_every_help_text(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = "# Commands\n\nWhat `--help` says of each. Data goes to stdout, talk to stderr.\n"
    for name, text in commands(app, ("ncp",)):
        page += f"\n## {name}\n\n```\n{text}\n```\n"
    file = ROOT / "docs/cli.md"
    if request.config.getoption("--update-golden"):
        file.write_text(page)
    assert file.read_text() == page


def test_the_tables_of_fields_are_those_of_the_field_table(request: pytest.FixtureRequest) -> None:
    file = ROOT / "docs/formats.md"
    page = fieldtables.written(file.read_text())
    if request.config.getoption("--update-golden"):
        file.write_text(page)
    assert file.read_text() == page
    named = {*re.findall(r"<!-- fields: (\w+)", page)}
    assert named == {"task", "config", "server", *INSIDE} - {"on_failure", "on_success"}


@pytest.mark.parametrize("key", sorted(shape.TASK_DEFAULTS))
def test_every_key_of_a_task_is_documented(key: str) -> None:
    assert f"`{key}`" in FORMATS


@pytest.mark.parametrize("key", [*SETTINGS, *shape.TIMING_DEFAULTS])
def test_every_setting_and_key_of_a_timing_is_documented(key: str) -> None:
    assert f"| `{key}` |" in FORMATS


@pytest.mark.parametrize("key", definition.KEYS)
def test_every_key_of_a_server_is_documented(key: str) -> None:
    assert f"| `{key}` |" in FORMATS.partition("## mcp.json")[2]


@pytest.mark.parametrize("word", [*CLIENTS, *get_args(importing.State)])
def test_every_client_and_state_of_an_import_is_documented(word: str) -> None:
    assert f"| `{word}` |" in MCP


def test_the_servers_that_the_documents_show_are_ones() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", MCP, re.DOTALL)
    servers = json.loads(example)["mcpServers"]
    found = [definition.parse(name, one, "docs/mcp.md") for name, one in servers.items()]
    assert [one.transport for one in found] == ["stdio", "http"]


@pytest.mark.parametrize("target", targets.NAMES)
def test_every_target_is_documented(target: str) -> None:
    assert f"\n## {target}\n" in (ROOT / "docs/targets.md").read_text()


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *map(str, (ROOT / "docs").glob("*.md"))]
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text()):
        assert (ROOT / page).parent.joinpath(link).exists(), link


def test_the_map_of_the_design_has_each_folder_and_module_once() -> None:
    _, _, rest = (ROOT / "docs/design.md").read_text().partition("| in `src/ncp/` | purpose |")
    rows = [row.split("|")[1] for row in rest.split("\n\n")[0].splitlines() if "`" in row]
    named = re.findall(r"`([a-z]+)/?`", "".join(rows))
    source = [file for file in (ROOT / "src/ncp").iterdir() if not file.stem.startswith("_")]
    assert sorted(named) == sorted(
        file.stem for file in source if any(file.rglob("*.py")) or file.suffix == ".py"
    )
