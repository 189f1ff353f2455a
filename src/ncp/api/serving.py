"""The embedded scheduler of a home, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import daemon
from ncp.applying import changing, moving

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.applying.site import Site


def serve(site: Site, ready: Callable[[str], None], note: Callable[[str], None]) -> int:
    """Fire what is due until SIGTERM or SIGINT; see `Upkeep.serve`."""
    site.prepare()
    moving.require_no_copy(site)
    site.refresh_launcher()
    choice = changing.choice(site)
    if choice.recorded and choice.name != "embedded":
        note(
            f"{choice.name} fires the schedule of this home already; each slot runs once anyway. "
            "To leave it to the daemon: ncp schedule sync --target embedded"
        )
    site.ledger.close()
    path = str(site.home.path)
    words = f"Firing what is due in {path}; Ctrl-C stops."
    return daemon.serve(path, ready=lambda: ready(words))
