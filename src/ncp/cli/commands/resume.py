"""`ncp schedule resume`: let paused tasks fire again."""

from __future__ import annotations

from ncp.cli import given, report
from ncp.cli.opening import opened
from ncp.cli.options import All, JsonFlag, References

EXAMPLE = "ncp schedule resume backup"


def command(tasks: References = None, everything: All = False, json: JsonFlag = False) -> None:
    """Let paused tasks, or all of a timing, fire again; what they missed is not run."""
    references = given.some(tasks, everything=everything, example=EXAMPLE)
    home = opened()
    report.changed(home, home.resume(*references, everything=everything), "Resumed", json=json)
