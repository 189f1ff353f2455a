"""`ncp _timing-run`: one firing, where the launcher cannot take its shorter way."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.api import Schedule
from ncp.cli import given, output
from ncp.cli.options import JsonFlag
from ncp.errors import DONE, InputError

MISSED = "--missed"
EXAMPLE = "ncp _timing-run weekdays-9am"


def command(
    timing: Annotated[
        str | None, typer.Argument(metavar="TIMING", help="The id of a timing.")
    ] = None,
    missed: Annotated[
        bool, typer.Option(MISSED, help="Fire all timings that have missed a slot.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Only say what it would do; run nothing.")
    ] = False,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When, with --explain; default: now.")
    ] = None,
    json: JsonFlag = False,
) -> int:
    """Run what is due of a timing. Called by the scheduler of the machine."""
    home = Schedule()
    home.upkeep.require_schedule()
    if (timing is None) != missed:
        raise InputError(
            "A firing is of one timing, or of all that have missed a slot.",
            where="ncp _timing-run",
            next_step=f"Write: {EXAMPLE}",
        )
    if not explain:
        _refuse_what_explains(at, json=json)
        return home.upkeep.fire(timing)
    if timing is None:
        raise InputError(
            "Only the decision of one timing can be explained.",
            where=MISSED,
            next_step=f"Write: {EXAMPLE} --explain",
        )
    host = home.host
    moment = None if at is None else given.moment(at, host.now, host.zone, "--at")
    found = home.upkeep.decision(timing, moment)
    if json:
        output.as_json(found)
    else:
        output.facts((key.capitalize(), value) for key, value in found.items())
    return DONE


def _refuse_what_explains(at: str | None, *, json: bool) -> None:
    if at is not None or json:
        raise InputError(
            "A firing is now, and prints nothing.",
            where="--at" if at is not None else "--json",
            next_step="Add --explain to see what one would do.",
        )
