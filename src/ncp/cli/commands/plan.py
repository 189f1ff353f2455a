"""`ncp schedule plan`: what a sync would do."""

from __future__ import annotations

from ncp.cli import output, plans
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag

EXAMPLE = "ncp schedule plan"


def command(json: JsonFlag = False) -> None:
    """Show what a sync would do.

    It would add entries (+), change them (~), remove them (-) and keep them (=).
    """
    home = opened()
    choice = home.target
    changes = home.plan()
    if json:
        output.as_json({"target": choice.name, "reason": choice.reason, **plans.keys(changes)})
        return
    plans.entries(changes)
    output.talk(f"{plans.counted(changes)} on {choice.name}.")
    if not changes.empty:
        output.talk("To do it: ncp schedule sync")
