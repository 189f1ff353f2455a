"""The program of a server that is spoken to by its standard streams, from its start to its end.

It runs in a session of its own. It is ended as the protocol has it: its input is closed, it gets
time, SIGTERM, time, SIGKILL; the signals go to all that it has started.
"""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, SubprocessStreamProtocol
from typing import TYPE_CHECKING

from ncp.mcp.errors import CannotStartError
from ncp.mcp.limits import LONGEST_MESSAGE
from ncp.mcp.veil import Lines

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter, SubprocessTransport
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ncp.mcp.veil import Veil

PATIENCE_SECONDS = 2.0
"""How long it may take to end by itself, and again after SIGTERM."""
LOOK_SECONDS = 0.005
LAST_WORDS = 2000
MARK = "NCP_EXECUTION_ID"
"""The variable by which what a server has left behind is known, where this process adopts it."""


class Program:
    """A program that has been started; what it says on standard error goes to `hear`."""

    def __init__(
        self,
        transport: SubprocessTransport,
        streams: SubprocessStreamProtocol,
        hear: Callable[[bytes], None],
        lines: Lines,
        mark: str = "",
    ) -> None:
        if streams.stdin is None or streams.stdout is None or streams.stderr is None:
            raise AssertionError("it was started with three pipes")
        self._transport, self._hear, self._mark = transport, hear, mark
        self._lines = lines
        self.stdin: StreamWriter = streams.stdin
        self.stdout: StreamReader = streams.stdout
        self._last = b""
        self._listening = asyncio.ensure_future(self._listen(streams.stderr))

    @property
    def exit_code(self) -> int | None:
        """How it has ended (minus the signal that ended it); None while it runs."""
        return self._transport.get_returncode()

    @property
    def last_words(self) -> str:
        """The last line that it said on standard error."""
        lines = self._last.decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    async def _listen(self, stderr: StreamReader) -> None:
        while data := await stderr.read(65536):
            self._pass_on(self._lines.feed(data))
        self._pass_on(self._lines.rest())

    def _pass_on(self, said: bytes) -> None:
        if said:
            self._last = (self._last + said)[-LAST_WORDS:]
            self._hear(said)

    async def settle(self, seconds: float = 0.5) -> None:
        """Wait a moment for its end and its last words, where its output has ended."""
        await self._ended(seconds)
        await asyncio.wait([self._listening], timeout=seconds)

    async def end(self) -> None:
        """Have it end, with all below it; bounded by twice PATIENCE_SECONDS."""
        left = self._tree()
        self.stdin.close()
        if not await self._ended(PATIENCE_SECONDS):
            left |= self._tree()
            self._signal(left, signal.SIGTERM)
            await self._ended(PATIENCE_SECONDS)
        left |= self._tree()
        self._signal(left, getattr(signal, "SIGKILL", signal.SIGTERM))
        await self._ended(PATIENCE_SECONDS)
        await asyncio.wait([self._listening], timeout=0.1)
        self._listening.cancel()
        self._transport.close()

    async def _ended(self, seconds: float) -> bool:
        """Wait for its end: not for that of its pipes, which others may hold."""
        until = asyncio.get_running_loop().time() + seconds
        while self.exit_code is None:
            if asyncio.get_running_loop().time() > until:
                return False
            # Polled: the one public way to wait also waits for the pipes.
            await asyncio.sleep(LOOK_SECONDS)
        return True

    def _signal(self, left: Iterable[tuple[int, str]], number: int) -> None:
        """Signal its group, which keeps its number while anyone is in it, and all below it."""
        if os.name == "nt":
            if self.exit_code is None:
                self._transport.kill()
            return
        from ncp.process.child import signal_group  # noqa: PLC0415  POSIX only
        from ncp.process.identity import start_of  # noqa: PLC0415  same
        from ncp.process.strays import send  # noqa: PLC0415  same

        signal_group(self._transport.get_pid(), number)
        for pid, start in left:
            if start_of(pid) == start:
                send(pid, number)

    def _tree(self) -> set[tuple[int, str]]:
        """List what is of it, with start times that tell a process from a later one."""
        if os.name == "nt":
            return set()
        from ncp.process.identity import start_of  # noqa: PLC0415  POSIX only
        from ncp.process.strays import family  # noqa: PLC0415  same

        found = family(self._transport.get_pid(), self._mark)
        return {(one, start) for one in found if (start := start_of(one))}


async def start(
    argv: Sequence[str],
    env: Mapping[str, str],
    folder: str | None,
    hear: Callable[[bytes], None],
    veil: Veil,
) -> Program:
    """Start a program; CannotStartError says why not.

    What it says on standard error is told to `hear`, secrets hidden by `veil`.
    """
    loop = asyncio.get_running_loop()
    try:
        transport, streams = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(limit=LONGEST_MESSAGE, loop=loop),
            *argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(env),
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotStartError(argv[0], folder, error) from None
    return Program(transport, streams, hear, Lines(veil), env.get(MARK, ""))
