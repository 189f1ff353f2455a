"""A program: `dying.py N ARGUMENTS` is `ncp ARGUMENTS`, killed just before its Nth step.

A step is whatever a crash could separate from the one before: a file written or
renamed, a row in the ledger, a program run. With STEPS each is noted in the
file of that name.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp import files
from ncp.applying import changing
from ncp.cli import main
from ncp.host import survey
from ncp.ledger import baseline

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: tuple[tuple[Any, str], ...] = (
    (files, "write"),
    (Path, "replace"),
    (Path, "unlink"),
    (baseline, "add"),
    (changing, "save_compiled"),
    (changing, "set_meta"),
    (survey, "run"),
)


def mortal(name: str, deed: Callable[..., Any], life: list[None]) -> Callable[..., Any]:
    """Do as `deed` does as long as there is life left."""

    def wrapped(*arguments: Any, **options: Any) -> Any:
        if not life:
            os.kill(os.getpid(), signal.SIGKILL)
        life.pop()
        if "STEPS" in os.environ:
            with open(os.environ["STEPS"], "a") as log:  # noqa: PTH123  Path is what is watched
                log.write(f"{name} {arguments}\n")
        return deed(*arguments, **options)

    return wrapped


if __name__ == "__main__":
    left = [None] * int(sys.argv[1])
    for module, name in STEPS:
        setattr(module, name, mortal(name, getattr(module, name), left))
    sys.exit(main(sys.argv[2:]))
