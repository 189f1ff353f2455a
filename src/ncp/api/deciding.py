"""What a firing would decide, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import views
from ncp.cron import zones
from ncp.errors import NotFoundError
from ncp.ledger.compiled import compiled_timing
from ncp.ledger.schema import connect
from ncp.runner.deciding import decide

if TYPE_CHECKING:
    from datetime import datetime

    from ncp.applying.site import Site


def decision(site: Site, timing_id: str, at: datetime) -> dict[str, Any]:
    """Lay out the decision of a firing at an aware instant; NotFoundError for an unknown timing."""
    book = connect(str(site.home.path))
    timing = compiled_timing(book, timing_id)
    if timing is None:
        raise NotFoundError(
            f'There is no timing "{timing_id}".',
            where=str(site.home.path),
            next_step="See: ncp schedule list",
        )
    found = decide(book, timing, at.timestamp())
    return {
        "due": found.due,
        "slot": None if found.slot is None else views.iso(zones.instant(found.slot)),
        "late": found.late,
        "missed": found.missed,
        "reason": found.reason,
    }
