"""What can be answered at once: short questions about a home that a full look found in order.

Such a look notes a seal in the ledger (`ncp.fingerprint.seal`), and each change
leaves one. While it holds, the ledger knows all that is asked here, and neither
the document nor a library is loaded. Whatever else is typed, or found, is left
to the door: None, before anything is printed.
"""

from __future__ import annotations

import os
import sys
import time

from ncp import __version__, fingerprint, references
from ncp.cli import output, tables
from ncp.errors import DONE, NcpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Sequence
    from typing import Any

NEAR_MINUTES = 5 * 366 * 24 * 60
"""The compiled copy knows the offsets of zones for ten years."""


def answer(argv: Sequence[str]) -> int | None:
    """Answer and return the exit code, or None where that takes more."""
    if "_NCP_COMPLETE" in os.environ:
        return None
    if argv == ["--version"]:
        output.data(f"ncp-scheduler {__version__}")
        return DONE
    ask = ASKED.get(" ".join(argv[:2]))
    options = None if ask is None else _options(argv[2:])
    if ask is None or options is None:
        return None
    show = _asked(ask, options)
    if show is None:
        return None
    show()
    return DONE


def _options(words: Sequence[str]) -> dict[str, str] | None:
    """Read the plain forms of options; None for any other, and for what comes twice."""
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name = {"-n": "--limit"}.get(word, word)
        if name in {"--limit", "--status"} and rest:
            value = rest.pop(0)
        elif name == "--json":
            value = ""
        elif not word.startswith("-"):
            name, value = "TASK", word
        else:
            return None
        if name in found:
            return None
        found[name] = value
    return found


def _asked(
    ask: Callable[[Connection, dict[str, str]], Callable[[], None] | None], options: dict[str, str]
) -> Callable[[], None] | None:
    """Ask the ledger; what goes wrong is for the door to say."""
    from _sqlite3 import Error  # noqa: PLC0415  3 ms, and `--version` needs none of it

    try:
        connection = _opened()
        return None if connection is None else ask(connection, options)
    except (Error, NcpError, OSError, ValueError):
        return None


def _opened() -> Connection | None:
    """Open the ledger of a sealed home in which no change is under way."""
    home = os.path.realpath(os.environ.get("NCP_HOME") or os.path.expanduser(DEFAULT))  # noqa: PTH111  pathlib costs 9 ms
    if "~" in home or not os.path.exists(f"{home}/state.db"):  # noqa: PTH110  same
        return None
    if os.path.lexists(f"{home}/jobs.json"):  # to be told of
        return None
    from ncp.ledger import glance  # noqa: PLC0415  see above
    from ncp.ledger.schema import connect  # noqa: PLC0415  see above

    connection = connect(home)
    meta = glance.meta(connection)
    now = {
        "seal": fingerprint.seal(home, sys.executable, __version__),
        "document": fingerprint.document(home),
        "zone": fingerprint.zone(),
    }
    held = now["seal"] and all(meta.get(key) == value for key, value in now.items())
    in_order = held and not meta.get("pending") and not glance.is_busy(connection)
    return connection if in_order else None


def _executions(connection: Connection, options: dict[str, str]) -> Callable[[], None] | None:
    from ncp.ledger import history  # noqa: PLC0415  only here

    limit, status = options.get("--limit", "20"), options.get("--status")
    if not limit.isdecimal() or int(limit) < 1 or status not in {None, *tables.OUTCOMES}:
        return None
    subject = _subject(connection, options["TASK"]) if "TASK" in options else {}
    if subject is None:
        return None
    found = history.executions(connection, status=status, limit=int(limit), **subject)

    if "--json" in options:
        return lambda: output.as_json({"executions": found})
    rows = tables.executions(found, _clock(), _second)
    return (lambda: output.table(tables.EXECUTIONS, rows)) if rows else None


def _subject(connection: Connection, reference: str) -> dict[str, Any] | None:
    """Find the one timing or task that is meant; None where it is none, or not only one."""
    # The ledger escapes what is no text, and knows no tags.
    if "\\" in reference or reference.startswith("tag:"):
        return None
    from ncp.ledger import glance  # noqa: PLC0415  only here

    tasks, timings = glance.references(connection)
    found, timing = references.meant(tasks, timings, reference)
    if timing:
        return None if found else {"timing_id": timing}
    return {"task_id": found[0]} if len(found) == 1 else None


def _list(connection: Connection, options: dict[str, str]) -> Callable[[], None] | None:
    from ncp.ledger import glance  # noqa: PLC0415  see above

    status = options.get("--status")
    if not {"--status"}.issuperset(options) or status not in {None, *tables.STATUSES}:
        return None
    due = _due(connection)
    found = glance.tasks(connection, status, int(time.time()))
    if due is None or not found or any(row[6] for row in found):  # another column, other slots
        return None
    clock = _clock()
    lasts = {second: clock(second) for second in {row[4] for row in found}}
    nexts = {second: clock.coming(second) for second in {None, *due.values()}}
    names, _ = glance.references(connection)
    short = tables.short_ids([row[0] for row in names], [*(row[1] for row in names), *due])
    rows = [
        (
            name,
            timing,
            state,
            lasts[last],
            result,
            nexts[due[timing] if state == "active" else None],
            short[id_],
        )
        for id_, name, timing, state, last, result, _ in found
    ]
    return lambda: output.table(tables.TASKS, rows, keep=tables.KEPT)


def _due(connection: Connection) -> dict[str, int | None] | None:
    """Find the next slots in epoch seconds, by timing; None where only the calendar knows one."""
    from ncp.ledger.compiled import compiled_timings  # noqa: PLC0415  only here

    now, due = int(time.time() // 60), {}
    for timing in compiled_timings(connection):
        slot = timing.following(now)
        if timing.at is None and (slot is None or slot - now >= NEAR_MINUTES):
            return None
        due[timing.id] = None if slot is None else slot * 60
    return due


def _clock() -> tables.Clock:
    return tables.Clock(
        lambda second, form: time.strftime(form, time.localtime(second)), time.time()
    )


def _second(instant: str | None) -> float | None:
    from datetime import datetime  # noqa: PLC0415  2 ms

    return None if instant is None else datetime.fromisoformat(instant).timestamp()


ASKED = {"schedule list": _list, "schedule executions": _executions}
DEFAULT = "~/.ncp/scheduler"
