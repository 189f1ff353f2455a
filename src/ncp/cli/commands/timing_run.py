"""`ncp _timing-run`: one firing, where the launcher cannot take its shorter way."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.api import Schedule
from ncp.errors import NotFoundError
from ncp.runner import run_timing

EXAMPLE = "ncp _timing-run weekdays-9am"


def command(
    timing: Annotated[str, typer.Argument(metavar="TIMING", help="The id of a timing.")],
) -> int:
    """Run what is due of a timing. Called by the scheduler of the machine."""
    site = Schedule().site
    if not site.home.ledger.exists():
        raise NotFoundError(
            "There is no schedule here.", where=str(site.home.path), next_step="Set NCP_HOME."
        )
    return run_timing(str(site.home.path), timing)
