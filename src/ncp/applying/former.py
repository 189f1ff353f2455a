"""Where a home was before it was moved or copied, as its ledger notes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.ledger.compiled import get_meta, set_meta
from ncp.store.home import Place

if TYPE_CHECKING:
    from _sqlite3 import Connection

BEHIND = "behind"
"""The ledger's note of the places where this home was before, and may have left entries."""


def is_copy(place: Place, recorded: Place | None) -> bool:
    """Tell whether the home that the ledger was made in is still there, and is another one."""
    if recorded is None or recorded.path == place.path:
        return False
    then, now = Path(recorded.path) / "state.db", Path(place.path) / "state.db"
    return then.exists() and not then.samefile(now)


def noted(connection: Connection, here: Place) -> list[Place]:
    """List the places noted, without those that this home or another one has now."""
    text = get_meta(connection, BEHIND)
    places = [Place.load(one) for one in json.loads(text)] if text else []
    return [one for one in places if one.tag != here.tag and not is_copy(here, one)]


def note(connection: Connection, here: Place, recorded: Place) -> None:
    """Note that a home was moved, so that a sync can offer to take its entries along."""
    places = [*(place.dump() for place in noted(connection, here)), recorded.dump()]
    set_meta(connection, BEHIND, json.dumps(places))


def forget(connection: Connection) -> None:
    """Note that no entries are left at those places."""
    set_meta(connection, BEHIND, "")
