"""Servers of MCP for tests: real ones from npm, one of the Python SDK, and a rough one.

Those from npm are looked for where NCP_MCP_SERVERS says, which `.ci/run` fills.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncp.mcp.definition import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

FAKES = Path(__file__).parent / "fakes"
BIG = 50 * 1024 * 1024
"""The length of the text that `rough("big")` answers."""
PLACES = (os.environ.get("NCP_MCP_SERVERS", ""), "/tmp/mcp-node")
INSTALL = "npm install --prefix /tmp/mcp-node @modelcontextprotocol/server-"


def _from_npm(name: str, *arguments: str) -> Server:
    """A server from npm; without it the test is skipped, or fails in CI."""
    for place in filter(None, PLACES):
        script = Path(place, "node_modules", "@modelcontextprotocol", f"server-{name}", "dist")
        if (script / "index.js").exists() and shutil.which("node"):
            return Server(name, shutil.which("node") or "", (str(script / "index.js"), *arguments))
    if os.environ.get("CI") == "true":
        pytest.fail(f"server-{name} is missing")
    pytest.skip(f"it needs node, and: {INSTALL}{name}")


def filesystem(folder: Path) -> Server:
    """`@modelcontextprotocol/server-filesystem`, which may look into a folder."""
    return _from_npm("filesystem", str(folder))


def everything() -> Server:
    """`@modelcontextprotocol/server-everything`."""
    return _from_npm("everything")


def rough(mode: str, notes: Path | None = None) -> Server:
    """The server of `fakes/mcp_rough.py`, misbehaving as `mode` says."""
    arguments = (str(FAKES / "mcp_rough.py"), mode, *([str(notes)] if notes else []))
    return Server("rough", sys.executable, ("-S", *arguments))


def pids(notes: Path) -> list[int]:
    """The processes of rough servers, and of what they have started, by their notes."""
    lines = [line.split() for line in notes.read_text().splitlines()]
    return [int(words[1]) for words in lines if words[0] in {"started", "child"}]


def served() -> Server:
    """The server of `fakes/mcp_served.py`, over standard streams."""
    return Server("served", sys.executable, (str(FAKES / "mcp_served.py"),))


@contextmanager
def served_by_http(token: str = "open") -> Iterator[str]:
    """Run that server by HTTP, where a bearer token is wanted; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [sys.executable, str(FAKES / "mcp_served.py"), "http", str(port), token]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL) as program:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            program.kill()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the server has not started"
            time.sleep(0.05)
        else:
            return
