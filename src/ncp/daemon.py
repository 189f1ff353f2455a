"""The embedded scheduler: for machines without one that ncp can use.

It does what cron would: sleep, and call the launcher when a timing is due. What
is due, and whether it still must run, the firing decides for itself.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from ncp.daylog import Daylog
from ncp.errors import DONE, BusyError
from ncp.ledger import record
from ncp.ledger.compiled import compiled_timings, get_meta
from ncp.ledger.schema import connect
from ncp.process import CannotStart, Children, launcher, locked
from ncp.runner.freshness import refresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.ledger.compiled import CompiledTiming
    from ncp.process import Child

LONGEST_NAP = 30.0
"""A changed clock or schedule is noticed within this many seconds."""

NEVER = 1 << 62

LOOKS, LOOK_SECONDS = 5, 0.02
"""How often the lock is asked for again, and how long after each time."""

PATIENCE = 60.0
"""How long runners may take to stop their tasks before they are killed."""


def serve(
    home: str,
    *,
    ready: Callable[[], None] = lambda: None,
    now: Callable[[], float] = time.time,
) -> int:
    """Fire what is due until SIGTERM or SIGINT; then stop what runs, and return 0.

    Catches up at the start, once `ready` has been told. Raises BusyError where
    this home has a daemon already.
    """
    lock = _lock(f"{home}/daemon.lock")
    if isinstance(lock, str):
        raise BusyError(
            f"The embedded scheduler is running already, as process {lock or 'unknown'}.",
            where=home,
            next_step="Leave it running, or stop it first.",
        )
    daemon = _Daemon(home, now)
    ready()
    try:
        daemon.run()
    finally:
        daemon.stop()
        os.close(lock)
    return DONE


def _lock(path: str) -> int | str:
    """Lock the file; who only looks whether a daemon runs holds it for an instant."""
    lock = locked(path)
    for _ in range(LOOKS):
        if not isinstance(lock, str):
            break
        time.sleep(LOOK_SECONDS)
        lock = locked(path)
    return lock


class _Daemon:
    def __init__(self, home: str, now: Callable[[], float]) -> None:
        self.home, self.now = home, now
        self.book, self.log = connect(home), Daylog(home)
        self.children = Children()
        self.runners: dict[str, Child] = {}
        self.tried: dict[str, int] = {}
        self.timings: list[CompiledTiming] = []
        self.due: dict[str, int] = {}
        self.copy: tuple[str | None, ...] = ()
        self.clock = 0.0

    def run(self) -> None:
        """Fire and sleep, until told to stop."""
        self._say("The embedded scheduler started")
        while not self.children.stop:
            self._reload()
            for timing in self.timings:
                self._fire_if_due(timing)
            self.log.flush()
            self._wait(self._nap())

    def _say(self, message: str) -> None:
        self.log.note(f"{message} (process {os.getpid()})")
        self.log.flush()

    def _reload(self) -> None:
        """Take the compiled copy again where it is another one."""
        refresh(self.book, self.home, self.log)
        copy = tuple(get_meta(self.book, key) for key in ("document", "zone"))
        if copy != self.copy:
            self.copy, self.timings = copy, compiled_timings(self.book)
            self.due.clear()
        before, self.clock = self.clock, self.now()
        if self.clock < before:  # the clock was set back
            self.due.clear()

    def _fire_if_due(self, timing: CompiledTiming) -> None:
        """Start a runner for a due slot; a runner that lives serves later slots by itself."""
        minute = int(self.now() // 60)
        if timing.id in self.runners or minute < self.due.get(timing.id, 0):
            return
        claimed = record.newest_slot(self.book, timing.id, minute) or 0
        slot = timing.latest(minute, max(timing.begins(minute), claimed))
        self.due[timing.id] = timing.following(minute) or NEVER
        if slot is None or slot == self.tried.get(timing.id):
            return
        self.tried[timing.id] = slot  # one that cannot be claimed is not tried without end
        try:
            argv = launcher(self.home, "_timing-run", timing.id)
            self.runners[timing.id] = self.children.spawn(argv, os.environ, None)
        except CannotStart as error:
            self.log.alarm(f"{timing.id} cannot be fired: {error.reason}")

    def _nap(self) -> float:
        """Say how long to sleep; slots that wait for a runner to end are announced by its end."""
        now = self.now()
        return min([LONGEST_NAP, *(d * 60 - now for d in self.due.values() if d * 60 > now)])

    def _wait(self, seconds: float) -> None:
        for _, _, data in self.children.wait(seconds):
            self.log.alarm(data.decode("utf-8", "replace").strip())
        self.runners = {name: child for name, child in self.runners.items() if not child.over}

    def stop(self) -> None:
        """Ask the runners to stop their tasks, wait for them, and leave."""
        for child in self.runners.values():
            child.terminate()
        until = time.monotonic() + PATIENCE
        while self.runners and time.monotonic() < until:
            self._wait(1)
        for child in self.runners.values():
            child.kill()
        self.children.close()
        self.book.close()
        self._say("The embedded scheduler stopped")
