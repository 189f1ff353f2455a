"""The process of a tool task: its server is started, asked once, and ended with its whole tree.

What the tool answers is printed, so that it is the task's output; why it came to nothing is
printed as well, and written into the ledger as the reason of the execution.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ncp import secrets
from ncp.errors import DONE, INTERRUPTED, TASK_FAILED, NcpError
from ncp.ledger import record
from ncp.mcp import client, secrecy, servers
from ncp.mcp.answer import Answer
from ncp.mcp.errors import NOT_RUNNABLE
from ncp.mcp.exchange import Exchange
from ncp.mcp.veil import Veil
from ncp.process import contained
from ncp.store.home import here

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable

    from ncp.ledger.compiled import CompiledTask
    from ncp.mcp.definition import Server
    from ncp.mcp.exchange import Result

HOME, FILES = "NCP_HOME", "NCP_FILES"
LONGEST_REASON = 500
PROGRESS_SECONDS = 1.0
"""Progress is printed no more often than that."""


def run(book: Connection, task: CompiledTask) -> int:
    """Call the tool of a task; return the exit code: 0 only where the tool has done its work."""
    contained(task.limits, os.environ.get("NCP_EXECUTION_ID", ""))
    exchange = Exchange(hear=_on_stderr)
    try:
        server = _prepared(task, exchange)
        result = asyncio.run(_called(server, exchange, task, book))
    except NcpError as error:
        return _failed(book, error)
    except asyncio.CancelledError:
        return INTERRUPTED
    return _given(book, result)


def _prepared(task: CompiledTask, exchange: Exchange) -> Server:
    """Find its server, and put in all variables and secrets."""
    name = task.tool.partition(":")[0]
    found = servers.find(here(), name)
    secrets.find_session()
    given = {} if task.env_file is None else secrets.env_file(task.env_file)
    server, own = secrecy.resolved(found), secrets.resolved(task.own)
    hidden = [own[name] for name, value in task.own.items() if secrets.is_reference(value)]
    exchange.veil = Veil([*secrecy.values(found, server), *hidden])
    ours = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("NCP_") and name not in {HOME, FILES}
    }
    exchange.env = {**task.env, **given, **own, **server.env, **ours}
    exchange.headers = server.headers
    return server


async def _called(
    server: Server, exchange: Exchange, task: CompiledTask, book: Connection
) -> Result:
    _cancel_by(signal.SIGTERM, lambda: _explain(book, _cut_short(exchange)))
    tool, parameters = task.tool.partition(":")[2], json.loads(task.parameters or "{}")
    async with client.connection(server, exchange) as session:
        gc.freeze()  # what has been imported stays
        gc.enable()
        result: Result = await session.call(tool, parameters, _Progress(exchange.veil).show)
    return result


def _cut_short(exchange: Exchange) -> str:
    said = f"; it had printed what is no message: {exchange.rubbish}" if exchange.rubbish else ""
    return f"it was cancelled waiting for {exchange.awaited}{said}"


def _cancel_by(number: signal.Signals, note: Callable[[], None]) -> None:
    """Have a signal cancel this task: once, so that the next one disturbs no ending.

    It is noted at once: the grace may be shorter than what a server takes to end.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    if task is None:
        raise AssertionError("it is called in a task")

    def cancel() -> None:
        if not task.cancelling():
            task.cancel()
            note()

    with suppress(NotImplementedError):  # Windows ends the tree at once
        loop.add_signal_handler(number, cancel)


class _Progress:
    """Prints how far a tool is, to standard error."""

    def __init__(self, veil: Veil) -> None:
        self._veil, self._next = veil, 0.0

    async def show(self, progress: float, total: float | None, message: str | None) -> None:
        """Print it, unless that has been done just now."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            part = f"{progress:g}" if total is None else f"{progress:g}/{total:g}"
            words = f"[progress {part}] {self._veil.text(message or '')}".rstrip()
            _on_stderr(words.encode(errors="replace") + b"\n")


def _given(book: Connection, result: Result) -> int:
    answer = Answer(_on_stdout, os.environ.get(FILES, ""))
    answer.give(result)
    if answer.lost:
        _explain(book, f"some of its answer could not be kept ({answer.lost})")
    if not result.failed:
        return DONE
    _explain(book, f"the tool has failed: {_shortened(result.text) or 'it does not say why'}")
    return TASK_FAILED


def _failed(book: Connection, error: NcpError) -> int:
    where = f"{error.where}: " if error.where else ""
    _on_stderr(f"{where}{error.what} {error.next_step}".rstrip().encode(errors="replace") + b"\n")
    _explain(book, f"{where}{_shortened(error.what)}".rstrip("."))
    return NOT_RUNNABLE if isinstance(error, secrets.SecretError) else error.exit_code


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_REASON else words[:LONGEST_REASON] + "…"


def _explain(book: Connection, reason: str) -> None:
    """Have the record say why; where the ledger cannot be written, the output has said it."""
    from _sqlite3 import Error  # noqa: PLC0415  only where something is wrong

    with suppress(Error):
        text = reason.encode("utf-8", "backslashreplace").decode()
        record.explain(book, os.environ.get("NCP_EXECUTION_ID", ""), text)


def _on_stdout(data: bytes) -> None:
    _write(sys.stdout.fileno(), data)


def _on_stderr(data: bytes) -> None:
    _write(sys.stderr.fileno(), data)


def _write(file: int, data: Any) -> None:
    with suppress(OSError):  # nobody reads any more
        while data:
            data = data[os.write(file, data) :]
