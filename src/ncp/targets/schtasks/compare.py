"""Whether a task in Windows is still the one that its definition asked for.

Windows rewrites a definition: it adds an author, a date, a user's SID, drops
comments, moves elements. So the two are compared by what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ncp.targets.schtasks.read import SCHEMA, parse, text_of, wakes

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULTS = {
    "AllowStartOnDemand": "true",
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "true",
    "StopIfGoingOnBatteries": "true",
    "AllowHardTerminate": "true",
    "StartWhenAvailable": "false",
    "RunOnlyIfNetworkAvailable": "false",
    "WakeToRun": "false",
    "Enabled": "true",
    "Hidden": "false",
    "ExecutionTimeLimit": "PT72H",
    "Priority": "7",
    "RunOnlyIfIdle": "false",
}
"""What a setting means where it is not written (Task Scheduler schema, settingsType)."""

LIMITS = {"StartBoundary": "", "ExecutionTimeLimit": "PT72H", "StopAtDurationEnd": "false"}
"""Parts of a trigger that `wakes` does not look at, with what they mean where not written."""


def same(definition: str, registered: str) -> bool:
    """Compare wake-ups, settings, action and rights; a text that is no task is another one."""
    try:
        return _meaning(parse(definition)) == _meaning(parse(registered))
    except (ET.ParseError, ValueError, KeyError):
        return False


def switched_off(registered: str) -> bool:
    """Tell whether somebody disabled the whole task."""
    try:
        return text_of(parse(registered), "Settings/Enabled", "true") in {"false", "0"}
    except ET.ParseError:
        return False


def _meaning(task: ET.Element) -> tuple[object, ...]:
    return (
        wakes(task),
        sorted(_limits(task)),
        {name: text_of(task, f"Settings/{name}", default) for name, default in DEFAULTS.items()},
        [
            (text_of(action, "Command"), text_of(action, "Arguments"))
            for action in task.iterfind(f"{SCHEMA}Actions/*")
        ],
        text_of(task, "Principals/Principal/LogonType"),
        text_of(task, "Principals/Principal/RunLevel", "LeastPrivilege"),
    )


def _limits(task: ET.Element) -> Iterator[tuple[str, str]]:
    """What else in triggers decides whether and how long they count."""
    for element in task.iterfind(f"{SCHEMA}Triggers//*"):
        text = (element.text or "").strip()
        if LIMITS.get(element.tag.removeprefix(SCHEMA), text) != text:
            yield element.tag, text
