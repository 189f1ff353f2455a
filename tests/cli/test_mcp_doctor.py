"""What `ncp doctor` says of MCP servers, before a task fails for want of one."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def tool(ncp: Ncp) -> Ncp:
    """A home with a task that calls `files:list`, in the document itself."""
    ncp.create("daily", "true", name="nightly")
    change(ncp, command=[], tool="files:list")
    return ncp


def change(ncp: Ncp, **keys: Any) -> None:
    path = ncp.home / "schedule.json"
    tree = json.loads(path.read_text())
    next(iter(tree["tasks"].values())).update(keys)
    path.write_text(json.dumps(tree))


def having(ncp: Ncp, **server: Any) -> None:
    (ncp.home / "mcp.json").write_text(json.dumps({"mcpServers": {"files": server}}))


def findings(ncp: Ncp) -> list[tuple[str, str, str, str]]:
    """Those about servers: level, subject, message, mend."""
    found = json.loads(ncp("doctor", "--json").out)["findings"]
    mine = [one for one in found if one["subject"] in {"mcp", "mcp.json", "nightly"}]
    return [(one["level"], one["subject"], one["message"], one["mend"]) for one in mine]


def test_a_server_that_is_all_there_is_no_finding(tool: Ncp) -> None:
    having(tool, command="true")
    assert findings(tool) == []
    having(tool, url="https://mcp.example.com/mcp")
    assert findings(tool) == []


def test_a_server_that_is_missing_is_an_error(tool: Ncp) -> None:
    ((level, _, message, mend),) = findings(tool)
    assert (level, "server files of task" in message) == ("error", True)
    assert mend == "ncp mcp add files -- COMMAND"


@pytest.mark.parametrize(
    ("server", "what"),
    [
        ({"command": "no-such"}, 'The program "no-such"'),
        ({"command": "true", "env": {"PATH": "/none"}}, 'The program "true"'),
        ({"command": "./true"}, 'The program "./true"'),
        ({"command": "true", "cwd": "/no/such"}, 'The folder "/no/such"'),
    ],
)
def test_what_its_server_cannot_be_started_without_is_a_warning(
    tool: Ncp, server: dict[str, Any], what: str
) -> None:
    having(tool, **server)
    message = f"{what} of the server files is not there."
    assert findings(tool) == [("warning", "nightly", message, "ncp mcp test files")]


def test_its_program_is_looked_for_as_it_will_be_started(tool: Ncp) -> None:
    program = tool.user_home / "bin/mine"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    having(tool, command="./mine", cwd=str(program.parent))
    assert findings(tool) == []
    having(tool, command="mine")
    assert len(findings(tool)) == 1
    change(tool, environment={"PATH": str(program.parent)})
    assert findings(tool) == []


def test_a_secret_that_it_will_not_have_is_an_error(tool: Ncp) -> None:
    having(tool, url="https://mcp.example.com", headers={"Authorization": "Bearer file:/no/key"})
    ((level, _, message, _),) = findings(tool)
    assert level == "error"
    assert message.endswith("No such file or directory (/no/key), for the server files.")


def test_a_file_that_cannot_be_used_is_an_error_also_without_tasks(ncp: Ncp) -> None:
    having(ncp, command=7)
    ((level, subject, message, _),) = findings(ncp)
    assert (level, subject) == ("error", "mcp.json")
    assert 'mcpServers["files"].command: 7 is not a program' in message
    having(ncp, command="true")
    (ncp.home / "mcp.json").chmod(0o666)
    said = json.loads(ncp("doctor", "--json").out)["findings"]
    (mend,) = (one["mend"] for one in said if one["level"] == "error")
    assert mend == f"chmod go-w '{ncp.home}/mcp.json'"


def test_tool_tasks_without_the_sdk_are_an_error(
    tool: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    having(tool, command="true")
    monkeypatch.setitem(sys.modules, "mcp", None)
    ((level, subject, _, mend),) = findings(tool)
    assert (level, subject, mend) == (
        "error",
        "mcp",
        f"{sys.executable} -m pip install 'ncp-scheduler[mcp]'",
    )


def test_a_paused_task_needs_nothing(tool: Ncp) -> None:
    change(tool, status="paused")
    assert findings(tool) == []
