"""Take over a home that another machine used (a clone, a rename), or that is a copy of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.applying import former
from ncp.ledger.compiled import set_meta
from ncp.ledger.schema import connect
from ncp.store import home as homes

if TYPE_CHECKING:
    from ncp.applying.site import Site


def adopt(site: Site) -> None:
    """Record this machine and this place as the home's, past the refusal of others."""
    homes.prepare(site.home)
    connection = connect(str(site.home.path))
    try:
        set_meta(connection, "machine", homes.machine_id())
        recorded, here = site.recorded_place, site.place_now
        if former.is_copy(here, recorded) or (recorded and recorded.tag == here.tag):
            set_meta(connection, "place", here.dump())
    finally:
        connection.close()
