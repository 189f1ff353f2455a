"""Start programs, read what they print, and end them with all that they started.

One file per kind of operating system, with the same names in each.
"""

from __future__ import annotations

import os
import sys

from ncp.process.contract import Bounds, CannotStart

if sys.platform == "win32":
    from ncp.process.windows import (
        Apart,
        Child,
        Children,
        alive,
        close_inherited,
        contained,
        end_orphan,
        fill_streams,
        hear_signals,
        launcher,
        locked,
        me,
        most_children,
    )
else:
    from ncp.process.posix import (
        Apart,
        Child,
        Children,
        alive,
        close_inherited,
        contained,
        end_orphan,
        fill_streams,
        hear_signals,
        launcher,
        locked,
        me,
        most_children,
    )

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Apart",
    "Bounds",
    "CannotStart",
    "Child",
    "Children",
    "alive",
    "close_inherited",
    "contained",
    "end_orphan",
    "fill_streams",
    "hear_signals",
    "launcher",
    "locked",
    "me",
    "most_children",
    "run",
]

MOST_TEXT = 4096


def run(argv: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
    """Run a program to its end; return its exit code and the start of what it printed."""
    children = Children()
    text = b""
    try:
        child = children.spawn(argv, env, None)
        while not child.over:
            for _, _, data in children.wait(60):
                text = (text + data)[:MOST_TEXT]
            if children.stop:
                child.terminate()
    except CannotStart as error:
        return error.code, error.reason
    finally:
        children.close()
        if children.stop:  # it was not only for the program: whoever called this must stop too
            os.kill(os.getpid(), children.stop)
    return (1 if child.exit_code is None else child.exit_code), text.decode("utf-8", "replace")
