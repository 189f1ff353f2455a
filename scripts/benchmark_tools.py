#!/usr/bin/env python3
"""What an execution of a tool task costs, beside a minimal client of the SDK, and one without it.

All three start the same server, greet it, call one tool of it, print its text and end it.
The method and figures are in docs/performance.md.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark import MEMORY, measured
from benchmark_homes import EVERY_MINUTE, PACKAGE, forget_slots

from ncp import fingerprint
from ncp.launcher import launcher_text
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from _sqlite3 import Connection

ROUNDS = 12
TIMING = "group-1"
HERE = Path(__file__).parent.parent
SERVERS = Path(os.environ.get("NCP_MCP_SERVERS", HERE / ".mcp-servers"))
MINIMAL = """
import asyncio, json, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
tool, parameters, command, *args = sys.argv[1:]

async def main():
    server = StdioServerParameters(command=command, args=args)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        result = await session.call_tool(tool, json.loads(parameters))
        print(result.content[0].text)

asyncio.run(main())
"""
BY_HAND = """
import json, subprocess, sys
tool, parameters, *argv = sys.argv[1:]
server = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

def send(**message):
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\\n")
    server.stdin.flush()

def answer(number):
    while True:
        message = json.loads(server.stdout.readline())
        if message.get("id") == number:
            return message["result"]

about = {"name": "by-hand", "version": "1"}
send(id=1, method="initialize", params={"protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": about})
answer(1)
send(method="notifications/initialized")
send(id=2, method="tools/call", params={"name": tool, "arguments": json.loads(parameters)})
print(answer(2)["content"][0]["text"])
server.stdin.close()
server.wait()
"""


def main(rounds: int) -> None:
    """Measure and print a table for each server."""
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as folder:
        home = Path(folder, "home")
        home.mkdir(0o700)
        os.environ["NCP_EXECUTION_ID"] = "benchmark"
        for name, argv in servers(folder).items():
            tool, parameters = ("list_directory", {"path": folder}) if "file" in name else ("x", {})
            book = _prepare(home, argv, tool, parameters)
            words = [tool, json.dumps(parameters), *argv]
            launcher = ["/bin/sh", str(home / "bin" / "ncp")]
            cases = {
                "minimal client of the SDK": [sys.executable, "-c", MINIMAL, *words],
                "ncp, the task's process": [*launcher, "_task-execute", "x"],
                "ncp, the whole firing": [*launcher, "_timing-run", TIMING],
                "JSON-RPC by hand": [sys.executable, "-c", BY_HAND, *words],
            }
            measured(f"A tool of {name}", cases, rounds, lambda book=book: forget_slots(book))


def servers(folder: str) -> dict[str, list[str]]:
    """Name the servers that there are, each with the command that starts it."""
    found = {
        "a server of a few lines": [
            *(sys.executable, "-S"),
            *(str(HERE / "tests" / "fakes" / "mcp_rough.py"), "fine"),
        ]
    }
    script = SERVERS / "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js"
    if script.exists():
        found["server-filesystem"] = [shutil.which("node") or "node", str(script), folder]
    return found


def _prepare(home: Path, argv: list[str], tool: str, parameters: object) -> Connection:
    """Make a home with one task, which is due; its ledger."""
    command, *args = argv
    servers = {"mcpServers": {"server": {"command": command, "args": args}}}
    (home / "mcp.json").write_text(json.dumps(servers))
    (home / "bin").mkdir(exist_ok=True)
    text = launcher_text(str(home), sys.executable, PACKAGE, "", "linux")
    (home / "bin" / "ncp").write_text(text)
    task = CompiledTask(
        id="x",
        timing_id=TIMING,
        name="x",
        argv=(),
        env=dict(os.environ),
        direct=False,
        tool=f"server:{tool}",
        parameters=json.dumps(parameters),
    )
    book = connect(str(home))
    timing = CompiledTiming(id=TIMING, identity=tool, rules=(EVERY_MINUTE,))
    prints = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    save_compiled(book, [timing], [task], prints, int(time.time() // 60) - 3)
    return book


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
