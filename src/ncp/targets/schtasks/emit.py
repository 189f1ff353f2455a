"""A timing to a task definition of Task Scheduler: one XML file, loaded by schtasks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ncp.cron.zones import instant, minutes
from ncp.errors import HomeError
from ncp.model import Artifact, Command, File
from ncp.rendering import render
from ncp.targets import changes, zones
from ncp.targets.contract import header
from ncp.targets.schtasks.names import path, task
from ncp.targets.schtasks.times import Times, hulls, pieces, progressions
from ncp.targets.schtasks.triggers import MOST, Days, Trigger, triggers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Host, Rule, Timing
    from ncp.targets.changes import Kind

UNSAFE = re.compile('["\x00-\x1f\ufffe\uffff]|%.*%|\\$\\(', re.DOTALL)
"""What cmd or Task Scheduler would read as its own inside quotes: a quotation mark,
`%name%`, `$(Arg0)`; and what XML cannot carry."""


def emit(timing: Timing, host: Host) -> Artifact:
    r"""Compile a timing into the task `\ncp\<id>`."""
    name, file = task(timing.id, host), path(timing.id, host)
    once, often = _triggers(timing, host)
    line = header(timing)
    text = render(
        "schtasks.xml.j2",
        comment=re.sub("-(?=-)", "- ", line),  # no `--` inside an XML comment
        description=escape(line),
        uri=escape(name),
        once=once,
        triggers=often,
        stamp=_stamp,
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


def _triggers(timing: Timing, host: Host) -> tuple[list[Times], list[Trigger]]:
    """What comes at instants, and what comes again and again."""
    recurrence, zone = timing.recurrence, timing.zone or host.zone
    if recurrence.at is not None:
        return [Times(minutes(recurrence.at))], []
    utc = _in_utc(timing, host)
    if utc:
        return [], utc
    rules = recurrence.rules
    if not zones.same_clock(timing.zone, host.zone, host.now):
        rules = zones.superset(recurrence, zone, host.zone, host.now)
    return _together(_at_changes(timing, host), rules)


def _together(slots: Sequence[int], rules: Sequence[Rule]) -> tuple[list[Times], list[Trigger]]:
    """Spend as many triggers on the changes as leaves the rest as it is."""
    few, many = hulls(slots), pieces(slots)
    often = triggers(rules, MOST - len(few))
    return (many if len(many) + len(often) <= MOST else few), often


def _in_utc(timing: Timing, host: Host) -> list[Trigger]:
    """Repeat round the clock from an instant on, where clocks change; else nothing."""
    recurrence, zone = timing.recurrence, timing.zone or host.zone
    rule = changes.in_utc(recurrence, zone, host.now)
    if rule is None or not any(changes.jumps(z, host.now) for z in (zone, host.zone)):
        return []
    found = [Trigger(Days(), times, utc=True) for times in progressions(rule)]
    endless = all(trigger.times.round_the_clock for trigger in found)
    return found if endless and len(found) <= MOST else []


def _at_changes(timing: Timing, host: Host) -> tuple[int, ...]:
    """The slots where the machine's clock changes.

    Microsoft documents what a weekly and a monthly trigger do where the clock
    jumps ahead, and nothing else about the changes; an instant needs no clock.
    """
    kinds: tuple[Kind, ...] = ("gap", "first", "second")
    zone = timing.zone or host.zone
    return changes.slots(timing.recurrence, zone, host.zone, host.now, kinds)


def _stamp(minute: int) -> str:
    return instant(minute).strftime("%Y-%m-%dT%H:%M:00Z")


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
