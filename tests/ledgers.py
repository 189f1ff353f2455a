"""Homes with a compiled copy, as a firing finds them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ncp
from ncp import fingerprint
from ncp.api import printed
from ncp.launcher import launcher_text
from ncp.ledger import history
from ncp.ledger.compiled import CompiledTask, CompiledTiming
from ncp.ledger.saving import save_compiled
from ncp.ledger.schema import connect

if TYPE_CHECKING:
    from _sqlite3 import Connection

PACKAGE = Path(ncp.__file__).parent
FIRE = [sys.executable, "-I", "-S", str(PACKAGE / "fire.py")]
EVERY_MINUTE = ((1 << 60) - 1, (1 << 24) - 1, (1 << 32) - 2, (1 << 13) - 2, 127, 1)
HOURLY = (1, *EVERY_MINUTE[1:])
NOON = 28_999_440
"""A minute since the epoch: 2025-02-19 at noon, UTC."""


def this_minute() -> int:
    return int(time.time() // 60)


def keep_clear_of_the_turn(seconds: float = 15) -> None:
    """Wait where the minute has less left: a slot that came meanwhile would be claimed, too."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left + 0.1)


def task(name: str, *argv: str, **values: Any) -> CompiledTask:
    """A task of timing `t` whose id is its name."""
    defaults: dict[str, Any] = {"env": {"PATH": "/usr/bin:/bin"}, "timing_id": "t"}
    return CompiledTask(id=name, name=name, argv=argv or ("true",), **{**defaults, **values})


def shell(name: str, script: str, **values: Any) -> CompiledTask:
    return task(name, "sh", "-c", script, **values)


def once(at: int | None = None) -> CompiledTiming:
    """A timing with one slot only, so that no test depends on when a minute turns."""
    return CompiledTiming(id="t", identity="once", at=this_minute() if at is None else at)


def recurring(rule: tuple[int, ...] = EVERY_MINUTE, *, since: int = NOON - 1) -> CompiledTiming:
    masks: Any = (rule,)
    return CompiledTiming(id="t", identity=str(rule), rules=masks, since=since)


def save(
    home: Path, timing: CompiledTiming, *tasks: CompiledTask, since: int | None = None, **meta: str
) -> Connection:
    """Fill the home's compiled copy and return its ledger; `since` is a minute before the slot."""
    for position, one in enumerate(tasks):
        one.position = position
    book = connect(str(home))
    prints = {"document": fingerprint.document(str(home)), "zone": fingerprint.zone()}
    start = (timing.at or timing.since + 1) - 1 if since is None else since
    save_compiled(book, [timing], tasks, {**prints, **meta}, start)
    return book


def statuses(book: Connection) -> dict[str, object]:
    """The status of each task's newest execution, by task id."""
    rows = reversed(history.executions(book, limit=1000))
    return {str(row["taskId"]): row["status"] for row in rows}


def rows(book: Connection, task_id: str) -> list[dict[str, object]]:
    """A task's executions, oldest first."""
    return history.executions(book, task_id=task_id)[::-1]


def printed_by(row: dict[str, object]) -> str:
    """What an execution printed, on both streams."""
    pieces = printed.pieces(Path(str(row["outputPath"])))
    return b"".join(data for _, data in pieces).decode()


def install_launcher(home: Path, package: Path = PACKAGE, command: str = "") -> Path:
    """Write the home's real launcher."""
    path = home / "bin" / "ncp"
    path.parent.mkdir(exist_ok=True)
    path.write_text(launcher_text(str(home), sys.executable, str(package), command, "linux"))
    return path


def fake_ncp(home: Path, script: str) -> None:
    """Put a shell script where the launcher is: it sees `$1` and notes it in `calls`."""
    path = home / "bin" / "ncp"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\necho "$@" >> "{home}/calls"\n{script}\n')


def calls(home: Path) -> list[str]:
    """What the fake ncp was called with."""
    return (home / "calls").read_text().splitlines() if (home / "calls").exists() else []


def day_log(home: Path) -> str:
    """Everything in the daily logs."""
    return "".join(path.read_text() for path in sorted((home / "logs").glob("*.log")))


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Any, seconds: float = 10) -> None:
    """Wait until a condition holds, or fail."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
