"""Wanted artifacts onto the machine: compile, look, plan, carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ncp import compiler, planning, targets
from ncp.applying import choosing
from ncp.errors import MovedError, SchedulerError
from ncp.host import observe, perform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ncp.model import Artifact, Changes, Entry, Finding, Host, Observed, Schedule, Timing
    from ncp.targets.contract import Target


ATTEMPTS = 3
"""How often to look and to write, where somebody else changes the same table meanwhile."""


class Installed(NamedTuple):
    """What was changed, the advice of steps that were allowed to fail, and why nothing fires."""

    changes: Changes
    advice: list[str]
    idle: Finding | None


def live_timings(schedule: Schedule) -> list[Timing]:
    """The timings that need an entry: those with an active task."""
    return [
        timing
        for timing in schedule.timings.values()
        if any(schedule.tasks[task].status == "active" for task in timing.task_ids)
    ]


def artifacts(schedule: Schedule, name: str, host: Host) -> list[Artifact]:
    """Compile every live timing; SchedulerError where one cannot be said safely."""
    return [compiler.compile_timing(timing, name, host) for timing in live_timings(schedule)]


def plan(wanted: Iterable[Artifact], name: str, host: Host) -> tuple[Changes, Observed]:
    """Compare the wanted artifacts with what is installed."""
    target = targets.target(name)
    return _compared(target.wanted(list(wanted), host), target, host)


def _compared(entries: Iterable[Entry], target: Target, host: Host) -> tuple[Changes, Observed]:
    observed = observe(target.survey(host))
    return planning.plan(entries, target.found(observed, host)), observed


def install(
    wanted: Iterable[Artifact], name: str, host: Host, first: Callable[[], None] | None = None
) -> Installed:
    """Install the wanted artifacts and remove this home's other entries.

    `first` is called before the first step. Raises SchedulerError with the tool's own words.
    """
    target, wanted = targets.target(name), list(wanted)
    entries = target.wanted(wanted, host)
    changes, observed = _compared(entries, target, host)
    left, advice = changes, list[str]()
    for attempt in range(1, ATTEMPTS + 1):
        if left.empty:
            break
        steps = target.deploy(left, observed, host)
        if first is not None and attempt == 1:
            first()
        try:
            advice = perform(steps)
        except MovedError:
            if attempt == ATTEMPTS:
                raise
        left, observed = _compared(entries, target, host)
    _require_there(left, name)
    return Installed(changes, advice, target.idle(observed, host) if wanted else None)


def holds(name: str, host: Host) -> bool:
    """Tell whether a target shows entries of this home; one that cannot be used may show none."""
    try:
        return not plan([], name, host)[0].empty
    except SchedulerError:
        return choosing.available(name, host).usable


def shown(name: str, host: Host) -> list[str]:
    """Name the entries of a home that a target shows; none where it cannot be asked."""
    try:
        return [entry.key for entry in plan([], name, host)[0].remove]
    except SchedulerError:
        return []


def require_leavable(name: str, host: Host) -> None:
    """Refuse to leave what would go on firing, before anything is changed.

    A target that cannot even be asked keeps nobody from leaving it.
    """
    try:
        changes, observed = plan([], name, host)
    except SchedulerError:
        return
    targets.target(name).deploy(changes, observed, host)


def _require_there(left: Changes, name: str) -> None:
    """Look again: a tool that answers well has not always done what it was told."""
    lost = [entry.key for entry in (*left.add, *left.change)]
    if lost:
        raise SchedulerError(
            "The scheduler's tools answered well, but the entry is not there.",
            where=f"{name}: {', '.join(lost)}",
            next_step="Run: ncp doctor",
        )
