from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.conftest import Ncp


def having(ncp: Ncp, **found: Any) -> None:
    (ncp.home / "mcp.json").write_text(json.dumps({"mcpServers": found}))


def test_servers_are_listed_with_what_they_run_and_no_secret(ncp: Ncp) -> None:
    having(
        ncp,
        files={"command": "npx", "args": ["server", "/my files"], "env": {"API_KEY": "hunter2"}},
        web={"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer hunter2"}},
    )
    assert ncp("mcp", "servers").out.splitlines() == [
        "NAME   TRANSPORT  RUNS                         TASKS",
        "files  stdio      npx server '/my files'       0",
        "web    http       https://mcp.example.com/mcp  0",
    ]
    said = ncp("mcp", "servers", "--json")
    assert "hunter2" not in said.out
    assert [one["name"] for one in said.json["servers"]] == ["files", "web"]
    assert said.json["servers"][0]["env"] == {"API_KEY": "********"}


def test_without_servers_it_says_how_to_get_one(ncp: Ncp) -> None:
    said = ncp("mcp", "servers")
    assert (said.code, said.out) == (0, "")
    assert "ncp mcp add NAME -- COMMAND" in said.err
    assert ncp("mcp", "servers", "--json").json["servers"] == []


def test_a_broken_file_is_an_error_with_its_place(ncp: Ncp) -> None:
    having(ncp, files={"command": 7})
    said = ncp("mcp", "servers")
    assert (said.code, said.out) == (2, "")
    assert 'mcpServers["files"].command: 7 is not a program.' in said.err
