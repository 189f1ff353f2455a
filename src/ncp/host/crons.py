"""Which cron the machine's `crontab` belongs to, whether or not its daemon runs.

By what stands beside it, which costs nothing; where that does not tell, by what it says.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ncp.host import survey
from ncp.model import Command

MULTICALL = ("busybox", "bbsuid")
"""Programs with many names; Alpine's `crontab` is a link to the second, which is setuid."""
GENERATOR = "lib/systemd/system-generators/systemd-crontab-generator"
BESIDE = (
    ("sbin/bcron-sched", "bcron"),
    (GENERATOR, "systemd-cron"),
    (f"../{GENERATOR}", "systemd-cron"),
    ("sbin/cron", "vixie"),
)
"""Files in the folder above that of `crontab`, and whose they are."""
WORDS = (
    ("cronie", "cronie"),
    ("BusyBox", "busybox"),
    ("mcron", "mcron"),
    ("crontab -d", "dcron"),
    ("per 1003.2", "vixie"),
)
"""What is found in the answer to `crontab -V`: a version, or how it is to be used."""


def named() -> str:
    """Name the cron (a key of `targets.cron.daemons.CRONS`); empty where it is another, or none."""
    program = shutil.which("crontab")
    if program is None:
        return "mcron" if shutil.which("mcron") else ""
    real = Path(os.path.realpath(program))
    if real.name.startswith(MULTICALL):
        return "busybox"
    for path, name in BESIDE:
        if (real.parent.parent / path).exists():
            return name
    return _said()


def _said() -> str:
    answer = survey.run(Command(("crontab", "-V")))
    words = answer.stdout + answer.stderr
    return next((name for text, name in WORDS if text in words), "")
