"""The registry of targets: one row each, in the order of preference."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.model import System
    from ncp.targets.contract import Target


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of a target before it is loaded."""

    title: str
    """How it is called in words."""
    tools: tuple[str, ...] = ()
    """The programs it is driven with, looked up on PATH for `Host.tools`; the first is needed."""
    systems: tuple[System, ...] = ()
    """Where it is at home, its own system first; none are named where that is everywhere."""


TARGETS: dict[str, Listing] = {
    "systemd": Listing("systemd user timers", ("systemctl", "loginctl"), ("linux",)),
    "launchd": Listing("launchd agents of the login session (macOS)", ("launchctl",), ("darwin",)),
    "schtasks": Listing("Windows Task Scheduler", ("schtasks",), ("windows",)),
    "cron": Listing("the user's crontab", ("crontab",), ("linux", "darwin")),
    "embedded": Listing("ncp daemon run, in the foreground"),
}
NAMES = tuple(TARGETS)
TOOLS = frozenset(tool for listing in TARGETS.values() for tool in listing.tools)


def listing(name: str) -> Listing:
    """Find the row of a target by its name."""
    if name not in TARGETS:
        raise InputError(
            f'"{name}" is not a target.',
            where="--target",
            next_step=f"The targets are {', '.join(NAMES)}.",
        )
    return TARGETS[name]


def target(name: str) -> Target:
    """Find a target by name; only the one that is asked for is imported."""
    listing(name)
    return cast("Target", import_module(f"ncp.targets.{name}").TARGET)
