"""Readers of what people write in the place of a value, None where it is not known what was meant.

Complaints propose what they answer, so that pasting it does what was meant.
"""

from __future__ import annotations

import json
import math
import re
import shlex
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.errors import InputError
from ncp.fields.hours import DAYS
from ncp.fields.hours import read as read_hours

if TYPE_CHECKING:
    from collections.abc import Callable

FLAGS = {"true": True, "yes": True, "on": True, "1": True}
FLAGS |= {"false": False, "no": False, "off": False, "0": False}
"""What people write for true and false."""
OCTAL = re.compile(r"[0-7]{1,3}")


def as_flag(value: Any) -> bool | None:
    """Yes and no, in the words of people."""
    return FLAGS.get(str(value).strip().lower())


def as_text(value: Any) -> str | None:
    """Numbers and booleans, as they stand in the file."""
    return json.dumps(value) if isinstance(value, int | float) else None


def as_words(value: Any) -> list[str] | None:
    """A command line in words, which needs no shell."""
    if not isinstance(value, str) or set(value) & set("|&;<>$`*?"):
        return None
    try:
        return shlex.split(value) or None
    except ValueError:
        return None


def as_tags(value: Any) -> list[str] | None:
    """Words, from a text or a list in which they stand together."""
    texts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(one, str | int | float) for one in texts):
        return None
    found = [word.lstrip("-") for text in texts for word in re.split(r"[\s,]+", str(text))]
    return [*dict.fromkeys(word for word in found if word)] or None


def as_command(value: Any) -> dict[str, object] | None:
    """A step or a hook from a line of text."""
    if not isinstance(value, str) or not value.strip():
        return None
    words = as_words(value)
    return {"command": words} if words else {"command": [value], "shell": True}


def as_steps(value: Any) -> list[object] | None:
    """A list of one step."""
    found = as_command(value)
    return [found] if found else None


def as_seconds(value: Any) -> float | None:
    """A duration in seconds, whole where it is."""
    found = _amount(amounts.seconds, value)
    return int(found) if found is not None and found.is_integer() else found


def as_whole_seconds(value: Any) -> int | None:
    """A duration in whole seconds, rounded up."""
    found = _amount(amounts.seconds, value)
    return math.ceil(found) if found else None


def as_megabytes(value: Any) -> int | None:
    """A size in MB."""
    found = _amount(amounts.megabytes, value)
    return found or None


def _amount(read: Callable[[str], Any], value: Any) -> Any:
    """Read an amount that is a number or a text, without its sign."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return read(str(value).strip().removeprefix("-"))
    except InputError:
        return None


def as_count(value: Any) -> int | None:
    """A whole number."""
    found = as_number(value)
    return None if found is None else round(found)


def as_number(value: Any) -> float | None:
    """A number that has an end."""
    try:
        found = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return found if found is not None and math.isfinite(found) else None


def as_retries(value: Any) -> dict[str, int] | None:
    """A count of retries, within its bounds."""
    found = as_count(value)
    return None if found is None else {"attempts": min(max(found, 1), 10)}


def as_limits(value: Any) -> dict[str, int] | None:
    """A limit of memory."""
    found = as_megabytes(value)
    return None if found is None else {"memoryMb": found}


def as_after(value: Any) -> dict[str, str] | None:
    """A task that is to succeed first."""
    return {"task": value} if isinstance(value, str) and value else None


def as_afters(value: Any) -> list[dict[str, str]] | None:
    """A list of one such task."""
    found = as_after(value)
    return [found] if found else None


def as_environment(value: Any) -> dict[str, str] | None:
    """`NAME=VALUE` in a text or a list, as other tools have it."""
    pairs = [value] if isinstance(value, str) else value
    if not isinstance(pairs, list) or not all(isinstance(one, str) and "=" in one for one in pairs):
        return None
    return dict(one.split("=", 1) for one in pairs) or None


def as_hours(value: Any) -> dict[str, object] | None:
    """Active hours in one text."""
    found = read_hours(value) if isinstance(value, str) else None
    if found is None:
        return None
    days = {"days": list(found.days)} if found.days else {}
    return {"start": found.start, "end": found.end, **days}


def as_clock(value: Any) -> str | None:
    """A time of day with two digits each."""
    hour, _, minute = str(value).partition(":")
    text = f"{hour.zfill(2)}:{minute.zfill(2)}"
    return text if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) else None


def as_days(value: Any) -> list[str] | None:
    """Days of the week by their first three letters."""
    given = re.split(r"[,\s]+", value) if isinstance(value, str) else value
    found = (
        [str(one).strip().lower()[:3] for one in given] if isinstance(given, list | tuple) else []
    )
    return found if found and {*found} <= {*DAYS} else None


def as_umask(value: Any) -> str | None:
    """Three octal digits."""
    return str(value).zfill(3) if OCTAL.fullmatch(str(value)) else None


def as_instant(value: Any) -> str | None:
    """A date or a time without its offset: of UTC, which the complaint shows."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.isoformat() + ("" if found.tzinfo else "Z")
