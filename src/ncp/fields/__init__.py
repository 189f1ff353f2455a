"""The field table: one row for each field of a task, and of the objects inside it.

What is said here once drives the options, the checks and complaints of the document, the JSON
Schemas, the views and the reference in `docs/formats.md`.
"""

from __future__ import annotations

from ncp.fields import parts
from ncp.fields.row import Field, Kind, Option, camel
from ncp.fields.task import TASK

__all__ = ["CHECKED", "FIELDS", "INSIDE", "KINDS", "TASK", "Field", "Kind", "Option", "camel"]

INSIDE: dict[str, tuple[Field, ...]] = {
    "retries": parts.RETRIES,
    "limits": parts.LIMITS,
    "active_hours": parts.HOURS,
    "steps": parts.STEPS,
    "on_failure": parts.HOOKS,
    "on_success": parts.HOOKS,
    "after": parts.AFTER,
    "complaints": parts.COMPLAINTS,
}
"""The rows of what is inside a field of a task."""
PARTS = (
    *(*parts.RETRIES, *parts.LIMITS, *parts.HOURS, *parts.STEPS, *parts.HOOKS, *parts.AFTER),
    *parts.COMPLAINTS,
)
FIELDS = (*TASK, *PARTS)
KINDS: dict[str, Kind] = {row.key: row.kind for row in FIELDS if row.kind is not None}
"""By the key, which means the same wherever it stands."""
CHECKED = tuple((row.path, good, complaint) for row in FIELDS for good, complaint in row.checks)
"""What the values of a task must be: path, check, complaint."""
