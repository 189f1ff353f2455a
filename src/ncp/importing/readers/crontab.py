"""A crontab as Debian's cron reads it (crontab(5)): one item for each line that runs something.

A line becomes a task with cron's own meaning: a text for the shell, without a
deadline, started beside one that still runs, never caught up, with the
environment that cron gives it rather than that of whoever imports it.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp import masking
from ncp.errors import ExpressionError, InputError
from ncp.importing import known
from ncp.importing.crontab import blocks, comments, percent, schedule, table
from ncp.intake.items import Found, Item, Refusal
from ncp.secrets import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.importing.crontab.table import Table, Written
    from ncp.intake.items import Options
    from ncp.intake.opening import Opened

CRON_PATH = "/usr/bin:/bin"
PLAIN_SHELLS = {"/bin/sh", "sh"}
LONGEST_COMMAND = 998
"""What Debian's cron takes (MAX_COMMAND less two, measured)."""
MOST_LINES = 20_000
"""Lines that run something, of one crontab."""
BLANKS = " \t\r"
USERS = {"root", "www-data", "nobody"}
"""Words that a command hardly begins with, unless they are the user of a system crontab."""
HINT = (
    "Its lines seem to name a user, as those of /etc/crontab do. If they do: "
    "ncp schedule import {} --format crontab --user-column"
)
SAVE = "Save it as a file that {user} may read, and import that as {user}: "
_SIXTH = re.compile(r"[0-9*?/,#LW-]+")
_FIRST = re.compile(r"[ \t]*(@[a-z]+|[0-9*,/-]+([ \t]+[0-9A-Za-z*,/-]+){4})[ \t]+[^ \t]")


@dataclass(frozen=True, slots=True)
class _Context:
    """Whether lines name a user, or only seem to (`foreign`)."""

    options: Options
    system: bool
    foreign: bool


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
    if len(found.lines) > MOST_LINES:
        raise InputError(
            f"{len(found.lines)} of its lines run something; {MOST_LINES} are the most.",
            where=opened.where,
            next_step="Split it.",
        )
    foreign = asked is None and not system and _has_users(found)
    context = _Context(options, system=system, foreign=foreign)
    items = [_item(line, context) for line in found.lines]
    place = shlex.quote(options.path) if options.path else "-"
    hint = [HINT.format(place)] if foreign else []
    notes = (*hint, *found.notes, *_of_carriage(found), *_of_variables(found))
    return Found(tuple(_told_apart(items)), notes)


def _has_users(found: Table) -> bool:
    """Tell whether lines seem to name a user: a heading says so, or each has the same one."""
    return found.users or any(_first(line.rest) in USERS for line in found.lines)


def _first(rest: str) -> str:
    """The first word, where another one follows it."""
    first, blank, more = rest.replace("\t", " ").partition(" ")
    return first if blank and more.strip() else ""


def _of_carriage(found: Table) -> list[str]:
    if not found.carriage:
        return []
    first = f"Line {found.carriage[0]} has a carriage return and nothing else"
    return [f"{first}: cron refuses a table with such lines. They were left out."]


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


def _item(line: Written, context: _Context) -> Item:
    user, rest = _user(line.rest) if context.system else ("", line.rest)
    called = masking.line(_command(rest) or line.schedule or rest)
    name, description = comments.named(line.said, called)
    judged = _judged(line, user, rest, context)
    if judged:
        return Item(f"line {line.number}", name, line=line.number, **judged)
    return _task(line, rest, name, description, context.options)


def _command(rest: str) -> str:
    return percent.split(rest[:LONGEST_COMMAND])[0].strip()


def _user(rest: str) -> tuple[str, str]:
    """Split off the user of a line of a system crontab."""
    match = re.match(r"([^ \t]*)[ \t]*(.*)", rest)
    assert match is not None  # noqa: S101  it matches any text
    return match[1], match[2]


def _judged(line: Written, user: str, rest: str, context: _Context) -> dict[str, Any]:
    """Say why a line is no task, in the order in which cron would see it."""
    if not line.schedule:
        return {
            "refusal": Refusal(
                "cron refuses this line: it is neither NAME=VALUE (an empty value needs "
                'quotes: NAME="") nor five fields and a command.'
            )
        }
    refusal = _refused(line, rest) or _not_ours(line, user, context)
    if refusal:
        return {"refusal": Refusal(refusal)}
    if line.schedule == "@reboot":
        return {
            "report": "@reboot is an event, not a time, so it is no task. Leave the line to cron "
            "until it is made a service."
        }
    if blocks.RUN.search(rest):
        return {"report": "It is an entry of ncp, or of the older ncp, on its own: crontab -e"}
    return _idle(line.schedule, rest)


def _refused(line: Written, rest: str) -> str:
    """Say why Debian's cron refuses a line; empty where it accepts it (`crontab -n`)."""
    try:
        if line.schedule != "@reboot":
            schedule.read(line.schedule)
    except ExpressionError as error:
        return f"cron refuses this line: {error.what} {error.next_step}"
    if line.rest.startswith("*"):
        return (
            "cron refuses this line: after the five fields its command begins with *. Fields for "
            "seconds or years belong to other programs: write five fields and a command."
        )
    if len(rest.encode(errors="surrogateescape")) > LONGEST_COMMAND:
        return f"cron takes no command of more than {LONGEST_COMMAND} bytes. Put it into a script."
    return ""


def _not_ours(line: Written, user: str, context: _Context) -> str:
    """Say why a line that cron accepts cannot be taken by this user, or not as it stands."""
    options = context.options
    if user and user != options.host.user:
        first = f"It runs as {user}, and ncp schedules for {options.host.user}. "
        how = "Import it as that user: " if options.path else SAVE.format(user=user)
        return f"{first}{how}sudo -iu {user} {_import(options.path or 'FILE')}"
    first = _first(line.rest)
    if context.foreign and first in USERS:
        return (
            f"Its command begins with {first}, which seems to be the user of a line of "
            "/etc/crontab. If it is, add --user-column; if it is a program, --no-user-column."
        )
    if line.variables is None:
        return (
            f"The variables above the lines come to more than {table.MOST_KEPT // 1024**2} MB. "
            "Put them into a script."
        )
    names = (name for name, value in line.variables.items() if is_reference(value))
    secret = next(names, "")
    return (
        f"{secret} would be a reference to a secret for ncp. Set it in the command."
        if secret
        else ""
    )


def _import(path: str) -> str:
    """The line for another user, who stands in another folder."""
    return f"ncp schedule import {shlex.quote(path)} --format crontab --user-column"


def _idle(text: str, rest: str) -> dict[str, Any]:
    """Say why cron accepts a line and runs nothing."""
    if not percent.split(rest)[0].strip(BLANKS):
        return {"report": "It has no command, so cron runs nothing."}
    never = schedule.read(text).never
    return {"report": f"cron accepts this line and never runs it: {never}."} if never else {}


def _task(line: Written, rest: str, name: str, description: str | None, options: Options) -> Item:
    found = schedule.read(line.schedule)
    variables = line.variables or {}
    zone = variables.get("CRON_TZ", "").removeprefix(":")
    followed = f"CRON_TZ={zone} " if zone else ""
    notes = [f"{note}." for note in (*found.notes, *_oddities(line, rest))]
    folder = variables.get("HOME", options.host.user_home)
    if "HOME" in variables and not _is_folder(folder):
        notes.append(f"HOME={folder} is no folder; it will run in {options.host.user_home}.")
        folder = options.host.user_home
    command, stdin = percent.split(rest.removesuffix("\r"))
    return Item(
        place=f"line {line.number}",
        name=name,
        origin=known.origin(
            f"{followed}{line.schedule} {rest.strip(BLANKS)}", variables, options.path
        ),
        schedule=found.text,
        timezone=zone or None,
        line=line.number,
        warnings=tuple(notes),
        values={
            **_run_by(variables.get("SHELL", "/bin/sh"), command),
            "stdin": stdin,
            "description": description,
            "timeout_seconds": 0,
            "overlap": "allow",
            "catchup_missed": False,
            "working_directory": folder,
            "captured_environment": {"PATH": CRON_PATH},
            "environment": dict(variables),
        },
    )


def _oddities(line: Written, rest: str) -> Iterator[str]:
    """Say what of a command is hardly meant."""
    if line.open:
        yield (
            "No line break ends it: cron ignores such a last line, and crontab refuses the "
            "table. It was taken all the same"
        )
    if rest.endswith("\r"):
        yield "It ends in a carriage return, which cron would give to the shell; left out"
    first = _first(rest)
    if first and _SIXTH.fullmatch(first):
        yield (
            f"Its command begins with {first}, which looks like a sixth field: cron has five, and "
            "gives the rest to the shell"
        )


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # longer than any path
        return False


def _run_by(shell: str, command: str) -> dict[str, Any]:
    """A text for /bin/sh, else a command of another shell, as cron starts it."""
    if shell in PLAIN_SHELLS:
        return {"command": (command,), "shell": True}
    return {"command": (shell, "-c", command)}
