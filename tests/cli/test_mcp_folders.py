"""Which program a server is, wherever it is started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import servers
from ncp.mcp import definition

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp


@pytest.mark.parametrize(
    ("tree", "wanders"),
    [
        ({"command": "npx"}, False),
        ({"command": "/srv/server"}, False),
        ({"command": "~/server"}, False),
        ({"command": "./server"}, True),
        ({"command": "bin/server"}, True),
        ({"command": "./server", "cwd": "/srv"}, False),
        ({"url": "http://127.0.0.1/"}, False),
    ],
)
def test_a_relative_path_is_another_program_in_another_folder(
    tree: dict[str, Any], wanders: bool
) -> None:
    assert definition.parse("x", tree, "mcp.json").wanders is wanders


def test_a_path_from_the_home_of_its_user_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert definition.parse("x", {"command": "~/a b"}, "mcp.json").command == "/home/ann/a b"


@pytest.fixture
def relative(ncp: Ncp, tmp_path: Path) -> Path:
    """A server `./here` of mcp.json, and the one folder in which there is such a program."""
    real = servers.rough("pages", tmp_path / "notes")
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "here").write_text(
        "#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in (real.command, *real.args)) + "\n"
    )
    (folder / "here").chmod(0o755)
    (ncp.home / "mcp.json").write_text('{"mcpServers": {"rough": {"command": "./here"}}}')
    (ncp.home / "mcp.json").chmod(0o600)
    return folder


@pytest.mark.parametrize("argv", [("test", "rough"), ("tools", "rough"), ("call", "rough:any")])
def test_by_hand_it_is_looked_for_where_one_is_and_that_is_said(
    ncp: Ncp, relative: Path, argv: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ncp("mcp", *argv)
    assert (said.code, 'Its program "./here" is not found' in said.err) == (1, True)
    monkeypatch.chdir(relative)
    said = ncp("mcp", *argv)
    assert said.code == 0, said.err
    assert 'Note: "./here" of rough is looked for in this folder' in said.err


def test_a_task_asks_it_in_its_own_folder(ncp: Ncp, relative: Path) -> None:
    create = ("schedule", "create", "daily", "--tool", "rough:tool-2")
    assert 'Its program "./here" is not found' in ncp(*create).err
    assert ncp(*create, "-C", str(relative)).code == 0
    assert "looked for in this folder" not in ncp("mcp", "servers").err
