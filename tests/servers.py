"""Servers of MCP for tests: real ones from npm, one of the Python SDK, and a rough one.

Those from npm are looked for in `.mcp-servers`, where `scripts/servers` puts them, or where
NCP_MCP_SERVERS says.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncp.mcp.definition import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

FAKES = Path(__file__).parent / "fakes"
GREETING = "Hello, I am a friendly server."
"""What `rough("rubbish")` prints."""
BIG = 50 * 1024 * 1024
"""The length of the text that `rough("big")` answers."""
HERE = Path(__file__).parent.parent / ".mcp-servers"
PLACE = Path(os.environ.get("NCP_MCP_SERVERS", HERE))


def _from_npm(name: str, *arguments: str) -> Server:
    """A server from npm; without it the test is skipped, or fails in CI."""
    folder = PLACE / "node_modules" / "@modelcontextprotocol" / f"server-{name}" / "dist"
    node = shutil.which("node")
    if node and (folder / "index.js").exists():
        return Server(name, node, (str(folder / "index.js"), *arguments))
    if os.environ.get("CI") == "true":
        pytest.fail(f"server-{name} is missing")
    pytest.skip(f"Install node and npm, then run scripts/servers, for server-{name}.")


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


@contextmanager
def answering(
    status: int, kind: str, body: bytes, times: int = 1, packed: str = ""
) -> Iterator[str]:
    """Answer each request by HTTP with the same, so many times in one body; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if packed:
                self.send_header("Content-Encoding", packed)
            if times == 1:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):
                for _ in range(times):
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/mcp"
        finally:
            server.shutdown()
            thread.join()


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
