"""`ncp _task-execute` of a tool task, without what makes the other commands slow to start.

Its process imports the SDK of MCP, which takes long enough.
"""

from __future__ import annotations

import gc
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(argv: Sequence[str]) -> int | None:
    """Call the tool and return the exit code; None for all other tasks, and where it is unclear."""
    home = os.environ.get("NCP_HOME", "")
    if len(argv) != 2 or not os.path.exists(f"{home}/state.db"):  # noqa: PTH110  pathlib costs 9 ms
        return None
    from ncp.errors import NcpError  # noqa: PLC0415  see above
    from ncp.ledger.compiled import compiled_task  # noqa: PLC0415  see above
    from ncp.ledger.schema import connect  # noqa: PLC0415  see above

    try:
        book = connect(home)
        task = compiled_task(book, argv[1])
    except NcpError:
        return None  # the whole program says what is wrong
    if task is None or not task.tool:
        return None
    gc.disable()  # a sixth of what it takes to import the SDK; `execution` puts it on again
    from ncp.mcp import execution  # noqa: PLC0415  only here

    return execution.run(book, task)
