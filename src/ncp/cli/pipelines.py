"""What people type to give a task steps and hooks, and what is said of them."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from ncp.cli import tables
from ncp.errors import InputError
from ncp.model import Hook, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEP = re.compile(r"(?:(?P<name>[\w.-]+):\s+)?(?P<text>\S.*)", re.DOTALL)
"""A word with a colon and a blank is a name: no program is called so."""

NOT_THERE = "not there now"


def steps(texts: Sequence[str] | None) -> tuple[Stage, ...] | None:
    """Read `NAME: COMMAND LINE` or `COMMAND LINE`, each for a shell; None where there is none."""
    return tuple(_step(text) for text in texts) if texts else None


def _step(text: str) -> Stage:
    match = STEP.fullmatch(text.strip())
    if match is None:
        raise InputError(
            "A step needs a command line.",
            where="--step",
            next_step="Write for example: --step 'upload: rclone copy dump.sql remote:'",
        )
    return Stage((match["text"],), name=match["name"] or "", shell=True)  # noqa: S604  a value; it was asked for


def hook(text: str | None, option: str) -> Hook | None:
    """Read a command line for a shell; None where none is given."""
    if text is None:
        return None
    if not text.strip():
        raise InputError(
            "It needs a command line.",
            where=option,
            next_step=f"Write for example: {option} 'logger \"$NCP_TASK_NAME: $NCP_STATUS\"'",
        )
    return Hook((text,), shell=True)  # noqa: S604  a value; it was asked for


def command_said(found: Mapping[str, Any]) -> str:
    """Say what `get --json` holds of a command, a step or a hook."""
    words = found.get("command", ())
    return f"/bin/sh -c {shlex.join(words)}" if found.get("shell") else shlex.join(words)


def actions_said(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Say what `get --json` holds of what a task runs, a line for each command."""
    steps, tool = found.get("steps", ()), found.get("tool")
    facts: list[tuple[str, object]] = [] if steps or tool else [("Runs", command_said(found))]
    facts += _call_said(found)
    facts += [(f"Step {number}", _step_said(step)) for number, step in enumerate(steps, 1)]
    hooks = (("On failure", found.get("onFailure")), ("On success", found.get("onSuccess")))
    return facts + [(title, command_said(one)) for title, one in hooks if one]


def _call_said(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Say which tool is called, and with what; nothing of a task that calls none."""
    if not found.get("tool"):
        return []
    given = found.get("parameters") or {}
    said = json.dumps(given, ensure_ascii=False)
    return [("Calls", found["tool"]), *([("With", said)] if given else [])]


def _step_said(step: Mapping[str, Any]) -> str:
    name, limit = step.get("name"), step.get("timeoutSeconds")
    deadline = f" (at most {limit:g} s)" if limit else ""
    return (f"{name}: " if name else "") + command_said(step) + deadline


def plan_said(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Say what `run --dry-run --json` holds of what would be started."""
    steps, hooks = found["steps"], (("On failure", "onFailure"), ("On success", "onSuccess"))
    runs = ("Runs", shlex.join(found["argv"])), ("Program", found["program"] or NOT_THERE)
    facts: list[tuple[str, object]] = [] if steps or found["tool"] else [*runs]
    facts += _call_said(found)
    facts += [
        (f"Step {number}", f"{one['name']}: {_started(one)}") for number, one in enumerate(steps, 1)
    ]
    return facts + [(title, _started(found[key])) for title, key in hooks if found[key]]


def _started(found: Mapping[str, Any]) -> str:
    return shlex.join(found["argv"]) + ("" if found["program"] else f" ({NOT_THERE})")


def record_said(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    """Say what `show --json` holds of the steps that ran, and of the hook."""
    facts: list[tuple[str, object]] = [
        (f"Step {one['position']}", f"{one['name']}: {_end_said(one)}") for one in found["steps"]
    ]
    hook = found["hook"]
    return facts if hook is None else [*facts, (hook["name"], _end_said(hook))]


def _end_said(one: Mapping[str, Any]) -> str:
    took = f" after {tables.took(one['durationMs'])}" if one["durationMs"] is not None else ""
    code = f", exit code {one['exitCode']}" if one["exitCode"] else ""
    reason = f": {one['reason']}" if one["reason"] else ""
    return f"{one['status']}{took}{code}{reason}"
