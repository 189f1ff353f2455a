"""A crontab as Debian's cron reads it (crontab(5)): one item for each line that runs something.

A line becomes a task with cron's own meaning: a text for the shell, without a
deadline, started beside one that still runs, never caught up, with the
environment that cron gives it rather than that of whoever imports it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp.errors import ExpressionError
from ncp.importing.crontab import blocks, comments, percent, schedule, table
from ncp.importing.items import Found, Item
from ncp.secrets import is_reference

if TYPE_CHECKING:
    from ncp.importing.crontab.table import Table, Written
    from ncp.importing.items import Options
    from ncp.importing.opening import Opened

CRON_PATH = "/usr/bin:/bin"
PLAIN_SHELLS = {"/bin/sh", "sh"}
LONGEST_COMMAND = 998
"""What Debian's cron takes (MAX_COMMAND less two, measured)."""
_FIRST = re.compile(r"[ \t]*(@[a-z]+|[0-9*,/-]+([ \t]+[0-9A-Za-z*,/-]+){4})[ \t]+[^ \t]")


def recognises(opened: Opened) -> bool:
    """Tell whether some line has five fields and a command, or a macro and one."""
    return _is_system(opened.path) or any(map(_FIRST.match, opened.loose.split("\n")))


def _is_system(path: str) -> bool:
    return path == "/etc/crontab" or path.startswith("/etc/cron.d/")


def read(opened: Opened, options: Options) -> Found:
    """List the lines of a crontab; what cron refuses or never runs is among them, with words."""
    asked = options.user_column
    system = _is_system(opened.path) if asked is None else asked
    found = table.read(opened.loose)
    items = [_item(line, options, system=system) for line in found.lines]
    return Found(tuple(_told_apart(items)), (*found.notes, *_of_variables(found)))


def _of_variables(found: Table) -> list[str]:
    """Say what ncp does not do with a variable as cron does."""
    notes = []
    if found.variables.get("MAILTO", (0, ""))[1]:
        notes.append(
            f"Line {found.variables['MAILTO'][0]}: ncp sends no mail for MAILTO. See what a task "
            'printed with "ncp schedule logs TASK", and name a command that tells of a failure '
            'with "ncp schedule update TASK --on-failure COMMAND".'
        )
    if "CRON_TZ" in found.variables:
        notes.append(
            f"Line {found.variables['CRON_TZ'][0]}: the lines below follow CRON_TZ, as with "
            "cronie; Debian's cron does not know it and ran them on the machine's clock."
        )
    return notes


def _told_apart(items: list[Item]) -> list[Item]:
    """Number what would otherwise have the same name, or the same origin."""
    names, origins = Counter[str](), Counter[str]()
    found = []
    for item in items:
        names[item.name] += 1
        origins[item.origin] += 1
        name = f"{item.name} ({names[item.name]})" if names[item.name] > 1 else item.name
        nth = f" #{origins[item.origin]}" if origins[item.origin] > 1 else ""
        found.append(replace(item, name=name, origin=item.origin and item.origin + nth))
    return found


def _item(line: Written, options: Options, *, system: bool) -> Item:
    user, rest = _user(line.rest) if system else ("", line.rest)
    name, description = comments.named(line.said, _command(rest) or line.schedule or rest)
    judged = _judged(line, user, rest, options)
    if judged:
        return Item(f"line {line.number}", name, line=line.number, **judged)
    return _task(line, rest, name, description, options)


def _command(rest: str) -> str:
    return percent.split(rest[:LONGEST_COMMAND])[0].strip()


def _user(rest: str) -> tuple[str, str]:
    """Split off the user of a line of a system crontab."""
    match = re.match(r"([^ \t]*)[ \t]*(.*)", rest)
    assert match is not None  # noqa: S101  it matches any text
    return match[1], match[2]


def _judged(line: Written, user: str, rest: str, options: Options) -> dict[str, Any]:
    """Say why a line is no task, in the order in which cron would see it."""
    if not line.schedule:
        return {
            "refusal": "cron refuses this line: it is neither NAME=VALUE (an empty value needs "
            'quotes: NAME="") nor five fields and a command.'
        }
    if user and user != options.host.user:
        return {
            "refusal": f"It runs as {user}, and ncp schedules for {options.host.user}. "
            f"Import it as that user: sudo -iu {user} ncp schedule import {options.where}"
        }
    if line.schedule == "@reboot":
        return {
            "report": "@reboot is an event, not a time, so it is no task. Leave the line to cron "
            "until it is made a service."
        }
    if blocks.RUN.search(rest):
        return {"report": "It is an entry of ncp, or of the older ncp, on its own: crontab -e"}
    secret = next((name for name, value in line.variables.items() if is_reference(value)), "")
    if secret:
        return {
            "refusal": f"{secret} would be a reference to a secret for ncp. Set it in the command."
        }
    return _unfit(line.schedule, rest)


def _unfit(text: str, rest: str) -> dict[str, Any]:
    try:
        found = schedule.read(text)
    except ExpressionError as error:
        return {"refusal": f"cron refuses this line: {error.what} {error.next_step}"}
    if not rest.strip():
        return {"report": "It has no command, so cron runs nothing."}
    if len(rest.encode(errors="surrogateescape")) > LONGEST_COMMAND:
        return {
            "refusal": f"cron takes no command of more than {LONGEST_COMMAND} bytes. "
            "Put it into a script."
        }
    if found.never:
        return {"report": f"cron accepts this line and never runs it: {found.never}."}
    return {}


def _task(line: Written, rest: str, name: str, description: str | None, options: Options) -> Item:
    found = schedule.read(line.schedule)
    zone = line.variables.get("CRON_TZ", "").removeprefix(":")
    fields = " ".join(line.schedule.split())
    followed = f"CRON_TZ={zone} " if zone else ""
    notes = [f"{note}." for note in found.notes]
    if rest.endswith("\r"):
        notes.append("It ends in a carriage return, which cron would give to the shell; left out.")
    folder = line.variables.get("HOME", options.host.user_home)
    if "HOME" in line.variables and not Path(folder).is_dir():
        notes.append(f"HOME={folder} is no folder; it will run in {options.host.user_home}.")
        folder = options.host.user_home
    command, stdin = percent.split(rest.removesuffix("\r"))
    return Item(
        place=f"line {line.number}",
        name=name,
        origin=f"crontab:{followed}{fields} {rest.strip()}",
        schedule=found.text,
        timezone=zone or None,
        line=line.number,
        warnings=tuple(notes),
        values={
            **_run_by(line.variables.get("SHELL", "/bin/sh"), command),
            "stdin": stdin,
            "description": description,
            "timeout_seconds": 0,
            "overlap": "allow",
            "catchup_missed": False,
            "working_directory": folder,
            "captured_environment": {"PATH": CRON_PATH},
            "environment": dict(line.variables),
        },
    )


def _run_by(shell: str, command: str) -> dict[str, Any]:
    """A text for /bin/sh, else a command of another shell, as cron starts it."""
    if shell in PLAIN_SHELLS:
        return {"command": (command,), "shell": True}
    return {"command": (shell, "-c", command)}
