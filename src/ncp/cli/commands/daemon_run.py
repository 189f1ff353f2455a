"""`ncp daemon run`: the embedded scheduler, in the foreground."""

from __future__ import annotations

from ncp import daemon
from ncp.applying import changing, moving
from ncp.cli import output
from ncp.cli.opening import opened

EXAMPLE = "ncp daemon run"


def command() -> int:
    """Fire what is due, in the foreground.

    Runs until it is stopped (Ctrl-C or SIGTERM), and needs no other scheduler.
    """
    home = opened()
    home.site.prepare()
    moving.require_no_copy(home.site)
    home.site.refresh_launcher()
    choice = changing.choice(home.site)
    if choice.recorded and choice.name != "embedded":
        output.note(
            f"{choice.name} fires the schedule of this home already; each slot runs once anyway. "
            "To leave it to the daemon: ncp schedule sync --target embedded"
        )
    home.site.ledger.close()
    path = str(home.site.home.path)
    words = f"Firing what is due in {path}; Ctrl-C stops."
    return daemon.serve(path, ready=lambda: output.talk(words))
