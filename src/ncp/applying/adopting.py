"""Take over a home that another machine used: a clone, a rename, a moved disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.ledger.compiled import set_meta
from ncp.ledger.schema import connect
from ncp.store import home as homes

if TYPE_CHECKING:
    from ncp.applying.site import Site


def adopt(site: Site) -> None:
    """Record this machine as the home's; the ledger is opened past the refusal of others."""
    homes.prepare(site.home)
    connection = connect(str(site.home.path))
    try:
        set_meta(connection, "machine", homes.machine_id())
    finally:
        connection.close()
