"""The fields of a version 1 job, one by one: a value for a task, or why there is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from ncp.cron import expression, zones
from ncp.document.text import shown
from ncp.errors import InputError
from ncp.fields import camel
from ncp.fields.values import MOST_EXECUTIONS
from ncp.model import Complaint, Recurrence, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    Job = dict[str, Any]


class Notes:
    """What is wrong with a job (it cannot be used as it is), and what is only odd."""

    def __init__(self) -> None:
        self.problems: list[Complaint] = []
        self.warnings: list[str] = []

    def problem(self, key: str, what: str) -> None:
        """Note what keeps it from running."""
        self.problems.append(Complaint(key, what))

    def warn(self, key: str, what: str) -> None:
        """Note what was assumed."""
        self.warnings.append(f"{key}: {what}")


def recurrence(job: Job, notes: Notes) -> tuple[Recurrence, str | None]:
    """Read when it is due and in which zone; what cannot be read never comes."""
    found, zone = _cron(job, notes), _zone(job, notes)
    return (Recurrence(), None) if notes.problems else (found, zone)


def _cron(job: Job, notes: Notes) -> Recurrence:
    text = job.get("cronExpression")
    if not isinstance(text, str):
        notes.problem("cronExpression", _missing(job, "cronExpression", "an expression"))
        return Recurrence()
    try:
        return expression.parse(text)
    except InputError as error:
        notes.problem("cronExpression", f"{shown(text)}: {error.what.rstrip('.')}")
        return Recurrence()


def _zone(job: Job, notes: Notes) -> str | None:
    name = job.get("timezone")
    if name is None or name == "local":
        return None
    try:
        return zones.zone(name if isinstance(name, str) else shown(name)).key
    except InputError as error:
        notes.problem("timezone", error.what.rstrip("."))
        return None


def _missing(job: Job, key: str, kind: str) -> str:
    return f"{shown(job[key])} is not {kind}" if job.get(key) is not None else "it is missing"


def values(job: Job, notes: Notes) -> dict[str, Any]:
    """Read all other fields into those of `model.Task`; those that say nothing are left out."""
    found = {name: read(job, notes) for name, read in READERS.items()}
    return {name: value for name, value in found.items() if value is not None}


def _tool(job: Job, notes: Notes) -> str | None:
    tool = job.get("tool")
    if not isinstance(tool, str):
        notes.problem("tool", _missing(job, "tool", "the name of a tool"))
        return None
    if not all(part.strip() for part in tool.partition(":")):
        notes.problem("tool", f"{shown(tool)} does not name a server and its tool")
        return None
    return tool


def _parameters(job: Job, notes: Notes) -> dict[str, Any] | None:
    found = job.get("parameters")
    if found is None:
        return None
    if not isinstance(found, dict):
        notes.problem("parameters", f"{shown(found)} is not an object")
        return None
    return found or None


def _text(key: str) -> Callable[[Job, Notes], str | None]:
    def read(job: Job, notes: Notes) -> str | None:
        found = job.get(key)
        if found is None or (isinstance(found, str) and "\0" not in found):
            return found or None
        notes.warn(key, f"{shown(found)} is not text; it was left out")
        return None

    return read


def _fire_once(job: Job, notes: Notes) -> bool | None:
    found = job.get("fireOnce")
    if isinstance(found, bool | None):
        return found or None
    notes.problem("fireOnce", f"{shown(found)} is neither true nor false")
    return None


def _catchup(job: Job, notes: Notes) -> bool | None:
    found = job.get("catchupMissed")
    if isinstance(found, bool | None):
        return found or None
    notes.warn("catchupMissed", f"{shown(found)} is neither true nor false; it counts as false")
    return None


def _most(job: Job, notes: Notes) -> int | None:
    found = job.get("maxExecutions")
    if found is None or (_is_count(found) and 0 < found <= MOST_EXECUTIONS):
        return found
    notes.problem("maxExecutions", f"{shown(found)} is not a count of 1 or more")
    return None


def _end(job: Job, notes: Notes) -> str | None:
    found = job.get("endDate")
    if found is None:
        return None
    when = instant(found)
    if when is None:
        notes.problem("endDate", f"{shown(found)} is not an instant")
    return None if when is None else iso(when)


def _made(job: Job, notes: Notes) -> str | None:
    found = job.get("createdAt")
    when = instant(found)
    if when is None and found is not None:
        notes.warn("createdAt", f"{shown(found)} is not an instant; it was left out")
    return None if when is None else iso(when)


def _status(job: Job, notes: Notes) -> str:
    found = job.get("status")
    if found is None:
        notes.warn("status", "it is missing, and such a job never ran; the task is paused")
        return "paused"
    if found not in get_args(TaskStatus):
        notes.problem("status", f"{shown(found)} is not a status")
        return "error"
    return str(found)


READERS: dict[str, Callable[[Job, Notes], Any]] = {
    "tool": _tool,
    "parameters": _parameters,
    "description": _text("description"),
    "working_directory": _text("workingDirectory"),
    "error_message": _text("errorMessage"),
    "fire_once": _fire_once,
    "catchup_missed": _catchup,
    "max_executions": _most,
    "end_date": _end,
    "created_at": _made,
    "status": _status,
}


KNOWN = {camel(key) for key in READERS} | {
    "id",
    "name",
    "cronExpression",
    "timezone",
    "executionCount",
    "lastExecutionId",
    "lastExecutionAt",
    "nextExecutionAt",
}
"""All keys of a job."""


def unknown(job: Job, notes: Notes) -> None:
    """Say which keys stay behind."""
    for key in job:
        if key not in KNOWN:
            notes.warn(key, f"{shown(job[key])} has no counterpart")


def name(job: Job, key: str, notes: Notes) -> str:
    """Read its name; without one it is called as its key."""
    found = job.get("name")
    if isinstance(found, str) and found.strip():
        return found
    if found is None or found == "":
        notes.warn("name", "it is missing; the task is called by its id")
    else:
        notes.problem("name", f"{shown(found)} is not a name")
    return key


def count(job: Job, notes: Notes) -> int:
    """Read how often it ran."""
    found = job.get("executionCount", 0)
    if _is_count(found) and 0 <= found <= MOST_EXECUTIONS:
        return int(found)
    notes.warn("executionCount", f"{shown(found)} is not a count; it begins at 0")
    return 0


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def instant(text: object) -> datetime | None:
    """Read an instant as JavaScript does: a date alone is midnight UTC; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError):  # beyond the year 9999 in UTC, or before the year 1
        return None


def iso(when: datetime) -> str:
    """Write an instant as the document carries it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
