"""What values must be that types cannot say."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_DELAY = 86400
MOST_SECONDS = 10**9
MOST_MEMORY = 2**32
"""In MB: what systems count in bytes, they count in 63 bits."""
MOST_FILES = 2**20
"""What Linux allows anyone (fs.nr_open in proc_sys_fs(5))."""
MOST_EXECUTIONS = 2**53
"""What JavaScript and SQLite can count."""
MOST_STEPS = 100
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
UMASK = re.compile(r"0?[0-7]{3}")
TAG = re.compile(r"[^\s,-][^\s,]*")
"""A comma stands between tags where several are meant, a dash begins an option."""


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


def is_instant(value: Any) -> bool:
    """Whether it is such an instant, or none."""
    try:
        return value is None or bool(instant(value))
    except ValueError:
        return False


def between(least: float, most: float) -> Callable[[Any], bool]:
    """Whether a number is in bounds, or none."""
    return lambda value: value is None or least <= value <= most


def one_of(words: tuple[str, ...]) -> Callable[[Any], bool]:
    """Whether a text is one of a few, or none."""
    return lambda value: value is None or value in words


def is_time(value: Any) -> bool:
    """Whether a number of seconds has an end."""
    return bool(0 <= value < math.inf)


def usable(values: Any) -> bool:
    """Neither NUL nor half a surrogate pair; undecodable bytes (surrogateescape) are fine."""
    return all(
        "\0" not in value and not any("\ud800" <= sign < "\udc00" for sign in value)
        for value in values
    )


def is_usable(value: Any) -> bool:
    """Whether a text can be given to a program, or there is none."""
    return value is None or usable([value])


def is_place(path: Any) -> bool:
    """Whether it is an absolute path, or none."""
    if path is None:
        return True
    return usable([path]) and (path.startswith(("/", "~/")) or path[1:3] == ":\\")


def is_environment(value: Mapping[str, str]) -> bool:
    """Whether all of them can be variables."""
    names = all(name and "=" not in name for name in value)
    return names and usable(value) and usable(value.values())


def has_program(value: Any) -> bool:
    """Whether a step or a hook names a program that can be given, or there is none."""
    if value is None:
        return True
    return bool(value.command) and bool(value.command[0]) and usable(value.command)


def is_one_text(value: Any) -> bool:
    """Whether a shell is given one text and no words, or there is none."""
    return value is None or not value.shell or len(value.command) <= 1


def are_tags(value: Any) -> bool:
    """Whether each of them is one word that can be shown."""
    return all(TAG.fullmatch(one) and one.isprintable() for one in value)


def step_names(steps: Any) -> list[str]:
    """Name each step: its own name, or its place."""
    return [step.name or f"step {number}" for number, step in enumerate(steps, 1)]


def differ_in_names(steps: Any) -> bool:
    """Whether no two steps have one name."""
    names = step_names(steps)
    return len({*names}) == len(names)


def is_step_name(value: Any) -> bool:
    """Whether it can be shown, or is none."""
    return not value or (value.isprintable() and value.strip() == value)


def is_tool(value: Any) -> bool:
    """Whether it is `server:tool`, or none. A server's name has no colon; the tool's may."""
    if value is None:
        return True
    parts = value.partition(":")
    return value.isprintable() and all(part and part == part.strip() for part in parts)


def can_be_sent(value: Any) -> bool:
    """Whether JSON can say it: neither infinite (as 1e999 is) nor half a surrogate pair."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True
