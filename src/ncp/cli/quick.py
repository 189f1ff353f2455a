"""What can be answered at once: short questions about a home that a full look found in order.

The ledger answers (`ncp.api.at_once`). Whatever else is typed, or found, is left to the door:
None, before anything is printed.
"""

from __future__ import annotations

import os
import time

from ncp import __version__
from ncp.cli import output, tables
from ncp.errors import DONE, NcpError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
    try:
        show = ask(options)
    except (NcpError, OSError, ValueError):
        return None  # the door says what is wrong
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


def _executions(options: dict[str, str]) -> Callable[[], None] | None:
    from ncp.api import at_once  # noqa: PLC0415  `--version` needs none of it

    limit, status = options.get("--limit", "20"), options.get("--status")
    if not limit.isdecimal() or int(limit) < 1 or status not in {None, *tables.OUTCOMES}:
        return None
    found = at_once.executions(options.get("TASK"), status, int(limit))
    if found is None:
        return None
    if "--json" in options:
        return lambda: output.as_json({"executions": found})
    rows = tables.executions(found, _clock(), _second)
    return (lambda: output.table(tables.EXECUTIONS, rows)) if rows else None


def _list(options: dict[str, str]) -> Callable[[], None] | None:
    from ncp.api import at_once  # noqa: PLC0415  see above

    status = options.get("--status")
    if not {"--status"}.issuperset(options) or status not in {None, *tables.STATUSES}:
        return None
    answered = at_once.tasks(status)
    if answered is None or not answered[0]:
        return None
    found, due, names = answered
    clock = _clock()
    lasts = {second: clock(second) for second in {row[4] for row in found}}
    nexts = {second: clock.coming(second) for second in {None, *due.values()}}
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
        for id_, name, timing, state, last, result in found
    ]
    return lambda: output.table(tables.TASKS, rows, keep=tables.KEPT)


def _clock() -> tables.Clock:
    return tables.Clock(
        lambda second, form: time.strftime(form, time.localtime(second)), time.time()
    )


def _second(instant: str | None) -> float | None:
    from datetime import datetime  # noqa: PLC0415  2 ms

    return None if instant is None else datetime.fromisoformat(instant).timestamp()


ASKED = {"schedule list": _list, "schedule executions": _executions}
