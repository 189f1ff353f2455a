"""What the machine of a test has: its programs without a scheduler, and no daemons that run.

Each test adds what it is about. Without this, a test would take what the machine that runs it
happens to have: a desktop runs cron, a container does not.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ncp import targets

SCHEDULERS = {*targets.TOOLS, "mcron", "crond"}


@cache
def programs() -> str:
    """A folder for PATH with all programs of the system but those of schedulers."""
    folder = Path(tempfile.mkdtemp(prefix="ncp-programs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for place in os.defpath.split(os.pathsep):
        for program in Path(place).glob("*"):
            here = folder / program.name
            if program.name not in SCHEDULERS and not here.is_symlink():
                here.symlink_to(program)
    return str(folder)
