from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from ncp.errors import DocumentError, HomeError, InputError, NotFoundError
from ncp.mcp import definition, servers
from ncp.mcp.servers import Server
from ncp.model import Task
from ncp.store.home import Home

if TYPE_CHECKING:
    from pathlib import Path

FILES = Server("files", "npx", ("-y", "server", "/srv"), {"KEY": "file:~/key"}, "/srv")
WEB = Server("web", url="https://mcp.example.com/mcp", headers={"X-Team": "ncp"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    tmp_path.chmod(0o700)
    return Home(tmp_path, "")


def having(home: Home, found: Any) -> Home:
    home.servers.write_text(json.dumps({"mcpServers": {"a": found}}))
    return home


def test_a_home_without_the_file_has_no_servers(home: Home) -> None:
    assert servers.read(home) == {}
    assert [*home.path.iterdir()] == []


def test_servers_are_read_back_as_they_were_added(home: Home) -> None:
    servers.save(home, servers.added(servers.added({}, FILES), WEB))
    assert servers.read(home) == {"files": FILES, "web": WEB}
    assert home.servers.stat().st_mode & 0o777 == 0o600
    assert [one.transport for one in servers.read(home).values()] == ["stdio", "http"]


def test_the_file_has_the_form_that_other_clients_read(home: Home) -> None:
    servers.save(home, servers.added(servers.added({}, FILES), WEB))
    assert json.loads(home.servers.read_text())["mcpServers"] == {
        "files": {
            "command": "npx",
            "args": ["-y", "server", "/srv"],
            "env": {"KEY": "file:~/key"},
            "cwd": "/srv",
        },
        "web": {
            "type": "http",
            "url": "https://mcp.example.com/mcp",
            "headers": {"X-Team": "ncp"},
        },
    }


def test_keys_that_ncp_does_not_know_survive_every_change() -> None:
    own = {"command": "a", "disabled": True}
    tree = {"mine": 1, "mcpServers": {"a": own, "b": {"command": "b"}}}
    assert servers.added(tree, WEB)["mcpServers"]["a"] == own
    replaced = servers.added(tree, Server("a", "new"), replace=True)
    assert replaced["mine"] == 1
    assert replaced["mcpServers"]["a"] == {"command": "new", "disabled": True}
    assert servers.removed(tree, "b") == {"mine": 1, "mcpServers": {"a": own}}


def test_a_replaced_server_keeps_nothing_of_its_old_definition() -> None:
    tree = servers.added(servers.added({}, FILES), Server("files", url=WEB.url), replace=True)
    assert tree["mcpServers"]["files"] == {"type": "http", "url": WEB.url}


def test_a_name_that_is_taken_is_refused_and_stays() -> None:
    tree = servers.added({}, FILES)
    with pytest.raises(InputError, match="--replace"):
        servers.added(tree, Server("files", "other"))
    assert tree == servers.added({}, FILES)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"mcpServers": {', ", line 1, column 17", "Not valid JSON"),
        ('{\n"mcpServers": {"a": {}, "a": {}}}', ", line 2, column 25", 'The key "a" comes twice'),
        ("[]", "", "not an object with mcpServers"),
        ('{"mcpServers": []}', "", "not an object with mcpServers"),
        ('{"servers": {"a": {"command": "a"}}}', "", "It has no mcpServers"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(
    home: Home, text: str, place: str, words: str
) -> None:
    home.servers.write_text(text)
    with pytest.raises(DocumentError, match=words) as caught:
        servers.read(home)
    assert caught.value.where == f"{home.servers}{place}"
    assert home.servers.read_text() == text


REFUSED: tuple[tuple[Any, str, str], ...] = (
    (7, "", "7 is not a server"),
    ({}, "", "neither a command nor a url"),
    ({"command": "a", "url": "https://a.example"}, "", "both a command and a url"),
    ({"command": ["a"]}, ".command", '["a"] is not a program'),
    ({"command": " "}, ".command", '" " is not a program'),
    ({"command": "a", "args": "b"}, ".args", '"b" is not a list of texts'),
    ({"command": "a", "args": [1]}, ".args", "[1] is not a list of texts"),
    ({"command": "a", "env": {"A": 1}}, ".env", "It is not an object of texts"),
    ({"command": "a", "env": {"A=B": "1"}}, ".env", "It is not an object of texts"),
    ({"command": "a", "cwd": "here"}, ".cwd", '"here" is not an absolute path'),
    ({"url": "ftp://a.example"}, ".url", "is not an address"),
    ({"url": "http://"}, ".url", "is not an address"),
    ({"url": "http://[::1/mcp"}, ".url", "is not an address"),
    ({"url": "https://mcp.example.com:99999/mcp"}, ".url", "is not an address"),
    ({"url": "https://a.example", "headers": {"A": "b\nC: d"}}, ".headers", "It is not an object"),
    ({"type": "sse", "url": "https://a.example"}, ".type", "SSE"),
    ({"type": "http", "command": "a"}, ".type", '"http" is not the type of such a server'),
    ({"type": "stdio", "url": "https://a.example"}, ".type", '"stdio" is not the type'),
)


@pytest.mark.parametrize(("found", "key", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_a_server_that_cannot_be_is_refused_with_its_key(
    home: Home, found: Any, key: str, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        servers.read(having(home, found))
    assert caught.value.where == f'{home.servers}: mcpServers["a"]{key}'
    assert words in caught.value.what
    assert caught.value.next_step


def test_a_complaint_about_variables_shows_none_of_them(home: Home) -> None:
    with pytest.raises(DocumentError) as caught:
        servers.read(having(home, {"command": "a", "env": {"KEY": "hunter2", "N": 1}}))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", ["http", "streamable-http", "streamableHttp", None])
def test_the_words_of_other_clients_for_http_are_understood(home: Home, kind: str | None) -> None:
    found = servers.read(having(home, {"type": kind, "url": "https://a.example/mcp", "env": None}))
    assert found["a"].transport == "http"


@pytest.mark.parametrize("name", ["", " a", "a:b", "-a", "a\nb"])
def test_a_name_that_no_tool_could_be_called_by_is_refused(home: Home, name: str) -> None:
    home.servers.write_text(json.dumps({"mcpServers": {name: {"command": "a"}}}))
    with pytest.raises(DocumentError, match="server:tool"):
        servers.read(home)


def test_a_mistake_in_one_server_keeps_no_other_from_being_found(home: Home) -> None:
    old = {"type": "sse", "url": "https://mcp.example.com/sse"}
    trees = {"old": old, "files": {"command": "a"}}
    home.servers.write_text(json.dumps({"mcpServers": trees}))
    assert servers.names(home) == ["old", "files"]
    assert servers.find(home, "files").command == "a"
    with pytest.raises(DocumentError, match="The transport SSE"):
        servers.find(home, "old")


def test_a_file_that_others_may_write_is_not_read(home: Home) -> None:
    having(home, {"command": "a"}).servers.chmod(0o666)
    with pytest.raises(HomeError, match="Other users may write it"):
        servers.read(home)


def test_a_home_that_others_may_write_is_not_read_either(home: Home) -> None:
    having(home, {"command": "a"}).path.chmod(0o777)
    with pytest.raises(HomeError, match="Other users may write it"):
        servers.read(home)


def test_a_pipe_in_place_of_the_file_is_refused_at_once(home: Home) -> None:
    os.mkfifo(home.servers)
    with pytest.raises(DocumentError, match="not a regular file"):
        servers.read(home)


@pytest.mark.parametrize(
    ("name", "advice", "removing"),
    [
        ("flies", "Did you mean files", "Did you mean files"),
        ("x", "ncp mcp add x", "There are: files"),
    ],
)
def test_an_unknown_server_is_answered_with_the_nearest_or_how_to_add_it(
    name: str, advice: str, removing: str
) -> None:
    with pytest.raises(NotFoundError, match=advice):
        servers.named({"files": FILES}, name)
    with pytest.raises(NotFoundError, match=removing):
        servers.removed(servers.added({}, FILES), name)


def test_the_fingerprint_follows_the_definition_and_not_the_name() -> None:
    same = definition.parse("other", definition.tree(FILES), "")
    assert servers.fingerprint(same) == servers.fingerprint(FILES)
    others = [
        Server("files", **{**definition.tree(FILES), "args": FILES.args, key: value})
        for key, value in (("command", "a"), ("args", ()), ("env", {}), ("cwd", "/"))
    ]
    found = {servers.fingerprint(one) for one in (FILES, WEB, *others)}
    assert len(found) == 6


def test_the_users_of_a_server_are_the_tasks_that_call_its_tools() -> None:
    tools = ("files:list", "filesystem:list", None)
    tasks = {str(n): Task(str(n), "x", "daily", tool=tool) for n, tool in enumerate(tools)}
    assert [task.id for task in servers.users(tasks, "files")] == ["0"]


def test_a_folder_below_ones_own_is_known_by_its_whole_path(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert servers.read(having(home, {"command": "a", "cwd": "~/x"}))["a"].cwd == "/home/ann/x"
