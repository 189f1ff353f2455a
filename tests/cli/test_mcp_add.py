from __future__ import annotations

import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from ncp.cli import completing

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp


def servers(ncp: Ncp) -> Any:
    return json.loads((ncp.home / "mcp.json").read_text())["mcpServers"]


def test_a_program_is_added_as_typed_with_its_variables_and_folder(ncp: Ncp) -> None:
    said = ncp(
        *("mcp", "add", "files", "--env", "KEY=file:~/key", "--env", "LANG=C", "--cwd", "/usr"),
        *("--", "true", "-y", "server", "--flag"),
    )
    assert (said.code, said.out) == (0, 'Added "files". To try it: ncp mcp test files\n')
    assert servers(ncp)["files"] == {
        "command": "true",
        "args": ["-y", "server", "--flag"],
        "env": {"KEY": "file:~/key", "LANG": "C"},
        "cwd": "/usr",
    }


@pytest.mark.parametrize("header", ["X-Key=Bearer file:~/key", "X-Key: Bearer file:~/key"])
def test_an_address_is_added_with_its_headers(ncp: Ncp, header: str) -> None:
    url = "https://mcp.example.com/mcp"
    said = ncp("mcp", "add", "web", "--url", url, "--header", header, "--json")
    assert said.json["server"]["headers"] == {"X-Key": "******** (Bearer file:~/key)"}
    assert servers(ncp)["web"]["headers"] == {"X-Key": "Bearer file:~/key"}
    assert said.err == ""


def test_a_home_is_made_where_there_is_none(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NCP_HOME", str(tmp_path / "new"))
    assert ncp("mcp", "add", "a", "--", "true").code == 0
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new/mcp.json").stat().st_mode & 0o777 == 0o600


def test_a_name_that_is_taken_needs_replace(ncp: Ncp) -> None:
    ncp("mcp", "add", "a", "--", "true")
    said = ncp("mcp", "add", "a", "--", "false")
    assert (said.code, "--replace" in said.err) == (2, True)
    assert servers(ncp)["a"]["command"] == "true"
    assert ncp("mcp", "add", "a", "--replace", "--", "false").code == 0
    assert servers(ncp)["a"]["command"] == "false"


URL = ("--url", "https://a.example/mcp")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("a",), "neither a command nor a url"),
        (("a:b", "--", "true"), "cannot be the name of a server"),
        (("a", "--header", "A=b", "--", "true"), "Headers go to an address"),
        (("a", *URL, "--", "true"), "is not started"),
        (("a", *URL, "--env", "A=b"), "is not started"),
        (("a", *URL, "--cwd", "/"), "is not started"),
        (("a", "--url", "a.example"), '--url: "a.example" is not an address'),
        (("a", *URL, "--header", "hunter2"), "A header is not NAME=VALUE"),
        (("a", *URL, "--header", "ä=hunter2"), "--header: It is not an object of texts"),
        (("a", "--cwd", "/no/such", "--", "true"), "There is no folder"),
        (("a", "--env", "A", "--", "true"), '"A" is not NAME=VALUE'),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_written(
    ncp: Ncp, argv: tuple[str, ...], words: str
) -> None:
    said = ncp("mcp", "add", *argv)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert "hunter2" not in said.err
    assert not (ncp.home / "mcp.json").exists()


def test_secrets_in_plain_text_are_pointed_out_with_the_way_out(ncp: Ncp) -> None:
    said = ncp("mcp", "add", "a", "--env", "API_KEY=hunter2", "--", "true", "--token", "hunter2")
    assert "env.API_KEY of a seems to be a secret in plain text" in said.err
    assert "args[1] of a seems to be" in said.err
    assert "keyring:service/user" in said.err
    assert "hunter2" not in said.err + said.out
    said = ncp("mcp", "add", "b", *URL, "--header", "Authorization=Bearer hunter2")
    assert "write Bearer keyring:service/user or Bearer file:PATH" in said.err


def test_a_program_that_is_not_there_is_added_with_a_word(ncp: Ncp) -> None:
    said = ncp("mcp", "add", "a", "--", "no-such-program")
    assert (said.code, 'The program "no-such-program" is not found' in said.err) == (0, True)


def test_a_script_of_this_folder_needs_the_folder(ncp: Ncp) -> None:
    (ncp.user_home / "server.py").touch()
    assert "add --cwd ." in ncp("mcp", "add", "a", "--", "true", "server.py").err
    said = ncp("mcp", "add", "b", "--cwd", ".", "--", "true", "server.py")
    assert (said.err, servers(ncp)["b"]["cwd"]) == ("", str(ncp.user_home))


def test_a_program_of_this_folder_is_kept_by_its_whole_path(ncp: Ncp) -> None:
    program = ncp.user_home / "server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name, word in (("a", "./server"), ("b", "~/server")):
        assert ncp("mcp", "add", name, "--", word).err == ""
        assert servers(ncp)[name]["command"] == str(program)


def test_a_link_is_followed_and_stays(ncp: Ncp, tmp_path: Path) -> None:
    (ncp.home / "mcp.json").symlink_to(tmp_path / "kept.json")
    (tmp_path / "kept.json").write_text("{}")
    assert ncp("mcp", "add", "a", "--", "true").code == 0
    assert (ncp.home / "mcp.json").is_symlink()
    assert "true" in (tmp_path / "kept.json").read_text()


def test_servers_that_are_added_at_once_are_all_there(ncp: Ncp) -> None:
    ncp("mcp", "add", "first", "--", "true")
    names = {f"s{number}" for number in range(4)}
    with ExitStack() as stack:
        adding = [
            stack.enter_context(ncp.running("mcp", "add", name, "--", "true")) for name in names
        ]
        assert [one.wait() for one in adding] == [0] * len(names)
    assert {*servers(ncp)} == {"first", *names}


def test_a_removed_server_is_gone_and_the_others_stay(ncp: Ncp) -> None:
    for name in ("a", "b"):
        ncp("mcp", "add", name, "--", "true")
    assert ncp("mcp", "remove", "a").out == 'Removed "a".\n'
    assert [*servers(ncp)] == ["b"]
    assert ncp("mcp", "remove", "b", "--json").json == {"removed": "b"}


def test_one_that_is_not_there_cannot_be_removed(ncp: Ncp) -> None:
    ncp("mcp", "add", "files", "--", "true")
    said = ncp("mcp", "remove", "fils")
    assert (said.code, "Did you mean files?" in said.err) == (3, True)


def test_one_that_tasks_need_stays_unless_forced(ncp: Ncp) -> None:
    ncp("mcp", "add", "files", "--", "true")
    called(ncp, "files:list")
    said = ncp("mcp", "remove", "files")
    assert (said.code, "Tasks call its tools: nightly." in said.err) == (2, True)
    assert [*servers(ncp)] == ["files"]
    assert ncp("mcp", "remove", "files", "--force").code == 0
    assert servers(ncp) == {}


def called(ncp: Ncp, tool: str) -> None:
    """Make a task that calls a tool, in the document itself."""
    task = ncp.create("daily", name="nightly")
    path = ncp.home / "schedule.json"
    tree = json.loads(path.read_text())
    del tree["tasks"][task["id"]]["command"]
    tree["tasks"][task["id"]]["tool"] = tool
    path.write_text(json.dumps(tree))
    os.utime(path, ns=(1, 1))


def test_the_shell_completes_names_of_servers(ncp: Ncp) -> None:
    for name in ("files", "web"):
        ncp("mcp", "add", name, "--", "true")
    assert completing.servers("f") == ["files"]
    (ncp.home / "mcp.json").write_text("{")
    assert completing.servers("f") == []
