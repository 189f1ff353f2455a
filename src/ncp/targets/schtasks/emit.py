"""A timing to a task definition of Task Scheduler: one XML file, loaded by schtasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ncp.errors import HomeError
from ncp.model import Artifact, Command, File
from ncp.rendering import render
from ncp.targets import zones
from ncp.targets.contract import header
from ncp.targets.schtasks.names import path, task
from ncp.targets.schtasks.triggers import triggers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Host, Rule, Timing
    from ncp.targets.schtasks.times import Times

UNSAFE = re.compile('["\x00-\x1f\ufffe\uffff]|%.*%|\\$\\(', re.DOTALL)
"""What cmd or Task Scheduler would read as its own inside quotes: a quotation mark,
`%name%`, `$(Arg0)`; and what XML cannot carry."""


def emit(timing: Timing, host: Host) -> Artifact:
    r"""Compile a timing into the task `\ncp\<id>`."""
    name, file = task(timing.id, host), path(timing.id, host)
    at = timing.recurrence.at
    line = header(timing)
    text = render(
        "schtasks.xml.j2",
        comment=re.sub("-(?=-)", "- ", line),  # no `--` inside an XML comment
        description=escape(line),
        uri=escape(name),
        once=at and at.strftime("%Y-%m-%dT%H:%M:00Z"),
        triggers=[] if at else triggers(_rules(timing, host)),
        clock=_clock,
        repetition=_repetition,
        arguments=escape(_arguments(timing.id, host)),
    )
    return Artifact(
        target="schtasks",
        timing=timing,
        files=(File(file, text, encoding="utf-16"),),
        load=(Command(("schtasks", "/Create", "/TN", name, "/XML", file, "/F")),),
        unload=(Command(("schtasks", "/Delete", "/TN", name, "/F")),),
    )


def _rules(timing: Timing, host: Host) -> Sequence[Rule]:
    """The rules on the wall clock of the machine: a task has no zone of its own."""
    if timing.zone in {None, host.zone}:
        return timing.recurrence.rules
    return zones.superset(timing.recurrence, timing.zone, host.zone, host.now)


def _arguments(timing_id: str, host: Host) -> str:
    """Have cmd run the launcher: /s takes off the outer quotes and no others."""
    if UNSAFE.search(host.launcher):
        raise HomeError(
            "cmd would not read this path as it stands.",
            where=ascii(host.launcher),
            next_step="Set NCP_HOME to a folder without two %, $( or quotation marks in its path.",
        )
    return f'/d /v:off /s /c ""{host.launcher}" _timing-run {timing_id}"'


def _clock(start: int) -> str:
    hour, minute = divmod(start, 60)
    return f"{hour:02}:{minute:02}:00"


def _repetition(times: Times) -> tuple[str, str]:
    """The interval, and a duration that ends after the last time and before one more.

    A duration of n intervals would start n + 1 times (Repeating a Task, Remarks).
    """
    beyond = 1 if times.interval > 1 else 0
    return _span(times.interval), _span((times.count - 1) * times.interval + beyond)


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest else "")
