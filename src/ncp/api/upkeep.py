"""What stands around each command: interrupted changes are finished, firings are served."""

from __future__ import annotations

import os
from _sqlite3 import DatabaseError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ncp.api.wording import in_words
from ncp.applying import absent, changing, moving
from ncp.errors import NotFoundError, SchedulerError
from ncp.ledger.schema import is_hindered
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from ncp.applying.site import Site


JOBS = "jobs.json"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the old tool has left: its `jobs`, or a document of version 2 with its `repairs`."""

    jobs: Path | None
    repairs: tuple[str, ...]


@in_words
class Upkeep:
    """What the command line and the machine's scheduler ask of a home; see `Schedule.upkeep`."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def take_up(self, *, may_empty: bool = False) -> list[str]:
        """Read the document, finish what was interrupted, renew the launcher; say what was done.

        With `may_empty`, a document that is out of sight means that nothing shall run. That all
        was in order is noted for those who look next, and is not looked at twice.
        """
        site = self.site
        site.may_empty = may_empty
        if not site.exists:
            return []
        seal = site.seal() if site.home.ledger.exists() else ""
        _ = site.document  # a broken one stops here
        if homes.is_writable(site.home):
            return [*_finished(site, seal)]
        return [f"{site.home.path} cannot be written: nothing can run or change."]

    def adopt(self) -> None:
        """Take over a home that another machine used, or a copy of another home."""
        from ncp.applying import adopting

        adopting.adopt(self.site)
        self.site.fresh()

    @property
    def stale(self) -> str:
        """Say where what fires is not what the document says; empty where it is."""
        return absent.STALE if self.site.exists and self.site.stale else ""

    @property
    def copied(self) -> str:
        """Say that a copy of another home fires nothing; empty where it is none."""
        found = moving.copied(self.site)
        return f"{found} To have it run them too: {moving.ADOPT}" if found else ""

    @property
    def waiting(self) -> Waiting | None:
        """What waits to be migrated; None where nothing does."""
        found, jobs = self.site.document, self.site.home.path / JOBS
        if os.path.lexists(jobs):
            return Waiting(jobs, tuple(found.repairs))
        return Waiting(None, tuple(found.repairs)) if found.repairs or found.counters else None

    @property
    def writable(self) -> bool:
        """Whether the home is there and may be changed."""
        return self.site.exists and homes.is_writable(self.site.home)

    def refresh(self) -> None:
        """Compile and sync again, where there is a home."""
        if self.site.exists:
            changing.sync(self.site)

    def settle(self) -> None:
        """Complete the tasks that reached their end, where there is a home."""
        from ncp.applying import settling

        if self.site.exists:
            settling.settle(self.site)

    def execute(self, task_id: str, part: str = "") -> NoReturn:
        """Become the process of a task, of one of its steps, or of a hook."""
        from ncp.api import running

        running.execute(self.site, task_id, part)

    def fire(self, timing_id: str | None) -> int:
        """Fire a timing, None: all that have missed a slot; an exit code of `ncp.errors`."""
        from ncp.runner import MISSED, run_timing

        return run_timing(str(self.site.home.path), timing_id or MISSED)

    def decision(self, timing_id: str, at: datetime | None = None) -> dict[str, Any]:
        """Lay out what a firing of a timing would decide at an aware instant, default now."""
        from ncp.api import deciding

        return deciding.decision(self.site, timing_id, at or self.site.host.now)

    def serve(self, ready: Callable[[str], None], note: Callable[[str], None]) -> int:
        """Be the embedded scheduler until SIGTERM or SIGINT; an exit code of `ncp.errors`.

        `ready` is told once it runs; `note` what is doubtful, before.
        """
        from ncp.api import serving

        return serving.serve(self.site, ready, note)

    def require_schedule(self) -> None:
        """Refuse a home in which nothing was ever scheduled."""
        if not self.site.home.ledger.exists():
            raise NotFoundError(
                "There is no schedule here.",
                where=str(self.site.home.path),
                next_step="Set NCP_HOME.",
            )


def _finished(site: Site, seal: str) -> Iterator[str]:
    """Finish what was interrupted; where the disk is full or the OS refuses, that has time."""
    try:
        if changing.take_up(site):
            yield "An earlier change had been interrupted; it is finished now."
            site.fresh()
        if not site.sealed(seal):
            if site.home.launcher.exists():
                site.refresh_launcher()
            site.note(seal)
    except (OSError, DatabaseError, SchedulerError) as error:
        if isinstance(error, DatabaseError) and not is_hindered(error):
            raise  # a damaged ledger gets no better with time
        yield f"What was left undone cannot be finished now: {error}."
