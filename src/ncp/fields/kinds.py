"""The kinds of values that fields have."""

from __future__ import annotations

from typing import get_args

from ncp.fields import meant, values
from ncp.fields.hours import DAYS
from ncp.fields.row import Kind
from ncp.model import Cause, Ending, Overlap, Priority, TaskStatus

FROM_ZERO = {"minimum": 0}
UP_TO_A_DAY = (0, values.LONGEST_DELAY)


def seconds(example: str, most: float | None = None) -> Kind:
    """A duration in seconds."""
    bounds = None if most is None else (0, most)
    schema = FROM_ZERO if most is None else {**FROM_ZERO, "maximum": most}
    return Kind("a number of seconds", example, meant.as_seconds, bounds, schema)


def whole(said: str, example: str, least: int, most: int) -> Kind:
    """A whole number; nothing is proposed where it is out of bounds."""
    return Kind(said, example, meant.as_count, schema={"minimum": least, "maximum": most})


def _of(words: tuple[str, ...]) -> str:
    *most, last = (f'"{word}"' for word in words)
    return f"{', '.join(most)} or {last}"


def word(said: str, words: tuple[str, ...]) -> Kind:
    """One of a few words."""
    return Kind(said, _of(words), words=words)


OVERLAP = word("a way to treat overlap", get_args(Overlap))
PRIORITY = word("a priority", get_args(Priority))
CAUSE = word("a cause", get_args(Cause))
OUTCOME = word("an outcome", get_args(Ending))
STATUS = word("a status", get_args(TaskStatus))
NAME = Kind("text", '"text"', meant.as_text, schema={"pattern": r"\S"})
TAGS = Kind(
    "a list of words",
    '["nightly", "db"]',
    meant.as_tags,
    schema={"items": {"type": "string", "pattern": f"^{values.TAG.pattern}$"}},
)
COMMAND = Kind(
    "a list of words",
    '["/usr/bin/rsync", "-a", "/home", "/backup"]',
    meant.as_words,
)
PROGRAM = Kind(COMMAND.said, COMMAND.example, meant.as_words, schema={"minItems": 1})
HOOK = Kind("a command", '{"command": ["/bin/true"]}', meant.as_command)
STEPS = Kind("a list of steps", '[{"command": ["/bin/true"]}]', meant.as_steps)
STEP = Kind("a step", '{"command": ["/bin/true"]}', meant.as_command)
VARIABLES = Kind("an object of variables", '{"NAME": "value"}', meant.as_environment)
CAPTURED = Kind("an object of variables", '{"NAME": "value"}')
FOLDER = Kind("a folder", '"/srv/site"')
FILE = Kind("a file", '"/home/ann/backup.env"')
END_DATE = Kind(
    "an instant", '"2030-01-01T00:00:00Z"', meant.as_instant, schema={"format": "date-time"}
)
SINCE = Kind("an instant", '"2026-01-01T00:00:00Z"', meant.as_instant)
LIMITS = Kind("an object of limits", '{"memoryMb": 512}', meant.as_limits)
RETRIES = Kind("an object of retries", '{"attempts": 3}', meant.as_retries)
HOURS = Kind("an object of hours", '{"start": "09:00", "end": "17:00"}', meant.as_hours)
AFTERS = Kind("a list of tasks", '[{"task": "fetch", "outcome": "success"}]', meant.as_afters)
AFTER = Kind("a task", '{"task": "fetch"}', meant.as_after)
START = Kind(
    "a time of day", '"09:00"', meant.as_clock, schema={"pattern": f"^{values.CLOCK.pattern}$"}
)
END = Kind(
    "a time of day",
    '"17:00"',
    meant.as_clock,
    schema={"pattern": f"^({values.CLOCK.pattern}|24:00)$"},
)
WEEKDAYS = Kind(
    "a list of days", '["mon", "fri"]', meant.as_days, schema={"items": {"enum": [*DAYS]}}
)
MASK = Kind("a umask", '"022"', meant.as_umask, schema={"pattern": f"^{values.UMASK.pattern}$"})
TOOL = Kind("a tool", '"filesystem:list_directory"')
PARAMETERS = Kind("an object", '{"path": "/backups"}')
