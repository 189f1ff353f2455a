"""What was meant by a value that cannot be used, as JSON to write in its place.

Computed from the value, so that pasting it does what was meant; where that
cannot be known, the answer is None and the complaint's own example stands.
"""

from __future__ import annotations

import json
import math
import re
import shlex
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.document.hours import DAYS
from ncp.document.hours import read as read_hours
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

FLAGS = {"true": True, "yes": True, "on": True, "1": True}
FLAGS |= {"false": False, "no": False, "off": False, "0": False}
"""What people write for true and false."""
OCTAL = re.compile(r"[0-7]{1,3}")


def meant(key: str, wanted: str, value: object) -> str | None:
    """JSON for the value of a key, or of the type that is wanted there; None if unknown."""
    reader = BY_KEY.get(key) or BY_TYPE.get(wanted)
    found = reader(value) if reader else None
    same = type(found) is type(value) and found == value
    return None if found is None or same else json.dumps(found, ensure_ascii=False)


def inside(key: str, value: object) -> object:
    """Say what was meant by a value of the right type that is out of bounds; None if unknown."""
    reader = BY_KEY.get(key)
    found = reader(value) if reader else value
    if isinstance(found, int | float) and key in BOUNDS:
        least, most = BOUNDS[key]
        found = min(max(found, least), most)
    return None if found == value else found


def _flag(value: Any) -> bool | None:
    return FLAGS.get(str(value).strip().lower())


def _text(value: Any) -> str | None:
    """Numbers and booleans, as they stand in the file."""
    return json.dumps(value) if isinstance(value, int | float) else None


def _words(value: Any) -> list[str] | None:
    """A command line in words, which needs no shell."""
    if not isinstance(value, str) or set(value) & set("|&;<>$`*?"):
        return None
    try:
        return shlex.split(value) or None
    except ValueError:
        return None


def _command(value: Any) -> dict[str, object] | None:
    """A step or a hook from a line of text."""
    if not isinstance(value, str) or not value.strip():
        return None
    words = _words(value)
    return {"command": words} if words else {"command": [value], "shell": True}


def _steps(value: Any) -> list[object] | None:
    found = _command(value)
    return [found] if found else None


def _seconds(value: Any) -> float | None:
    found = _amount(amounts.seconds, value)
    return int(found) if found is not None and found.is_integer() else found


def _whole_seconds(value: Any) -> int | None:
    found = _amount(amounts.seconds, value)
    return math.ceil(found) if found else None


def _megabytes(value: Any) -> int | None:
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


def _count(value: Any) -> int | None:
    found = _number(value)
    return None if found is None else round(found)


def _number(value: Any) -> float | None:
    try:
        found = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return found if found is not None and math.isfinite(found) else None


def _retries(value: Any) -> dict[str, int] | None:
    found = _count(value)
    return None if found is None else {"attempts": min(max(found, 1), 10)}


def _limits(value: Any) -> dict[str, int] | None:
    found = _megabytes(value)
    return None if found is None else {"memoryMb": found}


def _after(value: Any) -> dict[str, str] | None:
    return {"task": value} if isinstance(value, str) and value else None


def _afters(value: Any) -> list[dict[str, str]] | None:
    found = _after(value)
    return [found] if found else None


def _environment(value: Any) -> dict[str, str] | None:
    """`NAME=VALUE` in a text or a list, as other tools have it."""
    pairs = [value] if isinstance(value, str) else value
    if not isinstance(pairs, list) or not all(isinstance(one, str) and "=" in one for one in pairs):
        return None
    return dict(one.split("=", 1) for one in pairs) or None


def _hours(value: Any) -> dict[str, object] | None:
    found = read_hours(value) if isinstance(value, str) else None
    if found is None:
        return None
    days = {"days": list(found.days)} if found.days else {}
    return {"start": found.start, "end": found.end, **days}


def _clock(value: Any) -> str | None:
    hour, _, minute = str(value).partition(":")
    text = f"{hour.zfill(2)}:{minute.zfill(2)}"
    return text if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) else None


def _days(value: Any) -> list[str] | None:
    given = re.split(r"[,\s]+", value) if isinstance(value, str) else value
    found = (
        [str(one).strip().lower()[:3] for one in given] if isinstance(given, list | tuple) else []
    )
    return found if found and {*found} <= {*DAYS} else None


def _umask(value: Any) -> str | None:
    return str(value).zfill(3) if OCTAL.fullmatch(str(value)) else None


def _instant(value: Any) -> str | None:
    """A date or a time without its offset: of UTC, which the complaint shows."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.isoformat() + ("" if found.tzinfo else "Z")


BY_TYPE: dict[str, Callable[[Any], object]] = {
    "bool": _flag,
    "str": _text,
    "int": _count,
    "float": _number,
}
"""By the type that msgspec wanted."""
BY_KEY: dict[str, Callable[[Any], object]] = {
    "timeoutSeconds": _seconds,
    "killGraceSeconds": _seconds,
    "jitterSeconds": _seconds,
    "delaySeconds": _seconds,
    "maxDelaySeconds": _seconds,
    "cpuSeconds": _whole_seconds,
    "memoryMb": _megabytes,
    "command": _words,
    "steps": _steps,
    "steps[]": _command,
    "onFailure": _command,
    "onSuccess": _command,
    "after": _afters,
    "after[]": _after,
    "limits": _limits,
    "retries": _retries,
    "environment": _environment,
    "activeHours": _hours,
    "start": _clock,
    "end": _clock,
    "days": _days,
    "umask": _umask,
    "endDate": _instant,
    "activeSince": _instant,
}
LONGEST = 86400
BOUNDS: dict[str, tuple[float, float]] = {
    "jitterSeconds": (0, LONGEST),
    "delaySeconds": (0, LONGEST),
    "maxDelaySeconds": (0, LONGEST),
    "attempts": (1, 10),
    "backoff": (1, 10),
    "nice": (-20, 19),
}
"""The least and the most of numbers, where the nearest bound is what was meant."""
