"""A timing to an artifact of a target, with what the proof has shown of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import proof, targets
from ncp.proof import intervals
from ncp.targets import covering

if TYPE_CHECKING:
    from ncp.model import Artifact, Host, Proof, Timing


def compile_timing(timing: Timing, name: str, host: Host) -> Artifact:
    """Compile a timing, read the artifact back and claim only what the proof shows.

    An interval is compiled as the calendar around it, which is proven to hold all
    of its slots. Raises SchedulerError where the artifact would miss a due minute.
    """
    chosen, calendar = targets.target(name), covering.plain(timing, host.zone, host.now)
    artifact = chosen.emit(calendar, host)
    readings = chosen.read(artifact, host)
    found = proof.prove(artifact, readings, host)
    idle = intervals.idle(timing, calendar, host.zone, host.now)
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
    return replace(targets.target(name).emit(calendar, host), timing=timing)


def _less(found: Proof, idle: int, *, keeps: bool) -> Proof:
    """Take from the due minutes those of the calendar around an interval that are no slots.

    A scheduler that keeps the interval by itself does not wake for them either.
    """
    if keeps:
        return replace(found, due=found.due - idle, wakes=found.wakes - idle)
    return replace(found, due=found.due - idle, stray=found.stray + idle)
