"""A server of MCP written by hand, which starts at once and misbehaves as its argument says.

It is what tests the failure modes: `python mcp_rough.py MODE [FILE]`. What it is told about is
noted in FILE, a line for each.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MODE = sys.argv[1] if len(sys.argv) > 1 else "fine"
NOTES = sys.argv[2] if len(sys.argv) > 2 else os.devnull
SIZE = 50 * 1024 * 1024
IMAGE = "iVBORw0KGgo="


ESCAPES = "good\rfake\x1b]52;c;eA==\x07\x9b2J\x1b[8m\u202etxt.exe\b\b"


ODD_TOOLS: list[Any] = [
    {"name": "without"},
    {"name": "empty", "inputSchema": {}, "description": 7, "outputSchema": "none"},
    {"name": "reference", "inputSchema": {"$ref": "#/$defs/n", "$defs": {"n": {"type": "object"}}}},
    {"name": "list", "inputSchema": {"type": "object", "properties": [1], "required": "a"}},
    {"name": ""},
    "tool",
]


NEWEST = {"resultType": "complete", "ttlMs": 0, "cacheScope": "private"}
GREETED_BY_DISCOVER = {"newest": -32022, "newest-only": -32601}
"""What a server of the newest protocol alone may answer to the greeting of older ones."""


def note(text: str) -> None:
    file = os.open(NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, f"{text}\n".encode())
    os.close(file)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def leak(request: dict[str, Any]) -> None:
    """Echo a secret, as a careless server does."""
    sys.stderr.write(f"the key is {os.environ['API_KEY']}\n")
    refuse(request, -32603, f"bad key {os.environ['API_KEY']}")


def send(**message: Any) -> None:
    say(json.dumps({"jsonrpc": "2.0", **message}))


def refuse(request: dict[str, Any], code: int, why: str = "the queue is full") -> None:
    send(id=request["id"], error={"code": code, "message": why})


def texts(*some: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text} for text in some]


def hang() -> None:
    time.sleep(600)


def die(code: int) -> None:
    sys.stderr.write("the disk of the server is full\n")
    sys.stderr.flush()
    os._exit(code)


def leave_behind() -> None:
    """Start what has another parent and session, and hears no SIGTERM."""
    argv = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
    if os.fork() == 0:
        os.setsid()
        daemon = subprocess.Popen([sys.executable, "-S", "-c", argv])
        note(f"child {daemon.pid}")
        os._exit(0)
    os.wait()


def flood() -> None:
    while True:
        say("nothing but noise " * 50)


def rubbish() -> None:
    say("Hello, I am a friendly server.")
    hang()


BEFORE_GREETING: dict[str, Callable[[], None]] = {
    "dies-at-once": lambda: die(3),
    "silent": hang,
    "rubbish": rubbish,
    "flood": flood,
    "greets": lambda: say("Listening on stdio"),
}


def initialize(request: dict[str, Any]) -> None:
    BEFORE_GREETING.get(MODE, lambda: None)()
    if MODE in GREETED_BY_DISCOVER:
        supported = {"supported": ["2026-07-28"], "requested": request["params"]["protocolVersion"]}
        error = {"code": GREETED_BY_DISCOVER[MODE], "message": "too old", "data": supported}
        send(id=request["id"], error=error)
        return
    if MODE == "refuses":
        send(id=request["id"], error={"code": -32603, "message": "out of order"})
        return
    version = 7 if MODE == "nonsense" else request["params"]["protocolVersion"]
    info: Any = {"name": "rough", "version": "1"}
    result: Any = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    send(id=request["id"], result=result)


def discover(request: dict[str, Any]) -> None:
    """Greet as the newest protocol has it, which knows no `initialize`."""
    result = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
    send(id=request["id"], result=result | NEWEST)


def _tools(count: int, description: str = "") -> dict[str, Any]:
    schema = {"type": "object"}
    tool = {"name": "tool", "description": description, "inputSchema": schema}
    return {"tools": [tool] * count}


MORE: dict[str, Callable[[], dict[str, Any]]] = {
    "endless-pages": lambda: _tools(0),
    "full-pages": lambda: _tools(2000),
    "long-pages": lambda: _tools(1, "x" * 10_000_000),
}


def tools(request: dict[str, Any]) -> None:
    cursor = (request.get("params") or {}).get("cursor")
    tool = {"name": f"tool-{cursor or 0}", "inputSchema": {"type": "object"}}
    page: dict[str, Any] = {"tools": [tool]}
    if MODE == "pages" and cursor != "2":
        page["nextCursor"] = str(int(cursor or 0) + 1)
    if MODE == "odd-tools":
        page["tools"] = [tool, *ODD_TOOLS]
    if MODE.endswith("-pages"):
        page |= MORE[MODE]()
        page["nextCursor"] = str(int(cursor or 0) + 1)
    if MODE == "tells-all":
        key = os.environ["API_KEY"]
        schema = {"type": "object", "properties": {"key": {"default": key}}}
        page["tools"] = [{**tool, "description": f"Sends {key} along.", "inputSchema": schema}]
    send(id=request["id"], result=page | (NEWEST if MODE in GREETED_BY_DISCOVER else {}))


def progress_for_ever(request: dict[str, Any]) -> None:
    token = (request["params"].get("_meta") or {}).get("progressToken", 0)
    count = 0
    while True:
        count += 1
        params = {"progressToken": token, "progress": count, "message": f"step {count}"}
        send(method="notifications/progress", params=params)
        time.sleep(0.001)


def stutter(request: dict[str, Any]) -> None:
    """Say a secret in pieces, the last one without a newline."""
    for piece in ("the key is correct", "-hor", "se\nonce more: corre", "ct-horse"):
        sys.stderr.write(piece)
        sys.stderr.flush()
        time.sleep(0.05)
    send(id=request["id"], result={"content": texts("fine")})


def notify_wrongly(request: dict[str, Any]) -> None:
    params = {"progressToken": [os.environ["API_KEY"]], "progress": os.environ["API_KEY"]}
    for _ in range(100):
        send(method="notifications/progress", params=params)
        send(method="notifications/message", params={"level": os.environ["API_KEY"]})
    send(id=request["id"], result={"content": texts("fine")})


def endless(_request: dict[str, Any]) -> None:
    sys.stdout.write('{"jsonrpc": "2.0", "id": 1, "result": "')
    while True:
        sys.stdout.write("x" * 65536)


def of_all_kinds() -> dict[str, Any]:
    blob = {"uri": "file:///a/b.bin", "mimeType": "application/octet-stream", "blob": IMAGE}
    text = {"uri": "file:///a/notes.txt", "mimeType": "text/plain", "text": "some notes"}
    content = [
        *texts("see"),
        {"type": "image", "data": IMAGE, "mimeType": "image/png"},
        {"type": "audio", "data": IMAGE, "mimeType": "audio/wav"},
        *({"type": "resource", "resource": one} for one in (blob, text)),
        {"type": "resource_link", "uri": "https://example.com/x", "name": "x"},
    ]
    return {"content": content, "structuredContent": {"count": 2}}


WITHOUT_RESULT: dict[str, Callable[[Any], None]] = {
    "dies-in-call": lambda _: die(4),
    "slow": lambda _: None,
    "deaf": lambda _: None,
    "protocol-error": lambda request: send(
        id=request["id"], error={"code": -32602, "message": "no such parameter: pth"}
    ),
    "busy": lambda request: refuse(request, -32000),
    "leaks": leak,
    "late": lambda request: refuse(request, -32001),
    "progress": progress_for_ever,
    "endless": endless,
    "stutters": stutter,
    "wrong-notifications": notify_wrongly,
    "broken": lambda request: send(id=request["id"], result=[7]),
}
RESULTS: dict[str, Callable[[Any], Any]] = {
    "escapes": lambda _: {"content": texts(ESCAPES), "isError": True},
    "fails": lambda _: {"content": texts("no such folder: /backups"), "isError": True},
    "big": lambda _: {"content": texts("x" * SIZE)},
    "many-blocks": lambda _: {"content": texts("") * 100_000},
    "many-values": lambda _: {"content": [], "structuredContent": {"a": [[]] * 1_000_000}},
    "brackets": lambda _: {"content": texts("[{" * 1_000_000)},
    "tells-all": lambda _: {
        "content": [],
        "structuredContent": {os.environ["API_KEY"]: {"a": os.environ["API_KEY"]}},
    },
    "files": lambda _: of_all_kinds(),
    "structured": lambda _: {"content": [], "structuredContent": {"count": 2}},
    "limits": lambda _: {"content": texts(str(resource.getrlimit(resource.RLIMIT_NOFILE)[0]))},
    "environment": lambda names: {
        "content": texts(*(os.environ.get(name, "(unset)") for name in names["names"]))
    },
}


def call(request: dict[str, Any]) -> None:
    note("called")
    if MODE in WITHOUT_RESULT:
        WITHOUT_RESULT[MODE](request)
        return
    arguments = request["params"].get("arguments") or {}
    time.sleep(float(arguments.get("seconds", 0)))
    fine = {"content": texts("fine", json.dumps(arguments)), "resultType": "complete"}
    send(id=request["id"], result=RESULTS[MODE](arguments) if MODE in RESULTS else fine)


def cancelled(request: dict[str, Any]) -> None:
    note(f"cancelled {request['params'].get('reason', '')}")


ANSWERS: dict[str, Callable[[Any], None]] = {
    "initialize": initialize,
    "server/discover": discover if MODE in GREETED_BY_DISCOVER else lambda _: None,
    "tools/list": tools,
    "tools/call": call,
    "notifications/cancelled": cancelled,
}


def main() -> None:
    note(f"started {os.getpid()}")
    if MODE == "deaf":
        signal.signal(signal.SIGTERM, lambda *_: note("SIGTERM"))
    if MODE in {"family", "slow"}:  # what a server starts in a session of its own goes with it
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        note(f"child {child.pid}")
    if MODE == "daemon":
        leave_behind()
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("method") in ANSWERS:
            ANSWERS[request["method"]](request)
    note("end of input")
    if MODE == "deaf":
        hang()


main()
