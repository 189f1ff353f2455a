"""Complaints about a task in the words of who typed it: the option, and a value that works."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, get_args

from ncp.errors import DocumentError, InputError
from ncp.model import Cause, Overlap, Priority

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

OPTIONS: dict[str, tuple[str, str]] = {
    "name": ("--name", "backup"),
    "description": ("--description", "'Every night'"),
    "shell": ("--shell", ""),
    "steps": ("--step", "'upload: rclone copy dump.sql remote:'"),
    "tool": ("--tool", "filesystem:list_directory"),
    "parameters": ("--params", '\'{"path": "/backups"}\''),
    "timeoutSeconds": ("--timeout", "300"),
    "killGraceSeconds": ("--grace", "5"),
    "activeHours": ("--active-hours", '"mon-fri 09:00-17:00"'),
    "jitterSeconds": ("--jitter", "60"),
    "after": ("--after", ""),
    "retries.attempts": ("--retries", "3"),
    "retries.delaySeconds": ("--retry-delay", "30"),
    "retries.backoff": ("--retry-backoff", "2"),
    "retries.maxDelaySeconds": ("--retry-max-delay", "3600"),
    "limits.memoryMb": ("--limit-memory", "512"),
    "limits.cpuSeconds": ("--limit-cpu", "60"),
    "limits.openFiles": ("--limit-files", "256"),
    "limits.nice": ("--nice", "10"),
    "umask": ("--umask", "022"),
    "onFailure": ("--on-failure", "'mail -s failed ann'"),
    "onSuccess": ("--on-success", "'touch done'"),
    "workingDirectory": ("--directory", "/"),
    "environment": ("--env", "LANG=C.UTF-8"),
    "envFile": ("--env-file", "~/backup.env"),
    "stdin": ("--stdin", "text"),
    "maxExecutions": ("--max-executions", "1"),
    "endDate": ("--end-date", "2030-01-01T00:00:00Z"),
    "command": ("-- COMMAND", "-- /usr/bin/true"),
}
"""By the key of a task: its option and what may stand behind it, empty where the complaint says."""
WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "overlap": ("--overlap", get_args(Overlap)),
    "priority": ("--priority", get_args(Priority)),
    "retries.on": ("--retry-on", get_args(Cause)),
}
"""Those that take one of a few words."""
PLACE = re.compile(r'(?:task|tasks\["(?P<id>[^"]+)"\])\.(?P<key>.+)')
TOGETHER = ("shortest time", "belong", "not both")
"""Of complaints about what does not go together, whose own advice is the better one."""


@contextmanager
def meant(others: Container[str]) -> Iterator[None]:
    """Let complaints about a key of a task name its option, unless it is one of the `others`."""
    try:
        yield
    except DocumentError as error:
        match = PLACE.fullmatch(error.where)
        option, advice = ("", "") if match is None else _option(match["key"])
        if match is None or not option or match["id"] in others:
            raise
        keep = not advice or any(words in error.what for words in TOGETHER)
        step = error.next_step if keep else advice
        raise InputError(error.what, where=option, next_step=step) from None
    except InputError as error:
        if error.where == "time zone":
            error.where = "--timezone"
        raise


def _option(key: str) -> tuple[str, str]:
    """Find the option of a key such as `retries.on` or `steps[0].name`, and what to write."""
    for name in (key, re.split(r"[.\[]", key)[0]):
        if name in WORDS:
            option, words = WORDS[name]
            return option, f"Write one of: {', '.join(words)}."
        if name in OPTIONS:
            return OPTIONS[name][0], advice(OPTIONS[name][0])
    return "", ""


def advice(option: str) -> str:
    """Say what may stand behind an option; empty where that is not known."""
    value = dict(OPTIONS.values()).get(option, "")
    words = value if value.startswith("-- ") else f"{option} {value}"
    return f"Write for example: {words}" if value else ""
