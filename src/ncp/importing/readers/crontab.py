"""A crontab, as Debian's cron reads it (crontab(5)): one item for each line that runs something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.importing.items import Found, Item

if TYPE_CHECKING:
    from ncp.importing.items import Options
    from ncp.importing.opening import Opened

FORMAT = "crontab"
_ENTRY = re.compile(
    r"[ \t]*(?P<schedule>@\w+|(?:[^ \t\n]+[ \t]+){4}[^ \t\n]+)[ \t]+(?P<command>.+)"
)
_FIRST = re.compile(r"[ \t]*(@[a-z]+|[0-9*,/-]+([ \t]+[0-9A-Za-z*,/-]+){4})[ \t]+[^ \t]")
CRON_PATH = "/usr/bin:/bin"


def recognises(opened: Opened) -> bool:
    """Tell whether some line has five fields and a command, or a macro and one."""
    named = opened.path == "/etc/crontab" or opened.path.startswith("/etc/cron.d/")
    return named or any(map(_FIRST.match, opened.loose.split("\n")))


def read(opened: Opened, options: Options) -> Found:
    """List the lines of a crontab."""
    items = []
    for number, line in enumerate(opened.loose.split("\n"), 1):
        match = _ENTRY.fullmatch(line)
        if match and not line.lstrip().startswith("#"):
            items.append(_item(number, match["schedule"], match["command"], options))
    return Found(tuple(items))


def _item(number: int, schedule: str, command: str, options: Options) -> Item:
    return Item(
        place=f"line {number}",
        name=command[:60],
        origin=f"crontab:{schedule} {command}",
        schedule=schedule,
        line=number,
        values={
            "command": (command,),
            "shell": True,
            "timeout_seconds": 0,
            "overlap": "allow",
            "working_directory": options.host.user_home,
            "captured_environment": {"PATH": CRON_PATH},
        },
    )
