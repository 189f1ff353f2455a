"""The daily log and captured output, as people read them."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import daylog
from ncp.api import printed, resolving
from ncp.errors import NotFoundError
from ncp.ledger import history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.applying.site import Site

POLL_SECONDS = 0.2
STAMP = len("[2026-11-20 08:00:00] ")
SPOKEN = ("INFO: Executing '{}'", "INFO: Task '{}' ", "ERROR: Task '{}' ")
"""What ncp itself says of a task, after the stamp."""


class Log:
    """The daily log of a home: every line, or those about one task."""

    def __init__(self, site: Site, reference: str | None = None) -> None:
        self._folder = site.home.logs
        self._seen: dict[Path, int] = {}
        self._starts: tuple[str, ...] = ("",)
        if reference is not None:
            name = daylog.visible(resolving.task(site.document.schedule, reference).name)
            self._starts = (f"[{name}] ", *(text.format(name) for text in SPOKEN))

    def last(self, count: int) -> list[str]:
        """Read the last lines, of as many days as it takes."""
        found: list[str] = []
        for path in reversed(self._days()):
            with path.open("rb") as lines:
                found = [*deque(self._chosen(lines), count - len(found)), *found]
                self._seen.setdefault(path, lines.tell())
            if len(found) == count:
                break
        return found

    def follow(self) -> Iterator[str]:
        """Yield the lines after those that `last` read, as they come; across midnight, no end."""
        oldest = max(self._seen, default=Path())
        while True:
            for path in [day for day in self._days() if day >= oldest]:
                with path.open("rb") as file:
                    file.seek(self._seen.get(path, 0))
                    whole, newline, _ = file.read().rpartition(b"\n")
                self._seen[path] = self._seen.get(path, 0) + len(whole + newline)
                yield from self._chosen(whole.splitlines())
            time.sleep(POLL_SECONDS)

    def _days(self) -> list[Path]:
        return sorted(self._folder.glob("????-??-??.log"))

    def _chosen(self, lines: Iterable[bytes]) -> Iterator[str]:
        texts = (line.decode("utf-8", "replace").rstrip("\n") for line in lines)
        return (text for text in texts if text[STAMP:].startswith(self._starts))


def output_of(site: Site, execution_id: str) -> Iterator[tuple[str, bytes]]:
    """Read what an execution printed as (stream, bytes) in order; none where nothing was kept."""
    book = site.ledger if site.home.ledger.exists() else None
    found = None if book is None else history.execution(book, execution_id)
    if found is None:
        raise NotFoundError(
            f'No execution has the id "{execution_id}".',
            where="--execution",
            next_step="Run: ncp schedule executions",
        )
    path = found["outputPath"]
    return printed.pieces(Path(path)) if isinstance(path, str) else iter(())
