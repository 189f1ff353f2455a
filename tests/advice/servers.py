"""Rows for MCP servers: their definitions, those of clients, and what they answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advice.following import Case

if TYPE_CHECKING:
    import pytest

    from cli.conftest import Ncp

FAKE = Path(__file__).parent.parent / "fakes" / "mcp_served.py"
ADD = f"ncp mcp add x -- {sys.executable} {FAKE}"
NEW = "ncp schedule create daily --tool"
TAKE = "ncp mcp import --file m.json"
MINE = "HOME/mcp.json"
TEXT = '--params \'{"text": "a"}\''


def private(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make mcp.json the user's own; the npx here fetches nothing."""
    (ncp.home / "mcp.json").chmod(0o600)
    programs = ncp.user_home / "programs"
    programs.mkdir()
    (programs / "npx").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", f"{programs}:{ncp.environment['PATH']}")


def defined(sites: str, tree: Any, edit: str, **more: Any) -> Case:
    """A wrong definition in mcp.json, and the edit that its advice asks for."""
    then = (f"""$ sed -i '{edit}' "$NCP_HOME/mcp.json\"""", "ncp mcp test a")
    files = {MINE: json.dumps({"mcpServers": {"a": tree}})}
    return Case(sites, "ncp mcp test a", files=files, set_up=private, then=then, code=(1,), **more)


def client(sites: str, tree: Any, *then: str, **more: Any) -> Case:
    """A file of an MCP client that cannot be taken over as it is."""
    files = {"m.json": json.dumps({"mcpServers": {"a": {"command": "true", **tree}}})}
    return Case(sites, TAKE, files=files, then=then, **more)


CASES: tuple[Case, ...] = (
    Case(
        "cli.commands.mcp_add:_program#2",
        "ncp mcp add x --header A=B -- true",
        then=("ncp mcp add x «--env» A=B -- true",),
    ),
    Case(
        "cli.commands.mcp_call:command#2",
        'ncp mcp call x:shout --params \'{"text": ""}\'',
        before=(ADD,),
        then=("«ncp mcp tools x:shout»", f"ncp mcp call x:shout {TEXT}"),
    ),
    Case(
        "mcp.checking:named",
        f"{NEW} x:shot {TEXT}",
        before=(ADD,),
        then=(f"{NEW} «x:shout» {TEXT}",),
    ),
    Case("mcp.checking:named", f"{NEW} x:zzzz", before=(ADD,), then=(f"{NEW} x:«shout» {TEXT}",)),
    Case(
        "mcp.checking:_problem",
        f"{NEW} x:shout",
        before=(ADD,),
        then=("«ncp mcp tools x:shout»", f"{NEW} x:shout {TEXT}"),
    ),
    Case(
        "api.tooling:trial",
        "ncp schedule create daily --name a --test-run -- true",
        then=("ncp schedule create daily --name a -- true", "«ncp schedule run» a"),
    ),
    Case(
        "api.tooling:trial#2",
        f'{NEW} x:shout --params \'{{"text": ""}}\' --test-run',
        before=(ADD,),
        then=(f"{NEW} x:shout {TEXT} «--test-run»",),
    ),
    Case(
        "mcp.errors:__init__",
        "ncp mcp test a",
        files={MINE: '{"mcpServers": {"a": {"command": "nonesuch"}}}'},
        set_up=private,
        then=("""$ sed -i s/nonesuch/true/ "$NCP_HOME/mcp.json\"""", "ncp mcp test a"),
        says="mcp.json",
        code=(1,),
    ),
    defined("mcp.definition:parse", 5, 's|5|«{"command": "npx", "args": ["-y", "some-server"]}»|'),
    defined("mcp.definition:_require_one_way", {}, 's|{}|{«"command": "npx"»}|'),
    defined(
        "mcp.definition:_require_one_way",
        {"command": "a", "url": "http://127.0.0.1:9/"},
        's|"command": "a", ||',
        says="Remove one of them.",
    ),
    defined(
        "mcp.definition:_require_one_way#2",
        {"url": "http://127.0.0.1:9/", "type": "sse"},
        's|"sse"|«"http"»|',
    ),
    defined(
        "mcp.definition:_require_one_way#3",
        {"url": "http://127.0.0.1:9/", "type": "odd"},
        's|"odd"|«"http"»|',
    ),
    Case(
        "mcp.clients.reading:read#2",
        TAKE,
        files={"m.json": "[]"},
        then=("""$ echo '{"mcpServers": {}}' > m.json""", TAKE),
        says="Name the file of an MCP client.",
    ),
    Case(
        "mcp.clients.reading:_require_trusted",
        TAKE,
        before=("$ echo '{}' > m.json; chmod 666 m.json",),
        then=("$ cat m.json > n.json; chmod 600 n.json", "ncp mcp import --file n.json"),
        says="copy it to a file of your own",
    ),
    client(
        "mcp.clients.__init__:_translated",
        {"envFile": "x"},
        "$ echo A=b > x; chmod 600 x",
        "«ncp mcp add a --env» A=file:x «-- true»",
    ),
    client(
        "mcp.clients.variables:_asked",
        {"args": ["${input:key}"]},
        f"{TAKE} «--set key=»5",
    ),
    client(
        "mcp.clients.variables:_asked",
        {"env": {"K": "${NOPE_X}"}},
        f"{TAKE} «--set NOPE_X=keyring:service/user»",
    ),
    Case(
        "mcp.clients.variables:_require_resolvable",
        f"{TAKE} --set NOPE_X=keyring:a/b",
        files={
            "m.json": json.dumps(
                {"mcpServers": {"a": {"command": "true", "env": {"K": "x${NOPE_X}"}}}}
            )
        },
        then=(f"{TAKE} «--set NOPE_X=»5",),
    ),
    client(
        "mcp.clients.variables:_refused",
        {"args": ["${workspaceFolder}"]},
        "$ sed -i 's|${workspaceFolder}|/tmp|' m.json",
        TAKE,
        says="Write its value there first.",
    ),
)
