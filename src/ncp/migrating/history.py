"""executions/: the CSV of what ran, and the results beside it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ncp.migrating import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

STATUSES = {
    "success": "success",
    "failure": "failure",
    "timeout": "timeout",
    "running": "interrupted",
}
LONGEST = 2**31 - 1
_DURATION = re.compile(r"\d{1,12}(\.\d*)?")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Past:
    """An execution of the old tool; `output` is what it left, by its stream."""

    id: str
    old_id: str
    job_id: str
    name: str
    status: str
    started: datetime
    milliseconds: int | None
    error: str
    output: tuple[str, bytes] | None = None

    @property
    def ended(self) -> datetime | None:
        """When it ended; None where that is not known."""
        if self.milliseconds is None:
            return None
        try:
            return self.started + timedelta(milliseconds=self.milliseconds)
        except OverflowError:
            return None


def read(table: str, results: Mapping[str, Any]) -> tuple[list[Past], tuple[str, ...]]:
    """List the executions of the CSV and of results that it lacks, and what could not be read."""
    found: dict[str, Past] = {}
    bad: list[str] = []
    for line, row in _rows(table):
        past = _past(row, results.get(row.get("executionId") or ""))
        if past is None:
            bad.append(str(line))
        else:
            found[past.old_id] = past
    for old_id, result in results.items():
        past = None if old_id in found else _past(_row(result), result)
        if past is not None:
            found[past.old_id] = past
    some = f"{', '.join(bad[:8])}{', …' if len(bad) > 8 else ''}"
    notes = (f"executions/summary.csv: rows that end on these lines are none: {some}.",)
    return [*found.values()], notes if bad else ()


def _rows(table: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Read the CSV with its quoted line breaks; a field may be as long as it likes."""
    before = csv.field_size_limit(LONGEST)
    reader = csv.DictReader(io.StringIO(table, newline=""))
    try:
        while True:
            try:
                row = next(reader)
            except csv.Error:
                row = {}
            yield reader.line_num, {key: value for key, value in row.items() if key and value}
    except StopIteration:
        return
    finally:
        csv.field_size_limit(before)


def _row(result: object) -> dict[str, str]:
    """Write a result as a row of the CSV."""
    if not isinstance(result, dict):
        return {}
    error = result.get("error")
    plain = {key: str(value) for key, value in result.items() if isinstance(value, str | int)}
    message = str(error.get("message", "")) if isinstance(error, dict) else ""
    return {**plain, "errorMessage": message}


def _past(row: Mapping[str, str], result: object) -> Past | None:
    started = fields.instant(row.get("startedAt"))
    status = STATUSES.get(row.get("status", ""))
    old_id = row.get("executionId")
    if not old_id or started is None or status is None:
        return None
    duration = row.get("duration", "")
    return Past(
        new_id(old_id, started),
        old_id,
        row.get("jobId", ""),
        row.get("jobName", ""),
        status,
        started,
        int(float(duration)) if _DURATION.fullmatch(duration) else None,
        row.get("errorMessage", ""),
        _output(result),
    )


def new_id(old_id: str, started: datetime) -> str:
    """Put its time before the old id: ids sort by time, and that is how old ones are found."""
    plain = _PLAIN.fullmatch(old_id)
    end = old_id if plain else sha256(old_id.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%S}-{end}"


def _output(result: object) -> tuple[str, bytes] | None:
    """What it answered, or its error: the text where that is all, else the JSON of it."""
    if not isinstance(result, dict):
        return None
    for key, stream in (("result", "STDOUT"), ("error", "STDERR")):
        if result.get(key) is not None:
            text = _text(result[key]).rstrip("\n") + "\n"
            return stream, text.encode("utf-8", "backslashreplace")
    return None


def _text(answer: Any) -> str:
    if isinstance(answer, str):
        return answer
    parts = answer.get("content") if isinstance(answer, dict) else None
    if isinstance(parts, list) and parts and all(_is_text(part) for part in parts):
        return "\n".join(part["text"] for part in parts)
    return json.dumps(answer, indent=2, ensure_ascii=False)


def _is_text(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)
