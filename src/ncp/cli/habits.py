"""Words of other tools, and of older versions, in the place of a command: what to write here.

The whole line is answered, so that it can be pasted: `ncp rm poll` with
`ncp schedule delete poll`.
"""

from __future__ import annotations

import shlex
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SCHEDULE = {
    "schedule list": "ls dir jobs tasks timers",
    "schedule create": "add new make at schedule",
    "schedule get": "info describe inspect cat view details",
    "schedule update": "edit change set modify reschedule config",
    "schedule delete": "rm del remove unschedule erase destroy cancel",
    "schedule pause": "stop disable suspend hold mask kill",
    "schedule resume": "enable unpause unsuspend continue unmask",
    "schedule run": "start trigger exec execute now fire launch",
    "schedule executions": "history runs past",
    "schedule logs": "log tail output journal",
    "schedule next": "upcoming when calendar",
    "schedule sync": "reload refresh install deploy",
    "schedule export": "dump backup save",
    "schedule import": "load restore",
    "schedule plan": "diff preview",
    "doctor": "check health verify diagnose",
    "--version": "version",
    "": "status overview dashboard",
}
_MCP = {
    "mcp servers": "ls list get show",
    "mcp remove": "rm del delete uninstall",
    "mcp add": "new create install",
    "mcp test": "check ping doctor status",
    "mcp call": "run exec invoke",
}
_DAEMON = {"daemon run": "start up serve", "doctor": "status check ps"}
WORDS = {
    group: {word: command for command, words in table.items() for word in words.split()}
    for group, table in (("schedule", _SCHEDULE), ("mcp", _MCP), ("daemon", _DAEMON))
}
"""By the group in which a word is met: the words, and the command that does that here."""
NEEDED = {
    "schedule create": ('"every day at 9am"', "--", "date"),
    "schedule get": ("TASK",),
    "schedule update": ("TASK", "--name", "NAME"),
    "schedule delete": ("TASK",),
    "schedule pause": ("TASK",),
    "schedule resume": ("TASK",),
    "schedule run": ("TASK",),
    "schedule next": ("TASK",),
    "schedule import": ("FILE",),
    "mcp remove": ("NAME",),
    "mcp add": ("NAME", "--", "COMMAND"),
    "mcp test": ("NAME",),
    "mcp call": ("SERVER:TOOL",),
}
"""What stands behind a command that was given nothing."""
BARE = ("", "--version", "doctor")
"""What takes no words."""


def written(path: str, args: Sequence[str], rows: Iterable[str]) -> str:
    """Write the line that was meant, for an unknown first word behind `path`; empty if unknown.

    `rows` are the commands that are there.
    """
    name, rest = args[0], args[1:]
    group = path.removeprefix("ncp").strip()
    words = WORDS[group or "schedule"]
    if name.lower() == "help":
        return _line(path, [*rest, "--help"])
    if name.lower() == "rename":
        return _renamed(rest)
    for known in (name, name.lower()):
        if known in words:
            return _full(words[known], rest)
    near = get_close_matches(name.lower(), rows, n=1)
    return _full(f"{group} {near[0]}".strip(), rest) if near else ""


def moved(command: str, rest: Sequence[str]) -> str:
    """Write a command of `ncp schedule` that was met without its group."""
    return _full(f"schedule {command}", rest)


def moved_near(args: Sequence[str], rows: Iterable[str]) -> str:
    """The same of one that is misspelt; empty where none is near."""
    near = get_close_matches(args[0].lower(), rows, n=1)
    return moved(near[0], args[1:]) if near else ""


def _renamed(rest: Sequence[str]) -> str:
    task, name = (*rest[:1], "TASK")[0], (*rest[1:2], "NAME")[0]
    return _line("ncp schedule update", [task, "--name", name])


def _full(command: str, rest: Sequence[str]) -> str:
    if command in BARE:
        return _line("ncp", command.split())
    return _line(f"ncp {command}", rest or NEEDED.get(command, ()))


def _line(path: str, words: Sequence[str]) -> str:
    return " ".join([path, *(word if word[:1] == '"' else shlex.quote(word) for word in words)])
