"""The fixture machines. Their homes live at hostile paths, on purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ncp.cron import expression
from ncp.model import Host, System, Timing
from ncp.targets import TARGETS

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)

LINUX = Host(
    system="linux",
    user="ann",
    uid=1000,
    user_home="/home/ann",
    config_home="/home/ann/.config",
    home="/opt/n & c/100%/ncp",
    tag="1a2b3c4d",
    zone="Europe/Berlin",
    now=NOW,
    tools=frozenset({"systemctl", "loginctl", "crontab"}),
    processes=frozenset({"cron"}),
    cron="vixie",
)
DEFAULT_HOME = replace(LINUX, home="/home/ann/.ncp/scheduler", tag="")
MAC = replace(
    LINUX,
    system="darwin",
    uid=501,
    user_home="/Users/ann",
    config_home="/Users/ann/.config",
    tools=frozenset({"launchctl", "crontab"}),
    cron="",
)
WINDOWS = replace(
    LINUX,
    system="windows",
    uid=0,
    user_home="C:\\Users\\ann",
    config_home="C:\\Users\\ann\\AppData\\Roaming",
    home="C:\\Users\\n & c\\100%\\ncp",
    tools=frozenset({"schtasks"}),
    processes=frozenset(),
    cron="",
)
MACHINES: dict[System, Host] = {"linux": LINUX, "darwin": MAC, "windows": WINDOWS}
HOSTS = {name: MACHINES[(row.systems or ("linux",))[0]] for name, row in TARGETS.items()}
"""A machine for each target."""


def timing(
    cron: str,
    *,
    id: str = "weekdays-9am",  # noqa: A002  the field's own name
    name: str = "Weekdays at 9:00 AM",
    zone: str | None = None,
) -> Timing:
    """A timing of one task with that expression."""
    return Timing(id=id, name=name, recurrence=expression.parse(cron), zone=zone, task_ids=("t1",))
