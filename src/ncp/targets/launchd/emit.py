"""A timing to a launchd agent: one property list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from ncp.cron import calendar
from ncp.cron.zones import instant
from ncp.errors import HomeError
from ncp.model import Artifact, Command, File, Rule
from ncp.rendering import render
from ncp.targets import changes, zones
from ncp.targets.contract import header
from ncp.targets.launchd.intervals import intervals
from ncp.targets.launchd.names import domain, label, path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ncp.model import Host, Recurrence, Timing

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry, not even escaped."""


def emit(timing: Timing, host: Host) -> Artifact:
    """Compile a timing into `~/Library/LaunchAgents/<label>.plist`."""
    name = label(timing.id, host)
    file = path(timing.id, host)
    text = render(
        "launchd.plist.j2",
        header=re.sub("-(?=-)", "- ", header(timing)),  # no `--` inside an XML comment
        label=_text(name),
        launcher=_text(host.launcher),
        id=_text(timing.id),
        intervals=intervals(_rules(timing, host)),
    )
    return Artifact(
        target="launchd",
        timing=timing,
        files=(File(file, text),),
        load=(Command(("launchctl", "bootstrap", domain(host), file)),),
        unload=(Command(("launchctl", "bootout", f"{domain(host)}/{name}")),),
    )


def _rules(timing: Timing, host: Host) -> Sequence[Rule]:
    """The rules on the wall clock of the machine, the only clock that launchd knows."""
    recurrence = timing.recurrence
    if recurrence.at is not None:
        return [_once(calendar.local(recurrence.at, host.zone))]
    if zones.same_clock(timing.zone, host.zone, host.now):
        return [*recurrence.rules, *_after_jumps(recurrence, host)]
    return zones.superset(recurrence, timing.zone or host.zone, host.zone, host.now)


def _once(at: datetime) -> Rule:
    """Launchd has no years: a one-off wakes on its date until its entry is removed."""
    return Rule((at.minute,), (at.hour,), (at.day,), (at.month,), None, "wall")


def _after_jumps(recurrence: Recurrence, host: Host) -> list[Rule]:
    """Wake right after the clock has skipped a due time, on every date that this can happen."""
    slots = changes.slots(recurrence, host.zone, host.zone, host.now, ("gap",))
    days: dict[Rule, set[int]] = {}
    for slot in slots:
        at = calendar.local(instant(slot), host.zone)
        days.setdefault(replace(_once(at), days=None), set()).add(at.day)
    return [replace(rule, days=tuple(sorted(some))) for rule, some in days.items()]


def _text(value: str) -> str:
    """Escape a value for XML; HomeError where XML has no way to say it."""
    if NOT_XML.search(value):
        raise HomeError(
            "This path holds a character that a property list cannot carry.",
            where=ascii(value),
            next_step="Set NCP_HOME to a folder whose name has no control characters.",
        )
    return escape(value)
