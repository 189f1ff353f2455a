"""The cap on tasks of a whole home, which its runners share (setting `home_concurrency`).

Who runs and who waits stands in the ledger, where the transaction that starts
tasks decides: so no two runners take one place. A dead runner holds none.
"""

from __future__ import annotations

import time

from ncp.ledger import places, record
from ncp.process import alive, me

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.daylog import Daylog
    from ncp.ledger.places import Seat
    from ncp.owners import Owner
    from ncp.runner.job import Job

LOOK_SECONDS = 0.1
"""How soon a place that another runner gives back is noticed."""
FRESH_NS = 2_000_000_000
"""Who has not asked for so long is passed by: it was stopped, or has other things to do."""
CLASS_NS = 60_000_000_000
"""How much later one came who goes first all the same, by being one priority more urgent."""


class Places:
    """Gives places to jobs in their turn: by when they asked, a minute earlier per priority."""

    def __init__(self, connection: Connection, log: Daylog, most: int) -> None:
        self._connection, self._log, self._most = connection, log, most
        self._owner = me()
        self.next_look: float | None = None
        """When (monotonic) to ask again; None where nobody was refused."""

    def closed(self, now: float) -> bool:
        """Tell whether it is too early to ask again."""
        return self.next_look is not None and now < self.next_look

    def grant(self, jobs: list[Job]) -> list[Job]:
        """Choose those that may start now. To be asked in the transaction that starts them."""
        if not jobs:
            return jobs
        now = time.monotonic_ns()
        running, asking = places.seats(self._connection)
        living = _Living()
        free = self._most - sum(living(seat.owner) for seat in running)
        asked = {seat.id: seat for seat in asking}
        turns = {job.id: _turn(job, asked.get(job.id), now + n) for n, job in enumerate(jobs)}
        others = [
            (seat.turn or 0, seat.id)
            for seat in asking
            if seat.owner != self._owner and now - seat.asked <= FRESH_NS and living(seat.owner)
        ]
        line = sorted([*others, *((turn, id_) for id_, turn in turns.items())])
        first = {id_ for _, id_ in line[: max(0, free)]}
        granted = [job for job in jobs if job.id in first]
        for job in jobs:
            self._note(job, turns[job.id], asked.get(job.id), now, granted=job.id in first)
        refused = len(granted) < len(jobs)
        self.next_look = time.monotonic() + LOOK_SECONDS if refused else None
        return granted

    def _note(self, job: Job, turn: int, seat: Seat | None, now: int, *, granted: bool) -> None:
        """Put down who waits, and of who has waited for how long."""
        if granted:
            if seat is not None:
                waited = (now - turn + job.task.priority * CLASS_NS) / 1e9
                record.explain(self._connection, job.id, f"waited {waited:.1f} s for a free place")
        elif seat is None or now - seat.asked > FRESH_NS // 2:
            places.ask(self._connection, job.id, turn, now)
            if seat is None:
                self._log.note(f"'{job.task.name}' waits for one of {self._most} places")


def _turn(job: Job, seat: Seat | None, now: int) -> int:
    if seat is not None and seat.turn is not None:
        return seat.turn
    return now + job.task.priority * CLASS_NS


class _Living:
    """Tells whether a runner lives, and looks once."""

    def __init__(self) -> None:
        self._known: dict[Owner, bool] = {}

    def __call__(self, owner: Owner) -> bool:
        if owner not in self._known:
            self._known[owner] = alive(owner)
        return self._known[owner]
