"""`ncp uninstall`: take every entry of this home out of the machine's schedulers."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from ncp.api import Schedule
from ncp.cli import output
from ncp.cli.options import JsonFlag
from ncp.errors import AbsentError, InputError

EXAMPLE = "ncp uninstall -y"


def command(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: JsonFlag = False,
) -> None:
    """Remove every scheduler entry of this home.

    Tasks stay as they are; it says what is left, and where.
    """
    home = Schedule()
    with contextlib.suppress(AbsentError):  # nothing is to run: it need not say what
        _ = home.model  # a damaged document stops this command too
    if not yes and not _agreed(str(home.path)):
        output.talk("Nothing was removed.")
        return
    removed = {
        target: [entry.key for entry in changes.remove]
        for target, changes in home.uninstall()
        if changes.remove
    }
    output.acted = True
    left = home.left()
    if json:
        output.as_json({"removed": removed, "left": [asdict(one) for one in left]})
        return
    for target, keys in removed.items():
        for key in keys:
            output.data(f"- {output.visible(key)} ({target})")
    count = sum(len(keys) for keys in removed.values())
    output.talk(f"Removed {count} entries." if count else "There were no entries.")
    for one in left:
        output.talk(f"Left: {output.visible(one.what)}. To remove: {one.remove}")
    if (home.path / "schedule.json").exists():
        output.talk("To put the entries back: ncp schedule sync")


def _agreed(home: str) -> bool:
    """Ask on a terminal; elsewhere refuse."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(
            "Nobody can be asked here whether to uninstall.",
            where="ncp uninstall",
            next_step="Write: ncp uninstall -y",
        )
    return typer.confirm(f"Remove every scheduler entry of {output.visible(home)}?", err=True)
