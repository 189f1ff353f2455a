"""Write the compiled copy, of which a firing only reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import guard
from ncp.ledger.compiled import NUMBERS, TASK
from ncp.ledger.rows import replace_rows
from ncp.ledger.schema import Transaction

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ncp.ledger.compiled import CompiledTask, CompiledTiming

_TIMING = ("id", "identity", "at", "rules", "offsets", "every", "since")


def save_compiled(
    connection: Connection,
    timings: Iterable[CompiledTiming],
    tasks: Iterable[CompiledTask],
    meta: Mapping[str, str],
    now: int,
) -> None:
    """Replace the compiled copy in one transaction; `now` is the UTC minute.

    Tasks keep the order in which they are given: that of their row ids.

    A timing whose id was there with the same identity keeps its `since`, but for one in
    the future, which a clock that was ahead has left; a new or changed one starts at
    `now`. `meta` is merged into what is there: the runner reads "document", "zone"
    (fingerprints), "concurrency", "home_concurrency", "retention" and "output_limit_bytes".
    """
    with Transaction(connection):
        known = dict(connection.execute("SELECT id || char(0) || identity, since FROM timings"))
        known = {key: since if since <= now else now - 1 for key, since in known.items()}
        due = [(*_timing_row(t), known.get(f"{t.id}\0{t.identity}", now)) for t in timings]
        replace_rows(connection, "timings", _TIMING, due, order="id")
        replace_rows(connection, "tasks", TASK, [_task_row(task) for task in tasks], order="rowid")
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())


def _timing_row(timing: CompiledTiming) -> tuple[object, ...]:
    rules, offsets = guard.dumps(timing.rules), guard.dumps(timing.offsets)
    every = "" if timing.every == guard.ALWAYS else guard.dumps((timing.every,))
    return timing.id, timing.identity, timing.at, rules, offsets, every


def _task_row(task: CompiledTask) -> list[object]:
    row: dict[str, Any] = {name: getattr(task, name) for name in TASK}
    row["argv"] = _joined(task.argv)
    for name in ("env", "own"):
        row[name] = _joined(f"{key}={value}" for key, value in row[name].items())
    if task.env_file is not None:
        row["env_file"] = task.env_file.encode("utf-8", "surrogateescape")
    for name in NUMBERS:
        row[name] = guard.dumps([row[name]])
    row["after"] = ";".join(f"{outcome} {task_id}" for outcome, task_id in task.after)
    if task.cwd is not None and not task.cwd.isascii():
        row["cwd"] = task.cwd.encode("utf-8", "surrogateescape")  # a path is bytes
    return list(row.values())


def _joined(texts: Iterable[str]) -> bytes:
    """Join with NUL, which no argument can hold; bytes that are no UTF-8 survive."""
    return b"".join(text.encode("utf-8", "surrogateescape") + b"\0" for text in texts)
