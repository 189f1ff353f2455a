"""`ncp uninstall`: take every entry of this home out of the machine's schedulers."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ncp.api import Schedule, removing
from ncp.cli import output
from ncp.cli.options import JsonFlag

EXAMPLE = "ncp uninstall -y"


def command(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonFlag = False,
) -> None:
    """Remove every scheduler entry of this home.

    Tasks stay as they are; it says what is left, and where.
    """
    home = Schedule()
    if not yes and sys.stdin.isatty():
        question = f"Remove every scheduler entry of {output.visible(home.site.home.path)}?"
        typer.confirm(question, abort=True, err=True)
    removed = removing.uninstall(home)
    left = removing.left(home)
    if json:
        output.as_json({"removed": removed, "left": left})
        return
    for target, keys in removed.items():
        for key in keys:
            output.data(f"- {output.visible(key)} ({target})")
    count = sum(len(keys) for keys in removed.values())
    output.talk(f"Removed {count} entries." if count else "There were no entries.")
    for what in left:
        output.talk(f"Left: {output.visible(what['what'])}. To remove: {what['remove']}")
    if home.site.home.schedule.exists():
        output.talk("To put the entries back: ncp schedule sync")
