"""How values of a task, as its JSON has them, are said in a line for people."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ncp.model import Retries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIMITS = {
    "memoryMb": "{} MB of memory",
    "cpuSeconds": "{} s of CPU",
    "openFiles": "{} open files",
    "nice": "nice {}",
}


def command(found: Iterable[object]) -> str:
    """A program and its arguments, as a shell takes them."""
    return shlex.join(map(str, found))


def words(found: Iterable[str]) -> str:
    """Several words."""
    return ", ".join(found)


def deadline(seconds: float) -> str:
    """Seconds, of which 0 are none at all."""
    return f"{seconds:g} s" if seconds else "none"


def retries(found: Mapping[str, Any]) -> str:
    """How often, after what, and how long it waits between."""
    one = Retries(found["attempts"])
    delay, factor = found.get("delaySeconds", one.delay_seconds), found.get("backoff", one.backoff)
    cause = found.get("on", one.on)
    after = "failure or timeout" if cause == "both" else cause
    if one.attempts == 1:
        return f"1 more after {after}, {delay:g} s later"
    return (
        f"{one.attempts} more after {after}, first {delay:g} s later, then {factor:g} times as long"
    )


def limits(found: Mapping[str, Any]) -> str:
    """Those that there are."""
    return ", ".join(text.format(found[key]) for key, text in LIMITS.items() if key in found)


def active_hours(found: Mapping[str, Any]) -> str:
    """As `--active-hours` takes them."""
    return f"{','.join(found.get('days', ()))} {found['start']}-{found['end']}".strip()


def after(found: Iterable[Mapping[str, Any]]) -> str:
    """Each task and the outcome that is awaited."""
    return ", ".join(f"{one['task']} ({one.get('outcome', 'success')})" for one in found)
