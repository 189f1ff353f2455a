"""What a firing would decide at an instant, without running anything."""

from __future__ import annotations

from ncp.ledger import record, taken
from ncp.ledger.record import PLANNED
from ncp.ledger.schema import Rehearsal
from ncp.process import me
from ncp.runner.claiming import Claim
from ncp.runner.firing import EARLY_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection

    from ncp.ledger.compiled import CompiledTiming


class Decision:
    """Whether a slot is due and still free, which one (UTC minute), and why.

    `late` is in seconds, negative where the wake-up is early; `missed` counts the
    free slots before it that are passed over.
    """

    __slots__ = ("due", "late", "missed", "reason", "slot")

    def __init__(
        self, *, due: bool, slot: int | None, late: float | None, missed: int, reason: str
    ) -> None:
        self.due, self.slot, self.late, self.missed, self.reason = due, slot, late, missed, reason


def decide(connection: Connection, timing: CompiledTiming, now: float) -> Decision:
    """Decide as a firing at `now` (epoch seconds) does, early ones at their slot."""
    coming = timing.following(int(now // 60))
    if coming is None or coming * 60 - now > EARLY_SECONDS:
        return _decided(connection, timing, now)
    found = _decided(connection, timing, coming * 60.0)
    found.late = now - coming * 60
    found.reason = f"woken {-found.late:g} s early, so it waits for the slot; {found.reason}"
    return found


def _decided(connection: Connection, timing: CompiledTiming, now: float) -> Decision:
    """Make the claim and take it back, so that nothing can be told but what would happen."""
    with Rehearsal(connection):
        claim = Claim(connection, timing, now, me(), dry=True)
        slot = timing.latest(claim.minute, claim.floor)
        if slot is None:
            return _nothing(connection, timing, claim.minute, now)
        missed = timing.count(claim.floor, slot) - 1
        claim.jobs()
        reason = _outcome(connection, timing.id, slot)
    return Decision(due=True, slot=slot, late=now - slot * 60, missed=missed, reason=reason)


def _nothing(connection: Connection, timing: CompiledTiming, minute: int, now: float) -> Decision:
    """Tell a slot that somebody has claimed from none at all."""
    slot = record.newest_slot(connection, timing.id, minute)
    if slot is None or slot <= timing.since:
        return Decision(due=False, slot=None, late=None, missed=0, reason="nothing is due yet")
    late = now - slot * 60
    reason = "the newest slot is claimed already"
    return Decision(due=False, slot=slot, late=late, missed=0, reason=reason)


def _outcome(connection: Connection, timing_id: str, slot: int) -> str:
    found = taken.outcomes(connection, timing_id, slot)
    return "; ".join(_said(*one) for one in found) or "no task takes part in this slot"


def _said(name: str, status: str, reason: str | None) -> str:
    verb = "starts" if status == PLANNED else "skips"
    return f"{verb} {name}" + (f" ({reason})" if reason else "")
