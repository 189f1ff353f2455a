"""The way in: what can be answered at once is, everything else goes through the door.

Each import here is paid for by every command.
"""

from __future__ import annotations

import os
import sys

from ncp import errors
from ncp.cli import output, quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    output.make_usable()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        answered = quick.answer(arguments)
        if answered is not None:
            return answered
        from ncp.cli import door  # noqa: PLC0415  25 ms of typer

        return door.enter(arguments)
    except KeyboardInterrupt:
        output.talk("Interrupted.")
        return errors.INTERRUPTED
    except BrokenPipeError:
        return _closed()


def _closed() -> int:
    """The reader of our output went away (`ncp … | head`): that is no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return errors.DONE
