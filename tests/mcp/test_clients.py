from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ncp.errors import DocumentError
from ncp.mcp import clients
from ncp.mcp.clients import Place
from ncp.mcp.servers import Server

if TYPE_CHECKING:
    from ncp.mcp.clients import Found

NPX = {"command": "npx", "args": ["-y", "server"]}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place("linux", tmp_path / "user", tmp_path / "user/project", {"USER": "ann"})


def put(path: Path, found: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found if isinstance(found, str) else json.dumps(found))
    return path


def found(place: Place, client: str) -> list[Found]:
    return [
        one for file in clients.files(place, client) for one in clients.look(place, client, file)
    ]


def server(place: Place, definition: Any, client: str = "vscode") -> Found:
    """The one server of a file with that definition, in the project."""
    keys = {"vscode": ("servers", ".vscode/mcp.json"), "claude-code": ("mcpServers", ".mcp.json")}
    key, path = keys[client]
    put(place.folder / path, {key: {"a": definition}})
    (one,) = found(place, client)
    return one


WHERE = (
    ("claude-desktop", "linux", ".config/Claude/claude_desktop_config.json", "mcpServers"),
    (
        "claude-desktop",
        "darwin",
        "Library/Application Support/Claude/claude_desktop_config.json",
        "mcpServers",
    ),
    (
        "claude-desktop",
        "windows",
        "AppData/Roaming/Claude/claude_desktop_config.json",
        "mcpServers",
    ),
    ("claude-code", "linux", ".claude.json", "mcpServers"),
    ("cursor", "darwin", ".cursor/mcp.json", "mcpServers"),
    ("vscode", "linux", ".config/Code/User/mcp.json", "servers"),
    ("vscode", "darwin", "Library/Application Support/Code - Insiders/User/mcp.json", "servers"),
    ("vscode", "windows", "AppData/Roaming/VSCodium/User/mcp.json", "servers"),
    ("vscode", "linux", ".vscode-server/data/User/mcp.json", "servers"),
)


@pytest.mark.parametrize(("client", "system", "path", "key"), WHERE, ids=[w[2] for w in WHERE])
def test_servers_of_a_user_are_found_where_each_client_keeps_them(
    place: Place, client: str, system: Any, path: str, key: str
) -> None:
    file = put(place.home / path, {key: {"files": NPX}, "other": 1})
    (one,) = found(Place(system, place.home, place.folder, {}), client)
    assert (one.file, one.server) == (file, Server("files", "npx", ("-y", "server")))


@pytest.mark.parametrize(
    ("client", "path", "key"),
    [
        ("claude-code", ".mcp.json", "mcpServers"),
        ("cursor", ".cursor/mcp.json", "mcpServers"),
        ("vscode", ".vscode/mcp.json", "servers"),
    ],
)
def test_servers_of_a_project_run_in_its_folder(
    place: Place, client: str, path: str, key: str
) -> None:
    put(place.folder / path, {key: {"a": NPX, "b": {**NPX, "cwd": "sub"}}})
    cwds = [one.server.cwd for one in found(place, client) if one.server]
    assert cwds == [str(place.folder), f"{place.folder}/sub"]


@pytest.mark.parametrize(
    ("client", "variable", "path"),
    [
        ("claude-desktop", "XDG_CONFIG_HOME", "Claude/claude_desktop_config.json"),
        ("claude-code", "CLAUDE_CONFIG_DIR", ".claude.json"),
    ],
)
def test_a_client_that_was_moved_is_found_there(
    place: Place, tmp_path: Path, client: str, variable: str, path: str
) -> None:
    put(tmp_path / "moved" / path, {"mcpServers": {"a": NPX}})
    moved = Place("linux", place.home, place.folder, {variable: str(tmp_path / "moved")})
    assert [one.name for one in found(moved, client)] == ["a"]


def test_claude_code_has_servers_of_all_folders_and_of_each(place: Place) -> None:
    projects = {"/a": {"mcpServers": {"one": NPX}}, "/b": {"mcpServers": {"two": NPX}}, "/c": 7}
    put(place.home / ".claude.json", {"mcpServers": {"all": NPX}, "projects": projects})
    servers = {one.name: one.server and one.server.cwd for one in found(place, "claude-code")}
    assert servers == {"all": None, "one": "/a", "two": "/b"}
    here = Place("linux", place.home, Path("/b"), {})
    assert [one.name for one in found(here, "claude-code")] == ["all", "two"]


def test_the_settings_of_vs_code_hold_servers_among_much_else(place: Place) -> None:
    text = """{
  // what the editor looks like
  "editor.fontSize": 14, /* points */
  "mcp": {"inputs": [], "servers": {"web": {"type": "http", "url": "https://a.example/mcp",},},},
}"""
    put(place.home / ".config/Code/User/settings.json", text)
    (one,) = found(place, "vscode")
    assert one.server == Server("web", url="https://a.example/mcp")


@pytest.mark.parametrize("text", ["", "{}", '{"mcp": 7}', '{"mcpServers": []}', '{"projects": 1}'])
def test_a_file_without_servers_has_none(place: Place, text: str) -> None:
    put(place.home / ".claude.json", text)
    assert found(place, "claude-code") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "Unexpected end of input"),
        ('{"a": 1, "a": 2} // twice', "Duplicate key"),
        ("[1]", "It holds no object"),
        ("[" * 100_000, "Not valid JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_path(place: Place, text: str, words: str) -> None:
    file = put(place.home / ".claude.json", text)
    with pytest.raises(DocumentError, match=words) as caught:
        found(place, "claude-code")
    assert caught.value.where == str(file)


def test_comments_need_the_extra(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place.home / ".claude.json", "{} // nothing")
    monkeypatch.setitem(sys.modules, "json5", None)
    with pytest.raises(DocumentError, match="pip install 'ncp-scheduler\\[mcp\\]'"):
        found(place, "claude-code")


FILLED = (
    ("${workspaceFolder}/data", "{folder}/data"),
    ("${workspaceFolderBasename}", "project"),
    ("${userHome}${/}x${pathSeparator}", "{home}/x/"),
    ("${env:USER}@${USER}", "ann@${USER}"),
    ("${NOPE:-fallback}", "${NOPE:-fallback}"),
)
SHELL = (
    ("${env:USER}@${USER}", "${env:USER}@ann"),
    ("${NOPE:-fallback}", "fallback"),
    ("${USER:-fallback}", "ann"),
    ("${CLAUDE_PROJECT_DIR}/x", "{folder}/x"),
    ("${workspaceFolder:-x}", "x"),
)


@pytest.mark.parametrize(
    ("client", "text", "value"),
    [
        *(("vscode", text, value) for text, value in FILLED),
        *(("claude-code", text, value) for text, value in SHELL),
    ],
)
def test_variables_that_the_client_knows_are_put_in(
    place: Place, client: str, text: str, value: str
) -> None:
    one = server(place, {"command": "x", "args": [text], "env": {"A": text}}, client).server
    assert one is not None
    expected = value.replace("{folder}", str(place.folder)).replace("{home}", str(place.home))
    assert (one.args, one.env) == ((expected,), {"A": expected})


def test_claude_desktop_puts_nothing_in_and_neither_does_the_import(place: Place) -> None:
    path = place.home / ".config/Claude/claude_desktop_config.json"
    put(path, {"mcpServers": {"a": {"command": "x", "args": ["${USER}"]}}})
    (one,) = found(place, "claude-desktop")
    assert one.server == Server("a", "x", ("${USER}",))


REFUSED = (
    ({"args": ["${input:dir}"]}, "args: ${input:dir} is asked for by the client", "--set dir="),
    ({"env": {"K": "${input:k}"}}, "env.K: ${input:k} is asked for", "--set k=keyring:"),
    ({"env": {"K": "${env:NOPE}"}}, "env.K: ${env:NOPE} is not set here", "--set NOPE="),
    ({"args": ["${file}"]}, "means something to the client only", "Write its value"),
    ({"env": {"K": "${env:TOKEN}"}}, "seems to be a secret of this shell", "--set TOKEN=keyring:"),
    ({"args": ["${command:pick}"]}, "means something to the client only", "Write its value"),
    ({"envFile": "x"}, "envFile: It reads variables from a file", "--env NAME=file:PATH"),
    ({"cwd": 7}, "cwd: 7 is not an absolute path", "Write"),
    ({"args": "x"}, 'args: "x" is not a list of texts', "Write"),
    ({"args": ["${env:REF}/x"]}, "stands in args among other text", "--set REF=VALUE"),
    ({"env": {"K": "a${env:REF}"}}, "stands in env among other text", "--set REF=VALUE"),
)


@pytest.mark.parametrize(("keys", "words", "way_out"), REFUSED, ids=[w for _, w, _ in REFUSED])
def test_what_only_the_client_can_do_is_refused_with_the_way_out(
    place: Place, keys: dict[str, Any], words: str, way_out: str
) -> None:
    place = Place("linux", place.home, place.folder, {"TOKEN": "hunter2"}, {"REF": "file:/key"})
    one = server(place, {"command": "x", **keys})
    assert one.server is None
    assert words in one.problem
    assert way_out in one.problem
    assert "hunter2" not in one.problem


@pytest.mark.parametrize(
    ("client", "keys", "words"),
    [
        ("claude-code", {"args": ["${NOPE}"]}, "args: ${NOPE} is not set here."),
        ("claude-code", {"env": {"NOPE": "${NOPE}"}}, "env.NOPE: ${NOPE} is not set here."),
        ("vscode", {"env": {"NOPE": "${env:NOPE}"}}, "env.NOPE: ${env:NOPE} is not set here."),
    ],
)
def test_a_variable_that_is_not_set_is_refused(
    place: Place, client: str, keys: dict[str, Any], words: str
) -> None:
    assert words in server(place, {"command": "x", **keys}, client).problem


def test_a_variable_of_its_own_is_left_to_the_program(place: Place) -> None:
    definition = {"command": "x", "args": ["A:${HEADER}"], "env": {"HEADER": "b"}}
    one = server(place, definition, "claude-code").server
    assert one is not None
    assert one.args == ("A:${HEADER}",)


def test_a_file_that_others_may_write_is_not_read(place: Place) -> None:
    put(place.folder / ".mcp.json", {"mcpServers": {"a": NPX}}).chmod(0o666)
    with pytest.raises(DocumentError, match="copy it to a file of your own"):
        found(place, "claude-code")


def test_the_folder_of_a_window_is_nothing_to_a_whole_user(place: Place) -> None:
    put(place.home / ".cursor/mcp.json", {"mcpServers": {"a": {"command": "${workspaceFolder}/x"}}})
    (one,) = found(place, "cursor")
    assert "is the folder of a window, and there is none" in one.problem


def test_secrets_that_are_asked_for_are_given_as_references(place: Place) -> None:
    given = {"key": "keyring:github/ann", "TOKEN": "file:~/token"}
    place = Place("linux", place.home, place.folder, {"TOKEN": "hunter2"}, given)
    web = {"url": "https://a.example", "headers": {"Authorization": "Bearer ${input:key}"}}
    one = server(place, web).server
    assert one is not None
    assert one.headers == {"Authorization": "Bearer keyring:github/ann"}
    one = server(place, {"command": "x", "env": {"T": "${TOKEN}"}}, "claude-code").server
    assert one is not None
    assert one.env == {"T": "file:~/token"}


def test_a_server_that_ncp_cannot_name_is_refused_and_the_others_are_not(place: Place) -> None:
    put(place.folder / ".mcp.json", {"mcpServers": {"a:b": NPX, "c": NPX, "d": 7}})
    states = {one.name: one.problem.partition(".")[0] for one in found(place, "claude-code")}
    assert states["c"] == ""
    assert "cannot be the name of a server" in states["a:b"]
    assert "7 is not a server" in states["d"]
