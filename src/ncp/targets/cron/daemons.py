"""The crons there are: what each one's tools say, and what its daemon can read.

Facts measured with the real programs (docs/targets.md, "cron"); those of dcron and of
mcron's own `crontab` are from their sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.model import Host


@dataclass(frozen=True, slots=True)
class Cron:
    """One implementation of cron.

    `reboot`: its daemon reads `@reboot` lines as cron(8) says. `lists`: its `crontab -l` shows
    some bytes as others, so an editor is asked for the table. `by_seconds`: its daemon compares
    whole seconds to see that a table is new. `asks`: who says whether it runs where no process
    of its own does. `start` is the command that starts it.
    """

    title: str = "a cron daemon"
    reboot: bool = False
    lists: bool = False
    by_seconds: bool = False
    install: tuple[str, ...] = ("crontab", "-")
    remove: tuple[str, ...] = ("crontab", "-r")
    asks: tuple[str, ...] = ()
    start: str = "sudo service cron start"


UNKNOWN = Cron()
CRONS: Mapping[str, Cron] = {
    "vixie": Cron("Debian's cron", reboot=True, lists=True, by_seconds=True),
    "cronie": Cron("cronie", reboot=True, start="sudo service crond start"),
    # A line with @reboot or @daily ends its daemon.
    "busybox": Cron("busybox crond", start="sudo crond"),
    # Its crontab knows no "-", and is not setuid, so it may open /dev/stdin.
    "bcron": Cron(
        "bcron", install=("crontab", "/dev/stdin"), start="sudo service bcron-sched start"
    ),
    "systemd-cron": Cron(
        "systemd-cron",
        asks=("systemctl", "is-active", "cron.target"),
        start="sudo systemctl start cron.target",
    ),
    "dcron": Cron("dcron", remove=("crontab", "-d"), start="sudo service dcron start"),
    "mcron": Cron("mcron", start="sudo service mcron start"),
}
"""By the name that `Host.cron` has for it."""
DAEMONS = frozenset({"cron", "crond", "bcron-sched", "mcron"})
"""The processes that read the users' tables."""
_NO_TABLE = re.compile(
    r"no crontab for|crontab: can't open '[^/']+': No such file or directory"
    r"|Crontab does not exist",
    re.IGNORECASE,
)


def of(host: Host) -> Cron:
    """The cron of a machine; what every cron can do, where it is none of these."""
    return CRONS.get(host.cron, UNKNOWN)


def says_no_table(words: str) -> bool:
    """Tell whether `crontab -l` said that the user has no table, and nothing else.

    BusyBox says it as the lack of a file of the user's name; a missing folder is named in full,
    and is trouble.
    """
    return _NO_TABLE.search(words) is not None
