"""Retention: what is older or more than a home wants to keep goes, with its files.

After a firing this takes a moment at most once an hour; `ncp schedule cleanup`
takes the time it needs.
"""

from __future__ import annotations

import os
import time

from ncp.ledger import retention
from ncp.ledger.compiled import get_meta
from ncp.ledger.record import CLEANING_PERIOD_MS, now_ms
from ncp.ledger.retention import DAY_MS
from ncp.runner.output import beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Callable, Iterable

    from ncp.ledger.retention import Doomed

BATCH = 500
LONGEST_SECONDS = 0.5
"""How long cleaning may keep a runner from ending; the next firing goes on."""
EVERYWHERE = ""


def clean_after_firing(connection: Connection, home: str, timing_id: str) -> None:
    """Where its hour has come, forget what retention does not keep of this timing, and by age."""
    days, per_task = (int(word) for word in (get_meta(connection, "retention") or "0 0").split())
    until = time.monotonic() + LONGEST_SECONDS
    if per_task and retention.take_turn(connection, timing_id, now_ms(), CLEANING_PERIOD_MS):
        counted = Cleaning(connection, home, None, per_task, timing_id)
        if not counted.carry_out(until):
            retention.give_back(connection, timing_id)
    if days and retention.take_turn(connection, EVERYWHERE, now_ms(), CLEANING_PERIOD_MS):
        aged = Cleaning(connection, home, days, None)
        if not aged.carry_out(until):
            retention.give_back(connection, EVERYWHERE)


class Cleaning:
    """Takes away what is older than `days` or beyond `per_task`; counts what it took."""

    def __init__(
        self,
        connection: Connection,
        home: str,
        days: int | None,
        per_task: int | None,
        timing_id: str | None = None,
    ) -> None:
        self._connection, self._home = connection, home
        self._per_task, self._timing_id = per_task, timing_id
        self._before = None if days is None else now_ms() - days * DAY_MS
        self.executions = self.files = self.bytes = self.logs = self.slots = 0

    def carry_out(self, until: float = float("inf")) -> bool:
        """Do it; False where there is more to do at `until` (monotonic seconds)."""
        for choose in self._choices():
            while doomed := choose(BATCH):
                self._forget(doomed)
                if time.monotonic() > until:
                    return False
        if self._before is not None:
            self._forget_slots(self._before)
            self._sweep(self._before)
        return True

    def preview(self) -> None:
        """Only count what would go of the executions and their files."""
        doomed = {row for choose in self._choices() for row in choose(retention.ALL)}
        self._count(doomed)

    def _choices(self) -> Iterable[Callable[[int], list[Doomed]]]:
        before, keep = self._before, self._per_task
        if before is not None:
            yield lambda most: retention.outdated(self._connection, before, most)
        if keep is not None:
            for task in retention.recorded_tasks(self._connection, self._timing_id):
                yield lambda most, task=task: retention.surplus(self._connection, task, keep, most)  # type: ignore[misc]  # a default binds the task of this turn

    def _count(self, doomed: Iterable[Doomed]) -> None:
        for _, _, _, _, path in doomed:
            self.executions += 1
            for one in _files(path):
                if (size := _size(one)) is not None:
                    self.files += 1
                    self.bytes += size

    def _forget(self, doomed: list[Doomed]) -> None:
        """Files first: after a crash between, nothing is left that nobody knows of."""
        self._count(doomed)
        for _, _, _, _, path in doomed:
            if path is not None and path.startswith(f"{self._home}/executions/"):
                for one in _files(path):
                    _unlink(one)
                _remove_folder(beside(path))
        retention.forget(self._connection, doomed)

    def _forget_slots(self, before: int) -> None:
        for timing_id in retention.claimed_timings(self._connection):
            now = now_ms() // 60_000
            self.slots += retention.forget_slots(self._connection, timing_id, before // 60_000, now)

    def _sweep(self, before: int) -> None:
        """Remove old daily logs, and output that belongs to nothing, as a dead runner leaves it."""
        oldest = time.strftime("%Y-%m-%d", time.localtime(before // 1000))
        for name in _names(f"{self._home}/logs"):
            if name < oldest and name.endswith(".log"):
                self.logs += _unlink(f"{self._home}/logs/{name}")
        for day in _names(f"{self._home}/executions"):
            folder = f"{self._home}/executions/{day}"
            if day < oldest:
                self._sweep_day(folder)
            if day < _yesterday():  # a runner could be about to write into a newer one
                _remove_folder(folder)

    def _sweep_day(self, folder: str) -> None:
        for name in _names(folder):
            if not retention.is_recorded(self._connection, name.partition(".")[0]):
                path = f"{folder}/{name.removesuffix('.files')}"
                for one in _files(path):
                    size = _size(one) or 0
                    if _unlink(one):
                        self.files += 1
                        self.bytes += size
                _remove_folder(beside(path))


def _yesterday() -> str:
    return time.strftime("%Y-%m-%d", time.localtime(time.time() - 86_400))


def _names(folder: str) -> list[str]:
    """List a folder's files that are named for a day or an execution; none where it is missing."""
    try:
        return sorted(name for name in os.listdir(folder) if name[:1].isdigit())
    except OSError:
        return []


def _files(path: str | None) -> list[str]:
    """List what an execution has left: its output, and what lies beside it."""
    if path is None:
        return []
    folder = beside(path)
    try:
        return [path, *(f"{folder}/{name}" for name in os.listdir(folder))]
    except OSError:
        return [path]


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True


def _remove_folder(folder: str) -> None:
    try:
        os.rmdir(folder)
    except OSError:
        return  # something is kept in it
