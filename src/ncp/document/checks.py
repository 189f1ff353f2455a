"""The values of a task that types cannot check, as a table."""

from __future__ import annotations

import math
import re
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from ncp.document import actions, instead
from ncp.document.actions import usable as _usable
from ncp.document.hours import DAYS
from ncp.document.text import shown
from ncp.errors import DocumentError
from ncp.model import Cause, Ending, Overlap, Priority, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


LONGEST_DELAY = 86400
MOST_SECONDS = 10**9
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
UMASK = re.compile(r"0?[0-7]{3}")
MOST_MEMORY = 2**32
"""In MB: what systems count in bytes, they count in 63 bits."""
MOST_FILES = 2**20
"""What Linux allows anyone (fs.nr_open in proc_sys_fs(5))."""
MOST_EXECUTIONS = 2**53
"""What JavaScript and SQLite can count."""


@cache
def camel(name: str) -> str:
    """The JSON key of a field."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


def instant(text: str) -> datetime:
    """Read an ISO 8601 instant with an offset or Z; ValueError otherwise."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    try:
        found.astimezone(UTC)
    except OverflowError:  # beyond the year 9999, or before the year 1
        raise ValueError(text) from None
    return found


def _is_instant(value: Any) -> bool:
    try:
        instant(value)
    except ValueError:
        return False
    return True


def _is_place(path: str) -> bool:
    return _usable([path]) and (path.startswith(("/", "~/")) or path[1:3] == ":\\")


def _is_environment(value: Mapping[str, str]) -> bool:
    names = all(name and "=" not in name for name in value)
    return names and _usable(value) and _usable(value.values())


VARIABLE = "cannot be a variable. Give it a name without =, and a value without NUL."
_CHECKS: tuple[tuple[str, Callable[[Any], object], str], ...] = (
    ("name", lambda v: bool(v.strip()), 'is empty. Write a name such as "Nightly backup".'),
    ("name", lambda v: _usable([v]), "holds a character that cannot be written. Remove it."),
    ("command", _usable, "holds a character that no program can be given. Remove it."),
    (
        "working_directory",
        lambda v: v is None or _usable([v]),
        'is not a folder. Write "/srv/site".',
    ),
    ("command", lambda v: not v or bool(v[0]), 'has no program. Write ["/bin/true"].'),
    ("environment", _is_environment, VARIABLE),
    ("captured_environment", _is_environment, VARIABLE),
    (
        "env_file",
        lambda v: v is None or _is_place(v),
        'is not an absolute path. Write "/home/ann/backup.env".',
    ),
    (
        "stdin",
        lambda v: v is None or _usable([v]),
        "holds a character that cannot be written. Remove it.",
    ),
    (
        "timeout_seconds",
        lambda v: 0 <= v < math.inf,
        "is not a number of seconds. Write 300, or 0 for none.",
    ),
    ("kill_grace_seconds", lambda v: 0 <= v < math.inf, "is not a number of seconds. Write 5."),
    (
        "overlap",
        lambda v: v in get_args(Overlap),
        'is no way to treat overlap. Write "skip", "queue", "replace" or "allow".',
    ),
    (
        "priority",
        lambda v: v in get_args(Priority),
        'is no priority. Write "critical", "high", "medium" or "low".',
    ),
    (
        "jitter_seconds",
        lambda v: 0 <= v <= LONGEST_DELAY,
        "is not a number of seconds up to a day. Write 60, or 0 for none.",
    ),
    (
        "after",
        lambda v: all(one.outcome in get_args(Ending) for one in v),
        'hold an outcome that is none. Write "success", "failure" or "any".',
    ),
    (
        "active_hours.start",
        lambda v: v is None or CLOCK.fullmatch(v),
        'is not a time of day. Write "09:00".',
    ),
    (
        "active_hours.end",
        lambda v: v is None or v == "24:00" or CLOCK.fullmatch(v),
        'is not a time of day. Write "17:00", or "24:00" for midnight.',
    ),
    (
        "active_hours.days",
        lambda v: v is None or set(v) <= {*DAYS},
        f"are not all days. Write some of: {', '.join(DAYS)}.",
    ),
    (
        "active_hours",
        lambda v: v is None or v.start != v.end,
        'span no time. Write for example "start": "00:00", "end": "24:00".',
    ),
    (
        "retries.attempts",
        lambda v: v is None or 1 <= v <= 10,
        "is not a count of 1 to 10. Write 3.",
    ),
    (
        "retries.delay_seconds",
        lambda v: v is None or 0 <= v <= LONGEST_DELAY,
        "is not a number of seconds up to a day. Write 30.",
    ),
    (
        "retries.backoff",
        lambda v: v is None or 1 <= v <= 10,
        "is not a factor of 1 to 10. Write 2.",
    ),
    (
        "retries.max_delay_seconds",
        lambda v: v is None or 0 <= v <= LONGEST_DELAY,
        "is not a number of seconds up to a day. Write 3600.",
    ),
    (
        "retries.on",
        lambda v: v is None or v in get_args(Cause),
        'is not a cause. Write "failure", "timeout" or "both".',
    ),
    (
        "limits.memory_mb",
        lambda v: v is None or 1 <= v <= MOST_MEMORY,
        "is not a number of megabytes. Write 512.",
    ),
    (
        "limits.cpu_seconds",
        lambda v: v is None or 1 <= v <= MOST_SECONDS,
        "is not a number of seconds of 1 or more. Write 60.",
    ),
    (
        "limits.open_files",
        lambda v: v is None or 1 <= v <= MOST_FILES,
        f"is not a number of files from 1 to {MOST_FILES}. Write 256.",
    ),
    (
        "limits.nice",
        lambda v: v is None or -20 <= v <= 19,
        "is not a nice level from -20 to 19. Write 10.",
    ),
    ("umask", UMASK.fullmatch, 'is not a umask. Write "022", three octal digits.'),
    (
        "max_executions",
        lambda v: v is None or 1 <= v <= MOST_EXECUTIONS,
        "is not a count of 1 or more. Write 1.",
    ),
    (
        "end_date",
        lambda v: v is None or _is_instant(v),
        'is not an instant. Write "2027-01-01T00:00:00Z".',
    ),
    (
        "active_since",
        lambda v: v is None or _is_instant(v),
        'is not an instant. Write "2027-01-01T00:00:00Z".',
    ),
    (
        "origin",
        lambda v: v is None or (bool(v) and _usable([v])),
        'is no origin. Remove it, or write for example "apply:/srv/schedule.yaml".',
    ),
    *actions.CHECKS,
)


def _values(found: Any, name: str, where: str) -> Iterator[tuple[Any, str]]:
    """Follow the dots to values and their places; None where an object on the way is absent.

    What comes after a list, a key or `[]`, is followed in each of its items.
    """
    part, _, rest = name.partition(".")
    part, each, _ = part.partition("[]")
    value = None if found is None else getattr(found, part)
    where = f"{where}.{camel(part)}"
    if isinstance(value, tuple) and (rest or each):
        places = [(item, f"{where}[{number}]") for number, item in enumerate(value)]
    else:
        places = [(value, where)]
    for one, place in places:
        yield from _values(one, rest, place) if rest else ((one, place),)


DEFAULTS = {
    f.name: f.default if f.default_factory is MISSING else f.default_factory()
    for f in fields(Task)
    if f.default is not MISSING or f.default_factory is not MISSING
}
_ROWS = [(re.split(r"[.\[]", row[0])[0], *row) for row in _CHECKS]


def _complaint(
    complaint: str, value: Any, place: str, good: Callable[[Any], object]
) -> DocumentError:
    """Complain about a value: what to write is computed from it where that would be taken."""
    what, _, next_step = complaint.partition(". ")
    if complaint is VARIABLE:
        name = next(name for name, one in value.items() if not good({name: one}))
        value, place = name, f"{place}[{shown(name)}]"  # what it holds may be a secret
    found = instead.inside(place.rpartition(".")[2], value)
    if found is not None and good(found):
        next_step = f"Write {shown(found)}."
    return DocumentError(f"{shown(value)} {what}.", where=place, next_step=next_step)


def check(found: Task, where: str) -> None:
    """Check the values that types do not; DocumentError names the key."""
    # Most values of most tasks are the defaults, which are good: a document may hold thousands.
    usual = {name for name, default in DEFAULTS.items() if getattr(found, name) == default}
    for field, name, good, complaint in _ROWS:
        if field in usual:
            continue
        for value, place in _values(found, name, where):
            if not good(value):
                raise _complaint(complaint, msgspec.to_builtins(value), place, good)
    actions.check_action(found, where)
