"""Whatever stands in a file, the answer is a server or a complaint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ncp.errors import DocumentError
from ncp.mcp import clients, definition, secrecy
from ncp.mcp.clients import CLIENTS, Place
from ncp.mcp.servers import Server

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = (
    *(
        "",
        "a",
        "/x",
        "https://[",
        "https:" + "//a:b@c",
        "${env:A}",
        "${A:-b}",
        "${",
        "ä\n\0",
        "A=b",
    ),
    *("file:/k", "Bearer file:/k", "Bearer ", "--token", "${input:x}", "${workspaceFolder}", "sse"),
)
TEXT = st.sampled_from(SAMPLES) | st.text(max_size=8)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([*definition.KEYS, "type", "envFile", "other"])
DEFINITION = st.dictionaries(KEYS, VALUE, max_size=4) | st.fixed_dictionaries(
    {"command": TEXT}, optional={"args": st.lists(TEXT, max_size=3), "env": VALUE, "cwd": TEXT}
)
NEARLY = st.fixed_dictionaries(
    {"url": TEXT}, optional={"headers": st.dictionaries(TEXT, TEXT, max_size=2)}
)
ANY = DEFINITION | NEARLY | VALUE


def parsed(found: Any) -> Server | None:
    """The server of a definition; any other error than a complaint goes on."""
    try:
        return definition.parse("a", found, "mcp.json")
    except DocumentError:
        return None


@given(ANY)
def test_a_definition_is_a_server_that_reads_back_or_a_complaint(found: Any) -> None:
    server = parsed(found)
    if server is None:
        return
    assert definition.parse("a", json.loads(json.dumps(definition.tree(server))), "") == server
    assert len(definition.fingerprint(server)) == 16
    secrecy.masked(server)
    secrecy.plain(server)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, found=ANY, client=st.sampled_from([*CLIENTS, ""]), nested=st.booleans())
def test_a_file_of_a_client_is_read_or_complained_about(
    tmp_path: Path, name: str, found: Any, client: str, *, nested: bool
) -> None:
    place = Place("linux", tmp_path, tmp_path / "p", {"A": "b"}, {"x": "file:/k"})
    inner = {"mcpServers": {name: found}}
    file = tmp_path / ".mcp.json"
    file.write_text(json.dumps({"projects": {"/p": inner}} if nested else inner))
    (one,) = clients.look(place, client, file)
    assert bool(one.problem) is (one.server is None)
    assert isinstance(one.server, Server | None)
