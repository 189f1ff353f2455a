"""The registry of targets: one row each, in the order of preference."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ncp import proof
from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.model import Artifact, Host, Timing
    from ncp.targets.contract import Target

TARGETS: dict[str, tuple[str, ...]] = {
    "systemd": ("systemctl", "loginctl"),
    "launchd": ("launchctl",),
    "schtasks": ("schtasks",),
    "cron": ("crontab",),
    "embedded": (),
}
"""Each target and the programs it is driven with."""
NAMES = tuple(TARGETS)
TOOLS = frozenset(tool for tools in TARGETS.values() for tool in tools)


def target(name: str) -> Target:
    """Find a target by name; only the one that is asked for is imported."""
    if name not in NAMES:
        raise InputError(
            f'"{name}" is not a target.',
            where="--target",
            next_step=f"The targets are {', '.join(NAMES)}.",
        )
    return cast("Target", import_module(f"ncp.targets.{name}").TARGET)


def compile_timing(timing: Timing, name: str, host: Host) -> Artifact:
    """Compile a timing, read the artifact back and claim only what the proof shows.

    Raises SchedulerError where the artifact would miss a due minute.
    """
    chosen = target(name)
    artifact = chosen.emit(timing, host)
    found = proof.prove(artifact, chosen.read(artifact, host), host)
    return replace(
        artifact, exactness=found.exactness, extra_per_day=found.extra_per_day, proof=found
    )
