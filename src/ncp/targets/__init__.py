"""The registry of targets: one row each, in the order of preference."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ncp import interval_proof, proof
from ncp.errors import InputError
from ncp.targets import covering

if TYPE_CHECKING:
    from ncp.model import Artifact, Host, Proof, Timing
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

    An interval is compiled as the calendar around it, which is proven to hold all
    of its slots. Raises SchedulerError where the artifact would miss a due minute.
    """
    chosen, calendar = target(name), covering.plain(timing, host.zone, host.now)
    artifact = chosen.emit(calendar, host)
    readings = chosen.read(artifact, host)
    found = proof.prove(artifact, readings, host)
    idle = interval_proof.idle(timing, calendar, host.zone, host.now)
    if idle:
        keeps = all(wakes.every == timing.recurrence.every for wakes in readings)
        found = _less(found, idle, keeps=keeps)
    return replace(
        artifact,
        timing=timing,
        exactness=found.exactness,
        extra_per_day=found.extra_per_day,
        proof=found,
    )


def drafted(timing: Timing, name: str, host: Host) -> Artifact:
    """Compile a timing without its proof: enough to tell whether its entry is there."""
    calendar = covering.plain(timing, host.zone, host.now)
    return replace(target(name).emit(calendar, host), timing=timing)


def _less(found: Proof, idle: int, *, keeps: bool) -> Proof:
    """Take from the due minutes those of the calendar around an interval that are no slots.

    A scheduler that keeps the interval by itself does not wake for them either.
    """
    if keeps:
        return replace(found, due=found.due - idle, wakes=found.wakes - idle)
    return replace(found, due=found.due - idle, stray=found.stray + idle)
