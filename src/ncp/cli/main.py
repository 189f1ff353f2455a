"""The way in: what can be answered at once is, everything else goes through the door.

Each import here is paid for by every command.
"""

from __future__ import annotations

import sys

from ncp import errors
from ncp.cli import output, quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    output.make_usable()
    output.acted = False
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _answer(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        output.talk("Interrupted.")
        return errors.INTERRUPTED
    except BrokenPipeError:
        return errors.DONE  # the reader of our output went away (`ncp … | head`): that is no error
    except OSError as error:
        if output.acted:
            output.note(
                f"It is done, but what there was to print cannot be written: {error.strerror}."
            )
            return errors.DONE
        what = f"What was asked for cannot be written: {error.strerror}."
        output.error(what, next_step="Make room, or write it elsewhere.")
        return errors.BAD_INPUT
    finally:
        output.leave_nothing()
    return code


def _answer(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["_task-execute"]:
        from ncp.api import tool_task  # noqa: PLC0415  only here

        answered = tool_task.answer(arguments)
    else:
        answered = quick.answer(arguments)
    if answered is not None:
        return answered
    from ncp.cli import door  # noqa: PLC0415  25 ms of typer

    return door.enter(arguments)
