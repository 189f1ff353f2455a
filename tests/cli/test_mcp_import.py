from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

ONE = {"command": "true", "args": ["one"]}
TWO = {"command": "true", "args": ["two"]}


def cursor(ncp: Ncp, **servers: Any) -> Path:
    return put(ncp.user_home / ".cursor/mcp.json", servers)


def claude(ncp: Ncp, **servers: Any) -> Path:
    return put(ncp.user_home / ".claude.json", servers)


def put(path: Path, servers: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"mcpServers": servers}))
    return path


def own(ncp: Ncp) -> Any:
    path = ncp.home / "mcp.json"
    return json.loads(path.read_text())["mcpServers"] if path.exists() else {}


def states(ncp: Ncp, *argv: str) -> dict[str, str]:
    found = ncp("mcp", "import", "--json", *argv).json["found"]
    return {f"{one['client']}/{one['name']}": one["state"] for one in found}


def test_it_shows_what_there_is_and_takes_nothing_by_itself(ncp: Ncp) -> None:
    file = cursor(ncp, files=ONE)
    said = ncp("mcp", "import")
    assert said.code == 0
    width = len(str(file))
    assert said.out.splitlines() == [
        f"CLIENT  SERVER  STATE  {'FILE':{width}}  RUNS",
        f"Cursor  files   new    {file}  true one",
    ]
    assert "Nothing was taken. To take files, add: --yes" in said.err
    assert own(ncp) == {}


def test_what_was_agreed_to_is_taken(ncp: Ncp) -> None:
    cursor(ncp, files=ONE)
    claude(ncp, other=TWO)
    said = ncp("mcp", "import", "--yes")
    assert [line for line in said.out.splitlines() if "Added" in line] == [
        'Added "other". To try it: ncp mcp test other',
        'Added "files". To try it: ncp mcp test files',
    ]
    assert own(ncp) == {"other": TWO, "files": ONE}
    assert states(ncp) == {"cursor/files": "same", "claude-code/other": "same"}


@pytest.mark.parametrize(
    ("argv", "taken"),
    [
        (("cursor",), {"a", "b"}),
        (("cursor", "b"), {"b"}),
        (("c",), {"c"}),
        (("b", "c"), {"b", "c"}),
    ],
)
def test_a_client_and_names_choose(ncp: Ncp, argv: tuple[str, ...], taken: set[str]) -> None:
    cursor(ncp, a=ONE, b=ONE)
    claude(ncp, c=ONE)
    assert {*ncp("mcp", "import", *argv, "--yes", "--json").json["taken"]} == taken
    assert {*own(ncp)} == taken


def test_one_file_can_be_named_whatever_it_is_called(ncp: Ncp, tmp_path: Path) -> None:
    cursor(ncp, a=ONE)
    file = put(tmp_path / "some.json", {"b": TWO})
    assert states(ncp, "--file", str(file)) == {"None/b": "new"}
    assert states(ncp, "vscode", "--file", str(file)) == {"vscode/b": "new"}
    assert states(ncp, "--file", str(ncp.user_home / ".cursor/mcp.json")) == {"cursor/a": "new"}
    file.write_text("{")
    assert ncp("mcp", "import", "--file", str(file)).code == 2


def test_what_differs_from_the_own_needs_replace(ncp: Ncp) -> None:
    ncp("mcp", "add", "files", "--", "true", "mine")
    cursor(ncp, files=ONE)
    assert states(ncp, "--yes") == {"cursor/files": "differs"}
    assert own(ncp)["files"]["args"] == ["mine"]
    assert states(ncp, "--yes", "--replace") == {"cursor/files": "differs"}
    assert own(ncp)["files"] == ONE


def test_of_two_that_are_not_the_same_none_is_taken_until_one_is_meant(ncp: Ncp) -> None:
    cursor(ncp, files=ONE, other=ONE)
    claude(ncp, files=TWO, other=ONE)
    said = ncp("mcp", "import", "--yes")
    assert "files is not the same everywhere" in said.err
    assert own(ncp) == {"other": ONE}
    assert ncp("mcp", "import", "cursor", "files", "--yes").code == 0
    assert own(ncp)["files"] == ONE


def test_a_refused_one_is_said_and_the_others_are_taken(ncp: Ncp) -> None:
    cursor(ncp, a={"command": "x", "env": {"KEY": "${env:NO_KEY}"}}, b=ONE)
    said = ncp("mcp", "import", "--yes")
    assert "a cannot be taken: env.KEY: ${env:NO_KEY} is not set here." in said.err
    assert {*own(ncp)} == {"b"}
    ncp("mcp", "import", "a", "--yes", "--set", "NO_KEY=keyring:service/ann")
    assert own(ncp)["a"]["env"] == {"KEY": "keyring:service/ann"}


def test_a_file_that_cannot_be_read_does_not_hide_the_others(ncp: Ncp) -> None:
    cursor(ncp, a=ONE).write_text("{")
    claude(ncp, b=ONE)
    said = ncp("mcp", "import")
    assert (said.code, ".cursor/mcp.json: Not valid JSON" in said.err) == (0, True)
    assert "Claude Code  b" in said.out


def test_secrets_in_plain_text_are_pointed_out_and_not_shown(ncp: Ncp) -> None:
    cursor(ncp, a={"command": "true", "env": {"API_KEY": "hunter2"}})
    for argv in ((), ("--json",), ("--yes",)):
        said = ncp("mcp", "import", *argv)
        assert "env.API_KEY of a seems to be a secret in plain text" in said.err
        assert "hunter2" not in said.out + said.err


def test_a_name_of_two_words_is_quoted_where_it_is_to_be_typed(ncp: Ncp) -> None:
    cursor(ncp, **{"my files": ONE})
    assert "ncp mcp test 'my files'\n" in ncp("mcp", "import", "my files", "--yes").out
    assert "ncp mcp test 'my files'\n" in ncp("mcp", "add", "my files", "--replace", "--", "x").out


def test_without_any_client_it_says_so(ncp: Ncp) -> None:
    said = ncp("mcp", "import")
    assert (said.code, said.out) == (0, "")
    assert "No servers were found in the files of Claude Desktop, Claude Code" in said.err


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("cursr",), 3, "Did you mean cursor?"),
        (("fils",), 3, "Did you mean files?"),
        (("cursor", "xyzzy"), 3, "See: ncp mcp import"),
        (("--file", "/no/such"), 2, "There is no file"),
        (("--set", "x"), 2, '--set: "x" is not NAME=VALUE'),
    ],
)
def test_what_is_not_there_is_an_error_with_the_way_out(
    ncp: Ncp, argv: tuple[str, ...], code: int, words: str
) -> None:
    cursor(ncp, files=ONE)
    said = ncp("mcp", "import", *argv)
    assert (said.code, words in said.err) == (code, True), said.err


@pytest.mark.parametrize(("answer", "taken"), [("y", {"files"}), ("n", set())])
def test_a_terminal_is_asked(ncp: Ncp, answer: str, taken: set[str]) -> None:
    cursor(ncp, files=ONE)
    with Terminal(ncp.program("mcp", "import"), ncp.environment) as terminal:
        terminal.until("Take files?")
        terminal.type(answer)
        terminal.rest()
    assert terminal.code == 0
    assert {*own(ncp)} == taken
