"""The daily log and captured output, as people read them."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import daylog, files
from ncp.api import resolving
from ncp.errors import NotFoundError
from ncp.ledger import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.api import Schedule

POLL_SECONDS = 0.2
STAMP = len("[2026-11-20 08:00:00] ")
SPOKEN = ("INFO: Executing '{}'", "INFO: Task '{}' ", "ERROR: Task '{}' ")
"""What ncp itself says of a task, after the stamp."""


class Log:
    """The daily log of a home: every line, or those about one task."""

    def __init__(self, schedule: Schedule, reference: str | None = None) -> None:
        self._folder = schedule.site.home.logs
        self._starts: tuple[str, ...] = ("",)
        if reference is not None:
            name = daylog.visible(resolving.task(schedule.model, reference).name)
            self._starts = (f"[{name}] ", *(text.format(name) for text in SPOKEN))

    def last(self, count: int) -> list[str]:
        """Read the last lines, of as many days as it takes."""
        found: list[str] = []
        for path in reversed(self._days()):
            with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
                found = [*deque(self._chosen(lines), count - len(found)), *found]
            if len(found) == count:
                break
        return found

    def follow(self) -> Iterator[str]:
        """Yield the lines that are written from now on, across midnight, without end."""
        days = self._days()
        path = days[-1] if days else Path()
        position = path.stat().st_size if days else 0
        while True:
            days = self._days()
            for newer in [day for day in days if day.name >= path.name]:
                position = position if newer == path else 0
                path = newer
                text, position = _from(path, position)
                yield from self._chosen(text.splitlines(keepends=True))
            time.sleep(POLL_SECONDS)

    def _days(self) -> list[Path]:
        return sorted(self._folder.glob("????-??-??.log"))

    def _chosen(self, lines: Iterator[str] | list[str]) -> Iterator[str]:
        return (line.rstrip("\n") for line in lines if line[STAMP:].startswith(self._starts))


def _from(path: Path, position: int) -> tuple[str, int]:
    """Read the whole lines that stand after a position; returns them and where they end."""
    with path.open("rb") as file:
        file.seek(position)
        data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    return whole.decode("utf-8", "replace"), position + len(whole)


def output_of(schedule: Schedule, execution_id: str) -> bytes | None:
    """Read what an execution printed; None where it printed nothing that was kept."""
    book = schedule.site.ledger if schedule.site.home.ledger.exists() else None
    found = None if book is None else history.execution(book, execution_id)
    if found is None:
        raise NotFoundError(
            f'No execution has the id "{execution_id}".',
            where="--execution",
            next_step="Run: ncp schedule executions",
        )
    path = found["outputPath"]
    return files.read(Path(path)) if isinstance(path, str) else None
