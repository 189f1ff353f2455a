"""A crontab that runs the tasks without ncp, as far as cron can say them.

What cron would do wrong (another zone, an interval, one slot only) becomes a
remark; what it merely does not do (retries, hooks) a warning beside the line.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from ncp import secrets
from ncp.api.exporting import private
from ncp.api.exporting.exported import Exported
from ncp.cron import expression
from ncp.document.checks import DEFAULTS
from ncp.fields import camel
from ncp.targets.cron import cover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Stage, Task, Timing

HEAD = (
    "# Written by ncp from its schedule. cron knows no deadline, no catch-up and no retry.\n"
    "# Before it is loaded, take the entries of ncp out: ncp uninstall\n"
)
ENDS = ("fire_once", "max_executions", "end_date", "active_hours", "after", "env_file")
"""Fields without which cron would run a task at the wrong times, or wrongly."""
LOST = ("retries", "on_failure", "on_success", "limits", "jitter_seconds", "priority", "overlap")
"""Fields without which it runs, if worse."""
AS_CRON = {"overlap": "allow"}
"""What cron does anyway."""
NAME = re.compile(r"[A-Za-z_]\w*")
_SLASHES = re.compile(r"\\{2,}|\\(?=%)")
LONGEST = 998
"""What Debian's crontab takes of a command."""


def export(site: Site) -> Exported:
    """Write a line for each active task, with a remark before it that has its name."""
    texts: list[str] = []
    warnings = [*private.plain(site.document.schedule.tasks.values())]
    path = ""
    for task in site.document.schedule.tasks.values():
        timing = site.document.schedule.timings[task.timing_id]
        title = f"# {_visible(task.name)}"
        reason = obstacle(site, task, timing)
        if reason:
            texts += ["", title, f"# is left out: {reason}."]
            warnings.append(f'"{task.name}" is left out: {reason}.')
            continue
        own = task.captured_environment.get("PATH", path)
        texts += ["", f"PATH={own}"] if own != path else []
        texts += ["", title, *_lines(task, timing)]  # it names the line directly below it
        path = own
        warnings += _lost(task)
    text = HEAD + "".join(f"{line}\n" for line in texts)
    return Exported({"crontab": text.encode(errors="surrogateescape")}, tuple(warnings))


def obstacle(site: Site, task: Task, timing: Timing) -> str:
    """Say why cron cannot run a task as ncp does; empty where it can."""
    reasons = (
        (task.status != "active", f"it is {task.status}"),
        (timing.recurrence.at is not None, "cron knows no single instants"),
        (timing.recurrence.every is not None, "cron knows no intervals"),
        (not cover.says(timing.recurrence.rules), "cron has no L and no #, and no &"),
        (timing.zone not in {None, site.host.zone}, f"cron knows no zone {timing.zone}"),
        (task.tool is not None, "cron calls no tools"),
        (any(map(secrets.is_reference, task.environment.values())), "cron looks up no secrets"),
        *((getattr(task, name) != DEFAULTS[name], f"cron has no {camel(name)}") for name in ENDS),
    )
    found = next((reason for holds, reason in reasons if holds), "")
    return found or _unwritable(task)


def _unwritable(task: Task) -> str:
    if not all(map(NAME.fullmatch, task.environment)):
        return "a shell knows no variable of such a name"
    text = _command(task)
    if "\n" in text.removesuffix("\n") or "\r" in text or "\0" in text:
        return "a line of a crontab holds no line breaks"
    if len(text.encode(errors="surrogateescape")) > LONGEST:
        return f"it makes a command of more than {LONGEST} bytes, which cron does not take"
    return ""


def _lines(task: Task, timing: Timing) -> Iterator[str]:
    for one in expression.alternatives(timing.recurrence):
        yield f"{one.cron} {_command(task)}"


def _command(task: Task) -> str:
    """Write what the shell of cron runs, and after a `%` what that reads."""
    parts = [] if task.umask == DEFAULTS["umask"] else [f"umask {task.umask}"]
    if task.working_directory:
        parts.append(f"cd {shlex.quote(task.working_directory)}")
    if task.environment:
        values = (f"{name}={shlex.quote(value)}" for name, value in task.environment.items())
        parts.append(f"export {' '.join(values)}")
    parts += [_words(step) for step in task.steps or (task,)]
    text = _escaped(" && ".join(parts))
    return text if task.stdin is None else f"{text}%{_input(task.stdin)}"


def _escaped(text: str) -> str:
    r"""Write a command as cron reads it: `\%` is `%` there, and two backslashes are one."""
    return _SLASHES.sub(lambda run: 2 * run[0], text).replace("%", r"\%")


def _words(task: Task | Stage) -> str:
    """A text for a shell stays one, in a shell of its own: it may hold anything."""
    return f"/bin/sh -c {shlex.quote(task.command[0])}" if task.shell else shlex.join(task.command)


def _input(text: str) -> str:
    r"""Write standard input as cron reads it: `%` is a line break, and one is put at the end.

    But only where none is there: an empty last line stays as it is.
    """
    line = text.removesuffix("\n")
    kept = text if not line or line.endswith("\n") else line
    return kept.replace("%", r"\%").replace("\n", "%")


def _lost(task: Task) -> Iterator[str]:
    kept = ((DEFAULTS[name], AS_CRON.get(name)) for name in LOST)
    lost = [camel(n) for n, good in zip(LOST, kept, strict=True) if getattr(task, n) not in good]
    if lost:
        yield f'"{task.name}" runs without its {", ".join(lost)}.'


def _visible(name: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
